internal import Ambient
internal import Recovery

extension CampaignReport {
    /// One row a drill (RFC 4180), UTF-8.
    package var csv: String {
        let columns = [
            "campaignName", "reportVersion", "number", "planName", "application", "owner", "accountIds", "state",
            "verdict", "begunAt", "endedAt", "lastLaunchAt", "servers", "launched", "failed", "recoverySeconds",
            "objectiveSeconds",
            "marginSeconds", "openFindings", "instancesLeft", "executionId", "reportId", "contentHash", "detail",
        ]
        let rows = drills.map { drill -> String in
            let (result, time) = (drill.result, drill.result?.results.first)
            let texts: [String?] = [
                identity.campaignName, String(identity.version), String(drill.number), drill.planName,
                result?.application, result?.owner, drill.accountIds.joined(separator: " "), drill.state.rawValue,
                result?.verdict?.result.rawValue, drill.begunAt?.description, drill.endedAt?.description,
                result?.lastLaunchAt?.description, result.map { String($0.counts.servers) },
                result.map { String($0.counts.launched) }, result.map { String($0.counts.failed) },
                time?.actualSeconds.map(String.init), time?.targetSeconds.map(String.init),
                time?.marginSeconds.map(String.init), result.map { String($0.findings.count { $0.state == .open }) },
                result.map { String($0.cleanUp.left) }, drill.executionId?.description, result?.reportId,
                result?.contentHash, drill.detail,
            ]
            return texts.map { CSVField.text(of: $0 ?? "") }.joined(separator: ",")
        }
        return ([columns.joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n"
    }
}
