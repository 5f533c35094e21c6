package import Ambient
package import Contract

/// What a performance says, on its way to the hub.
package struct Reporter: Sendable {
    let command: AgentCommand
    let outbox: Watched<Outbox>
    let time: any TimeSource

    package init(command: AgentCommand, outbox: Watched<Outbox>, time: any TimeSource) {
        self.command = command
        self.outbox = outbox
        self.time = time
    }

    /// Puts a report into the outbox; waits while that is full, which slows the performance instead of losing anything.
    ///
    /// - Throws: `CancellationError` when the work was dropped.
    package func report(_ event: ProgressEvent) async throws {
        let (command, now) = (command, time.now())
        while true {
            try await outbox.when { $0.hasRoom ? true : nil }
            let isIn = outbox.change { outbox in
                guard outbox.hasRoom else { return false }
                outbox.append(event, of: command.reported, attempt: command.attempt, at: now)
                return true
            }
            if isIn { return }
        }
    }
}
