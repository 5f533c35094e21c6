internal import Ambient
internal import Recovery
internal import TestKit

/// How a world goes from its beginning to its end.
extension World {
    private static let calm = Duration.seconds(1200)
    /// Longer than anything lasts but a pause.
    private static let week = Duration.seconds(7 * 86_400)
    private static let year = Duration.seconds(Limits.pauseSeconds)

    /// Faults, then calm; people or a year; then the clean-up.
    ///
    /// What must have come about after each is looked at.
    mutating func run() {
        run(until: .sample + Self.calm)
        isFaulty = false
        foreignJobs = [:]
        settle()
        guard breaches.isEmpty else { return }
        for execution in executions where execution.phase != .ended && !Self.isWaiting(execution) {
            breach(.liveness, "\(execution.status): \(execution.waves.map(\.status))")
        }
        guard breaches.isEmpty else { return }
        if random.happens(0.25) { letAYearGoBy() } else { letPeopleDecide() }
        guard breaches.isEmpty else { return }
        cleanUp()
    }

    private mutating func settle() {
        run(until: now + Self.week)
    }

    /// Whether only a person can make it go on.
    private static func isWaiting(_ execution: Execution) -> Bool {
        let isHeld = execution.control.isHolding
        return execution.status == .paused && (isHeld || execution.waves.contains { $0.waitingFor != nil })
    }

    private mutating func letPeopleDecide() {
        for _ in 0..<20 where executions.contains(where: { $0.phase != .ended }) {
            decideAll()
            settle()
        }
        guard breaches.isEmpty else { return }
        for execution in executions where execution.phase != .ended {
            breach(.people, "\(execution.status): \(execution.waves.map(\.status))")
        }
    }

    private mutating func letAYearGoBy() {
        let waiting = executions.indices.filter { executions[$0].phase != .ended }
        run(until: now + Self.year + Self.week)
        guard breaches.isEmpty else { return }
        for index in waiting {
            sights.insert("a year")
            let execution = executions[index]
            let codes = execution.verdict?.reasons.map(\.code) ?? []
            if execution.status != .cancelled || codes.first != "PAUSE_EXPIRED" {
                breach(.year, "\(execution.status) \(codes)")
            }
        }
    }

    private mutating func cleanUp() {
        for round in 0..<6 where executions.contains(where: { !$0.areInstancesTerminated }) {
            isFaulty = round < 2
            for index in executions.indices { receive(.terminationRequested(by: "ada"), index) }
            run(until: now + .seconds(600))
            isFaulty = false
            settle()
            for execution in executions where execution.control.cleanUp?.state == .partial { sights.insert("partly") }
            checkInstances()
        }
        guard breaches.isEmpty else { return }
        for execution in executions where !execution.areInstancesTerminated {
            breach(.cleanUp, "\(execution.status): \(String(describing: execution.control.cleanUp))")
        }
    }

    private mutating func checkInstances() {
        for execution in executions where execution.areInstancesTerminated {
            for server in execution.servers where instances.contains(server.sourceServerId) {
                breach(.instances, "\(server.sourceServerId) runs on")
            }
        }
    }
}
