package import Ambient
package import Conductor
package import Logging
package import PostgreSQL

/// What everything in the hub shares: the database, the conductor, and the three things nobody takes from the air.
package struct HubContext: Sendable {
    package let pool: Pool
    package let conductor: Conductor
    package let ambient: Ambient
    package let logger: Logger

    package init(
        pool: Pool,
        conductor: Conductor,
        ambient: Ambient,
        logger: Logger
    ) {
        self.pool = pool
        self.conductor = conductor
        self.ambient = ambient
        self.logger = logger
    }
}
