package import AWS
package import Ambient
package import Logging
package import Recovery

/// What every performance needs from the program around it.
package struct Equipment: Sendable {
    /// The spoke's name, which CloudTrail shows.
    package let name: String
    package let client: AWSClient
    /// The spoke's own credentials, with which roles are assumed.
    package let credentials: any CredentialSource
    package let hub: HubClient
    package let badge: Badge
    package let leases: Watched<LeaseClock>
    package let cadence: Cadence
    package let ambient: Ambient
    package let logger: Logger

    package init(
        name: String,
        client: AWSClient,
        credentials: any CredentialSource,
        hub: HubClient,
        badge: Badge,
        leases: Watched<LeaseClock>,
        cadence: Cadence,
        ambient: Ambient,
        logger: Logger
    ) {
        self.name = name
        self.client = client
        self.credentials = credentials
        self.hub = hub
        self.badge = badge
        self.leases = leases
        self.cadence = cadence
        self.ambient = ambient
        self.logger = logger
    }
}
