internal import AWS
internal import Ambient
internal import Contract
internal import Recovery

/// A job's log as far as it was read: what of it is new, and what it says of each server.
struct LogReading: Sendable {
    /// Items of one report: DRS writes about eight a server.
    static let itemsPerReport = 200
    /// Characters of one item's detail; DRS's raw errors have up to 65,536.
    static let detailLength = 4096

    private struct Key: Hashable {
        let time: String?
        let event: String
        let server: String?
    }

    /// EC2's instance of each server, by LAUNCH_END.
    private(set) var targets: [SourceServerID: String] = [:]
    /// The last thing that failed of each server, with what DRS said.
    private(set) var errors: [SourceServerID: String] = [:]
    /// JOB_END was read.
    private(set) var hasEnd = false
    private var seen: Set<Key> = []
    private var fresh: [JobLogItem] = []
    private var lastRead: Duration?

    func isDue(at elapsed: Duration, every interval: Duration) -> Bool {
        lastRead.map { elapsed - $0 >= interval } ?? true
    }

    mutating func missed(at elapsed: Duration) {
        lastRead = elapsed
    }

    /// Takes the whole log, in any order.
    mutating func read(_ items: [DRS.JobLogItem], at elapsed: Duration, now: Instant) {
        lastRead = elapsed
        let ordered = items.sorted { ($0.logDateTime?.instant ?? now) < ($1.logDateTime?.instant ?? now) }
        for item in ordered {
            let event = item.event?.rawValue ?? ""
            let server = item.eventData?.sourceServerID
            guard seen.insert(Key(time: item.logDateTime?.text, event: event, server: server)).inserted else {
                continue
            }
            if item.event == .jobEnd { hasEnd = true }
            let id = server.flatMap(SourceServerID.init)
            note(item, event: event, of: id)
            fresh.append(
                JobLogItem(
                    at: item.logDateTime?.instant ?? now,
                    event: event,
                    sourceServerId: id,
                    detail: item.eventData.flatMap(Self.detail)
                )
            )
        }
    }

    /// The items that nobody has been told of, oldest first, in reports of a bearable size.
    mutating func takeNew() -> [[JobLogItem]] {
        defer { fresh = [] }
        return stride(from: 0, to: fresh.count, by: Self.itemsPerReport).map {
            Array(fresh[$0..<min($0 + Self.itemsPerReport, fresh.count)])
        }
    }

    private mutating func note(_ item: DRS.JobLogItem, event: String, of id: SourceServerID?) {
        guard let id else { return }
        if let target = item.eventData?.targetInstanceID { targets[id] = target }
        guard event.hasSuffix("_FAIL") || event.hasSuffix("_FAILED") || event == "SERVER_SKIPPED" else { return }
        let reason = item.eventData?.rawError.map { ": \(Self.line($0))" } ?? ""
        errors[id] = String("\(event)\(reason)".prefix(Self.detailLength))
    }

    /// What else an item says, as one line.
    private static func detail(of data: DRS.JobLogEventData) -> String? {
        var parts: [String] = []
        if let conversion = data.conversionServerID { parts.append("conversion server \(conversion)") }
        if let target = data.targetInstanceID { parts.append("target instance \(target)") }
        if let attempt = data.attemptCount {
            parts.append("attempt \(attempt)" + (data.maxAttemptsCount.map { " of \($0)" } ?? ""))
        }
        if let error = data.rawError { parts.append(line(error)) }
        return parts.isEmpty ? nil : String(parts.joined(separator: "; ").prefix(detailLength))
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
