internal import Ambient
internal import Recovery

extension Report {
    /// The columns of the table of servers, in their order.
    package static let csvColumns = [
        "executionId", "planName", "reportVersion", "sourceServerId", "hostname", "accountId", "region", "waveNumber",
        "impact", "status", "launchStatus", "jobId", "recoveryInstanceId", "recoveryPoint", "attempts", "startedAt",
        "endedAt", "launchSeconds", "replicationState", "lagSeconds", "lagAsOf", "withinRecoveryPointObjective",
        "instanceState", "terminatedAt", "jobLogItems", "error", "note",
    ]

    /// One row a server (RFC 4180), UTF-8.
    package var csv: String {
        let rows = servers.map { server in
            let texts: [String?] = [
                identity.executionId.description, identity.planName, String(identity.version), server.sourceServerId,
                server.hostname, server.accountId, server.region, String(server.waveNumber), server.impact,
                server.status.rawValue, server.launchStatus, server.jobId, server.recoveryInstanceId,
                server.recoveryPoint, String(server.attempts), server.startedAt?.description,
                server.endedAt?.description, server.launchSeconds.map(String.init), server.replicationState,
                server.lagSeconds.map(String.init), server.lagAsOf?.description,
                server.isWithinRecoveryPointObjective.map(String.init), server.instanceState?.rawValue,
                server.terminatedAt?.description, String(server.jobLogItems), server.error, server.note,
            ]
            return texts.map { CSVField.text(of: $0 ?? "") }.joined(separator: ",")
        }
        return ([Self.csvColumns.joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n"
    }
}

/// A field that a spreadsheet shows and does not run.
package enum CSVField {
    /// What makes a spreadsheet take a field for a formula (OWASP, "CSV Injection"), and the full-width forms that some
    /// take for the same.
    private static let openings: Set<Character> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\r\n", "＝", "＋", "－", "＠", "|", "%",
    ]

    /// The field, quoted always; an apostrophe stands before what would be a formula.
    package static func text(of value: String) -> String {
        // Spreadsheets leave blanks before a formula out.
        let first = value.first { $0 != " " && $0 != "\u{A0}" && $0 != "\u{FEFF}" }
        let isNumber = Int(value) != nil
        let guarded = !isNumber && first.map(openings.contains) == true ? "'" + value : value
        // NUL ends a field in some readers, and the rest of the row is read as the next.
        let clean = guarded.filter { $0 != "\0" }
        return "\"" + clean.replacing("\"", with: "\"\"") + "\""
    }
}
