import Ambient
import Audit
import JSON
import OpenSSL
import OrderedCollections
import Recovery
import Reporting
import TestKit
import Testing

@Suite struct `A downloaded report` {
    private static func sealed(_ seed: UInt64 = 5) throws -> SealedReport {
        let report = Report.sample(seed)
        return SealedReport(report, try ReportSeal(report, by: .sample()))
    }

    @Test(arguments: [5, 50, 500] as [UInt64]) func `is proved by its own evidence`(seed: UInt64) throws {
        let keys = try SealKeys.sample().publicKeys
        let verification = ReportVerification(of: try Self.sealed(seed).bytes, keys: keys)
        #expect(verification.problems == [])
        #expect(verification.checked.count == 4)
    }

    @Test func `is written as it was hashed, which is what encoding it makes`() throws {
        let sealed = try Self.sealed()
        #expect(sealed.jsonText == (try JSON(encoding: sealed).canonicalText))
        let read = try JSON(parsing: sealed.bytes).decoded(as: SealedReport.self)
        #expect(read.report == sealed.report && read.jsonText == sealed.jsonText)
    }

    /// Ways to alter a report; each must be missed by nothing, even by whoever can sign it anew.
    static let alterations: [(name: String, alter: @Sendable (inout Report) -> Void)] = [
        (
            "a verdict",
            { $0.summary.verdict = Verdict(result: $0.summary.verdict?.result == .pass ? .fail : .pass, reasons: []) }
        ),
        (
            "an event's text",
            { $0.evidence.journal[1].event = $0.evidence.journal[1].event.replacing("WAVE", with: "WAGE") }
        ),
        ("the end of the journal", { $0.evidence.journal.removeLast() }),
        ("an event's place", { $0.evidence.journal.swapAt(1, 2) }),
        ("the plan", { $0.evidence.plan = $0.evidence.plan.replacing("host-1", with: "host-2") }),
        ("a server's result", { $0.servers[0].status = $0.servers[0].status == .launched ? .failed : .launched }),
        ("a count", { $0.summary.counts.launched += 1 }),
        ("the recovery time", { $0.recoveryTime.anatomy.to = $0.recoveryTime.anatomy.to - .seconds(1) }),
        ("a segment", { $0.recoveryTime.anatomy.segments[0].what = "nothing" }),
        (
            "a recovery time that ends earlier and adds up",
            { report in
                let facts = report.evidence.journal.compactMap { JournalFact(event: $0.event) }
                let last = report.recoveryTime.anatomy.segments.last?.sourceServerId
                report.recoveryTime.anatomy = RecoveryTimeAnatomy(
                    facts,
                    plan: report.plan.waves.map(\.dependsOnWaves),
                    from: report.recoveryTime.anatomy.from,
                    to: report.recoveryTime.anatomy.to - .milliseconds(1),
                    endingWith: last
                )
            }
        ),
        ("the start", { $0.identity.startedAt = $0.identity.startedAt + .seconds(1) }),
    ]

    @Test(arguments: alterations.indices) func `is not believed once it was altered`(index: Int) throws {
        var sealed = try Self.sealed()
        Self.alterations[index].alter(&sealed.report)
        let keys = try SealKeys.sample()
        let found = ReportVerification(of: sealed.bytes, keys: keys.publicKeys)
        #expect(!found.problems.isEmpty, "\(Self.alterations[index].name)")
        if Self.alterations[index].name == "an event's text" {
            #expect(found.problems.contains("Event 2 of the journal is not as it was written."))
        }
        // Nor when somebody signs it again: the evidence speaks against it. Only the verdict is a judgement.
        guard index > 0 else { return }
        let again = SealedReport(sealed.report, try ReportSeal(sealed.report, by: keys))
        #expect(!ReportVerification(of: again.bytes, keys: keys.publicKeys).problems.isEmpty, "signed again")
    }

    @Test func `is not believed under another's key`() throws {
        let other = try SealKeys(seeds: [SecretBytes(taking: Array(repeating: 8, count: 32))])
        let unknown = ReportVerification(of: try Self.sealed().bytes, keys: other.publicKeys)
        #expect(unknown.problems.count == 1)
        // A key that passes itself off as the one by its name.
        let id = try SealKeys.sample().signingId
        let forged = AuditKeys([id: other.signing.publicKey])
        #expect(!ReportVerification(of: try Self.sealed().bytes, keys: forged).problems.isEmpty)
    }

    @Test func `is not believed with a member that nobody knows`() throws {
        let sealed = try Self.sealed()
        var json = try #require(try JSON(parsing: sealed.bytes).object)
        var report = try #require(json["report"]?.object)
        report["remark"] = "all is well"
        json["report"] = .object(report)
        let keys = try SealKeys.sample().publicKeys
        let found = ReportVerification(of: JSON.object(json).canonicalBytes, keys: keys)
        #expect(found.problems == ["The content is not what was signed."])
    }
}
