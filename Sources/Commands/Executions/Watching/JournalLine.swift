internal import Ambient
package import Contract
internal import Recovery

/// An event of the journal as one plain line: when in UTC, where, what, and the details.
package enum JournalLine {
    /// - Parameters:
    ///   - entry: The event.
    ///   - waves: The names of the execution's waves by their numbers.
    /// - Returns: The line, without its end.
    package static func text(_ entry: JournalView, waves: [Int: String]) -> String {
        var parts = [ClockText.of(entry.at)]
        if let number = entry.waveNumber {
            parts.append("wave \(number)" + (waves[number].map { " \($0)" } ?? ""))
        }
        parts.append(entry.event.rawValue.lowercased().replacing("_", with: " "))
        if let server = entry.sourceServerId { parts.append(server.rawValue) }
        if let instance = entry.recoveryInstanceId { parts.append(instance) }
        if let job = entry.jobId { parts.append(job) }
        if let account = entry.accountId, let region = entry.region { parts.append("\(account)/\(region)") }
        if let label = entry.label { parts.append(label) }
        if let person = entry.by { parts.append("by \(person)") }
        if let text = entry.text, !text.isEmpty, text != entry.label { parts.append(text) }
        return parts.map(\.printable).joined(separator: "  ")
    }

    /// How an execution ended, in one line, and what stands against it, a line each.
    package static func ending(of execution: ExecutionView) -> [String] {
        let counts = execution.counts
        let time = execution.endedAt.map { ($0 - execution.startedAt).milliseconds / 1000 }
        var line = "\(execution.status.rawValue)"
        if let verdict = execution.verdict { line += ": \(verdict.result.rawValue)" }
        line += ", \(counts.launched) of \(counted(counts.total, "server")) launched"
        if let time { line += " in \(ClockText.of(seconds: Int(time)))" }
        return [line] + (execution.verdict?.reasons ?? []).map { "  \($0.text.printable) (\($0.code))" }
    }
}
