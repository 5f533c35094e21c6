internal import Ambient
package import Audit
internal import JSON
internal import OpenSSL
internal import Recovery

/// Checks a downloaded report against its own evidence, without any hub.
///
/// It recomputes what can be: the signature over the seal, the hash of the content, the hash of every event of the journal
/// up to its head, the hash of the plan, and the figures that follow from journal and plan.
package struct ReportVerification: Sendable, Hashable {
    /// What is not as it should be; empty: everything is.
    package private(set) var problems: [String] = []
    /// What was checked, in words.
    package private(set) var checked: [String] = []
    package private(set) var report: Report?

    /// - Parameters:
    ///   - bytes: The file.
    ///   - keys: The verification keys, from where somebody has kept them.
    package init(of bytes: [UInt8], keys: AuditKeys) {
        let sealed: SealedReport
        do {
            sealed = try JSON(parsing: bytes).decoded(as: SealedReport.self)
        } catch {
            problems = ["It is no drill report: \(error)."]
            return
        }
        report = sealed.report
        checkSeal(sealed, raw: bytes, keys)
        checkJournal(sealed.report)
        checkPlan(sealed.report)
        checkFigures(sealed.report)
    }

    private mutating func expect(_ holds: Bool, _ problem: String) {
        if !holds { problems.append(problem) }
    }

    private mutating func checkSeal(_ sealed: SealedReport, raw: [UInt8], _ keys: AuditKeys) {
        guard let seal = ReportSeal(document: sealed.seal.document, signature: sealed.seal.signature),
            let said = try? JSON(parsing: sealed.seal.document.utf8)
        else { return problems.append("It has no seal.") }
        if let problem = seal.problem(with: raw, keys) { problems.append(problem) }
        let report = sealed.report
        expect(
            said["executionId"]?.string == report.identity.executionId.description,
            "The seal is of another execution."
        )
        expect(said["version"]?.integer == Int64(report.identity.version), "The seal is of another version.")
        expect(said["reportId"]?.string == report.identity.reportId, "The seal is of another report.")
        expect(said["journalHead"]?.string == report.evidence.journalHead, "The seal names another journal head.")
        expect(said["planHash"]?.string == report.identity.planHash, "The seal names another plan.")
        checked.append("the signature of key \(seal.keyId) over the content")
    }

    private mutating func checkJournal(_ report: Report) {
        var chain = JournalChain(of: report.identity.executionId.description)
        for (index, entry) in report.evidence.journal.enumerated() where !chain.isBroken {
            chain.take(sequence: index + 1, text: entry.event, hash: entry.hash)
            expect(!chain.isBroken, "Event \(index + 1) of the journal is not as it was written.")
        }
        expect(
            chain.place.sequence == report.evidence.journalSequence && chain.place.hash == report.evidence.journalHead,
            "The journal does not end where the report says."
        )
        checked.append("\(report.evidence.journal.count) events of the journal")
    }

    private mutating func checkPlan(_ report: Report) {
        let hash = Hex.encode(SHA256.digest(Array(report.evidence.plan.utf8)))
        expect(hash == report.identity.planHash, "The plan is not the one whose hash the report has.")
        checked.append("the plan")
    }

    private mutating func checkFigures(_ report: Report) {
        let facts = report.evidence.journal.compactMap { JournalFact(event: $0.event) }
        let course = Course(facts)
        let launches = Set(facts.filter { $0.kind == .serverLaunched }.compactMap(\.sourceServerId))
        for server in report.servers where server.status == .launched {
            expect(
                launches.contains(server.sourceServerId),
                "\(server.sourceServerId) is said to be launched; the journal does not say so."
            )
        }
        let counts = report.summary.counts
        expect(
            counts.launched == report.servers.count { $0.status == .launched }
                && counts.failed == report.servers.count { $0.status == .failed }
                && counts.servers == report.servers.count,
            "The counts of the summary are not those of the servers."
        )
        expect(course.start == report.identity.startedAt, "The start is not the one in the journal.")
        let anatomy = report.recoveryTime.anatomy
        let identity = report.identity
        expect(
            anatomy.from == min(identity.declaredAt ?? identity.startedAt, identity.startedAt),
            "The recovery time does not begin at the declaration, or the start."
        )
        let ends = facts.filter { $0.kind == .serverLaunched }.map(\.at)
        expect(
            identity.endedAt == nil || !report.recoveryTime.isReached || ends.contains(anatomy.to),
            "The recovery time does not end with a launch in the journal."
        )
        let last = report.identity.endedAt == nil ? nil : report.lastLaunched
        let again = RecoveryTimeAnatomy(
            facts,
            plan: report.plan.waves.map(\.dependsOnWaves),
            from: anatomy.from,
            to: anatomy.to,
            endingWith: last
        )
        expect(again == anatomy, "The recovery time is not what follows from the journal.")
        checked.append("recovery time, counts and \(report.servers.count) servers against the journal")
    }
}

extension Report {
    /// The server that was launched last, the first such in the plan's order.
    fileprivate var lastLaunched: String? {
        servers.filter { $0.status == .launched }.max {
            ($0.endedAt ?? identity.startedAt) < ($1.endedAt ?? identity.startedAt)
        }?.sourceServerId
    }
}
