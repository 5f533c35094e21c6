internal import AWS
internal import Ambient
package import Contract
package import Recovery

/// Performs a command of any kind; which kind is done how stands in the folder `Performing`.
package struct Performers: Sendable {
    private let places: Places
    private let equipment: Equipment

    package init(places: Places, equipment: Equipment) {
        self.places = places
        self.equipment = equipment
    }

    /// Performs a command to its end, the last report included; `lease` says what is known of its lease.
    package func perform(
        _ command: AgentCommand,
        lease: @escaping @Sendable () -> GrantedLease?,
        reporter: Reporter
    ) async throws {
        let place = try places.place(command.place)
        let check = LeaseCheck(leases: equipment.leases, lease: lease, time: equipment.ambient.time)
        switch command.work {
        case .launch(let launch):
            try await LaunchPerformance(
                launch: launch,
                place: place,
                lease: check,
                reporter: reporter,
                cadence: equipment.cadence,
                time: equipment.ambient.time,
                logger: equipment.logger
            ).perform()
        case .terminateInstances(let termination):
            try await TerminationPerformance(
                termination: termination,
                place: place,
                lease: check,
                reporter: reporter,
                cadence: equipment.cadence,
                time: equipment.ambient.time,
                logger: equipment.logger
            ).perform()
        case .syncInventory(let sync):
            try await InventoryPerformance(sync: sync, place: place, equipment: equipment).perform()
            try await reporter.report(.done)
        case .validateAccess:
            let checks = try await AccessPerformance(place: place, equipment: equipment).checks()
            try await reporter.report(.access(checks))
            try await reporter.report(.done)
        case .checkServers(let look):
            try await LookPerformance(look: look, place: place, reporter: reporter).perform()
        case .publish(let message):
            _ = try await place.sns.publish(
                to: message.topicArn,
                subject: message.subject,
                message: message.message
            )
            try await reporter.report(.done)
        }
    }
}
