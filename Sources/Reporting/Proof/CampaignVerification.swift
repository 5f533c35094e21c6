internal import Ambient
package import Audit
internal import JSON

/// Checks a downloaded report of a campaign, without any hub: its seal, its sums, and against it the reports of its drills.
package struct CampaignVerification: Sendable, Hashable {
    /// What is not as it should be; empty: everything is.
    package private(set) var problems: [String] = []
    /// What was checked, in words.
    package private(set) var checked: [String] = []
    package private(set) var report: CampaignReport?

    /// Whether a file says that it is a campaign's report.
    package static func isCampaign(_ bytes: [UInt8]) -> Bool {
        (try? JSON(parsing: bytes))?["report"]?["identity"]?["campaignId"] != nil
    }

    /// - Parameters:
    ///   - bytes: The file.
    ///   - drills: Files of its drills' reports, as many as are at hand.
    ///   - keys: The verification keys, from where somebody has kept them.
    package init(of bytes: [UInt8], drills: [[UInt8]], keys: AuditKeys) {
        let sealed: SealedCampaignReport
        do {
            sealed = try JSON(parsing: bytes).decoded(as: SealedCampaignReport.self)
        } catch {
            problems = ["It is no campaign's report: \(error)."]
            return
        }
        report = sealed.report
        checkSeal(sealed, raw: bytes, keys)
        let again = CampaignReport.Summary(of: sealed.report.drills, sealed.report.identity)
        expect(again == sealed.report.summary, "The summary is not what follows from the drills.")
        checked.append("the sums over \(sealed.report.drills.count) drills")
        for drill in drills { check(drill, of: sealed.report, keys) }
    }

    private mutating func expect(_ holds: Bool, _ problem: String) {
        if !holds { problems.append(problem) }
    }

    private mutating func checkSeal(_ sealed: SealedCampaignReport, raw: [UInt8], _ keys: AuditKeys) {
        guard let seal = ReportSeal(.campaign, document: sealed.seal.document, signature: sealed.seal.signature),
            let said = try? JSON(parsing: sealed.seal.document.utf8)
        else { return problems.append("It has no seal of a campaign's report.") }
        if let problem = seal.problem(with: raw, keys) { problems.append(problem) }
        let identity = sealed.report.identity
        expect(said["campaignId"]?.string == identity.campaignId.description, "The seal is of another campaign.")
        expect(said["version"]?.integer == Int64(identity.version), "The seal is of another version.")
        expect(said["reportId"]?.string == identity.reportId, "The seal is of another report.")
        checked.append("the signature of key \(seal.keyId) over the content")
    }

    /// A drill's report proves itself, is the one that the campaign names, and says what the campaign says it does.
    private mutating func check(_ bytes: [UInt8], of campaign: CampaignReport, _ keys: AuditKeys) {
        let found = ReportVerification(of: bytes, keys: keys)
        guard let report = found.report else { return problems += found.problems }
        let name = report.identity.planName
        problems += found.problems.map { "\(name): \($0)" }
        guard let drill = campaign.drills.first(where: { $0.executionId == report.identity.executionId }) else {
            return problems.append("\(name): execution \(report.identity.executionId) is not of this campaign.")
        }
        let hash = ReportSeal.hash(of: report.text)
        guard hash == drill.result?.contentHash else {
            return problems.append("\(name): it is not the report (or not its version) that the campaign names.")
        }
        expect(
            drill.result == CampaignReport.Result(report, contentHash: hash),
            "\(name): its report says something else than the campaign."
        )
        checked.append("the report of \(name), which the campaign names")
    }
}
