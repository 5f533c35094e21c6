import Ambient
import Commands
import Contract
import Foundation
import JSON
import Recovery

/// Waits that end at once, so that retries take no time.
struct HurriedTime: TimeSource {
    func now() -> Instant { SystemTime().now() }
    func elapsed() -> Duration { SystemTime().elapsed() }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        await Task.yield()
    }
}

extension HubClient {
    /// Runs a client of a played hub, which retries at once unless it is given another clock.
    static func of<Answer>(
        _ hub: PlayedHub,
        time: any TimeSource = HurriedTime(),
        _ body: (HubClient) async throws -> Answer
    ) async throws -> Answer {
        let ambient = Ambient(time: time)
        return try await running(at: HubAddress(hub.address), token: "secret", ambient: ambient, body)
    }
}

enum Sample {
    static let start = Instant(milliseconds: 1_795_719_280_000)
    static let executionId = "019a0000-0000-7000-8000-000000000001"
    static let planId = "019a0000-0000-7000-8000-000000000002"

    static func servers(_ statuses: [ServerStatus]) -> [JSON] {
        statuses.enumerated().map { number, status in
            [
                "sourceServerId": "s-1111111111111111\(String(number % 10))", "hostname": "web-\(number)",
                "accountId": "111122223333", "region": "us-east-1", "impact": "CRITICAL",
                "status": .string(status.rawValue), "attempts": 1,
                "error": status == .failed ? "LAUNCH_FAILED: no capacity" : .null,
            ]
        }
    }

    static func wave(_ number: Int, _ name: String, _ status: WaveStatus, _ servers: [ServerStatus]) -> JSON {
        [
            "waveNumber": .integer(Int64(number)), "name": .string(name), "status": .string(status.rawValue),
            "waitingFor": status == .paused ? ["kind": "PAUSE"] : .null,
            "startedAt": status == .pending || status == .paused ? .null : .string("\(start)"),
            "jobs": [], "servers": .array(self.servers(servers)),
        ]
    }

    /// An execution as a hub answers it.
    static func execution(_ status: ExecutionStatus, waves: [JSON], plan: String = "Payroll") -> JSON {
        let servers = waves.flatMap { $0["servers"]?.array ?? [] }
        func count(_ status: ServerStatus) -> JSON {
            .integer(Int64(servers.count { $0["status"]?.string == status.rawValue }))
        }
        let counts: JSON = [
            "total": .integer(Int64(servers.count)), "pending": count(.pending), "queued": count(.queued),
            "inProgress": count(.inProgress), "launched": count(.launched), "failed": count(.failed),
            "skipped": count(.skipped), "cancelled": count(.cancelled),
        ]
        let verdict: JSON =
            status.isTerminal
            ? [
                "result": status == .completed ? "PASS" : "FAIL",
                "reasons": [["code": "SOME_CODE", "text": "Some reason."]],
            ]
            : .null
        return [
            "executionId": .string(executionId), "planId": .string(planId), "planName": .string(plan),
            "planRevision": 1, "executionType": "DRILL", "status": .string(status.rawValue), "startedBy": "ada",
            "startedAt": .string("\(start)"),
            "endedAt": status.isTerminal ? .string("\(start + .seconds(753))") : .null,
            "totalWaves": .integer(Int64(waves.count)), "counts": counts, "waves": .array(waves), "verdict": verdict,
            "instancesTerminated": false,
            "recoveryTime": ["objectiveSeconds": 3600, "elapsedSeconds": 192, "forecastSeconds": 1200],
            "revision": 1, "aFieldOfTheFuture": true,
        ]
    }

    static func entry(_ sequence: Int, _ event: String, _ label: String) -> JSON {
        [
            "sequence": .integer(Int64(sequence)), "at": .string("\(start + .seconds(sequence))"),
            "event": .string(event), "waveNumber": 0, "label": .string(label), "outsideScope": false,
        ]
    }

    static func page(_ items: [JSON], next: String? = nil) -> String {
        let page: JSON = ["items": .array(items), "nextToken": next.map { .string($0) } ?? .null]
        return page.text
    }
}

/// A directory of one test's own.
func withDirectory<Answer>(_ body: (URL) async throws -> Answer) async throws -> Answer {
    let identifier = Ambient().identifier(for: PlayedHub.self)
    let directory = FileManager.default.temporaryDirectory.appending(path: "muster-\(identifier)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory)
}
