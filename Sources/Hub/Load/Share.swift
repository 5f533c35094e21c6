/// Who shares a budget of requests in flight: a crowd of one kind must not starve the others.
package enum Share: String, Sendable, CaseIterable {
    /// What moves executions on: heartbeats with their reports, and the opening of streams of commands.
    case work
    /// What spokes ask beside it: to be let in, for which STS is asked, and inventories, which are long.
    case spokes
    /// People and their programs.
    case people
    /// What operators and load balancers ask.
    case health

    /// By the path as it is bound; nil where no budget holds: to say that the hub lives costs nothing, and whoever is not
    /// told thinks that it does not.
    package init?(route: String) {
        switch route {
        case "/health/live": return nil
        case "/agent/v1/progress", "/agent/v1/commands": self = .work
        case "/health/ready", "/metrics": self = .health
        default: self = route.hasPrefix("/agent/") ? .spokes : .people
        }
    }
}
