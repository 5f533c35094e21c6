/// What of an object lies in accounts outside the caller's scope: it is counted, and not shown.
package struct OutsideScope: Codable, Sendable, Hashable {
    package var servers: Int
    package var jobs: Int
    package var groups: Int

    package init(
        servers: Int = 0,
        jobs: Int = 0,
        groups: Int = 0
    ) {
        self.servers = servers
        self.jobs = jobs
        self.groups = groups
    }

    /// Nil where there is nothing to count.
    package var ifAny: OutsideScope? {
        servers + jobs + groups > 0 ? self : nil
    }
}
