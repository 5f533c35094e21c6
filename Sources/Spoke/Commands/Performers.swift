internal import AWS
internal import Ambient
internal import Contract

/// Performs a command of any kind; which kind is done how stands in the folder `Performing`.
package struct Performers: Sendable {
    private let places: Places
    private let equipment: Equipment

    package init(places: Places, equipment: Equipment) {
        self.places = places
        self.equipment = equipment
    }

    /// Performs a command to its end, the last report included.
    package func perform(_ received: Received, reporter: Reporter) async throws {
        let command = received.command
        let place = try places.place(command.place)
        let lease = LeaseCheck(leases: equipment.leases, received: received.at, time: equipment.ambient.time)
        switch command.work {
        case .launch(let launch):
            try await LaunchPerformance(
                launch: launch,
                place: place,
                lease: lease,
                reporter: reporter,
                cadence: equipment.cadence,
                time: equipment.ambient.time,
                logger: equipment.logger
            ).perform()
        case .terminateInstances(let termination):
            try await TerminationPerformance(
                termination: termination,
                place: place,
                lease: lease,
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
