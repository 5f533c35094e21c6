internal import AWS

/// A principal as the hub keeps it: for an assumed role without its session, so that a spoke that starts again, under
/// whatever session name, is the same one.
struct AgentPrincipal: Sendable, Hashable, CustomStringConvertible {
    /// The ARN; of an assumed role without the session.
    let description: String
    private let principal: Principal

    init(_ principal: Principal) {
        self.principal = principal
        if case .assumedRole(let name, _) = principal.kind {
            description = "arn:\(principal.partition):sts::\(principal.account):assumed-role/\(name)"
        } else {
            description = principal.description
        }
    }

    /// Reads what was kept.
    init?(stored text: String) {
        // A session's name is added, for an ARN without one is not an assumed role's.
        guard let principal = Principal(arn: text) ?? Principal(arn: "\(text)/stored") else { return nil }
        self.init(principal)
    }

    /// Whether one of the registered ARNs is this principal: partition, account and name, nothing less.
    func isAmong(_ registered: [String]) -> Bool {
        registered.compactMap { Principal(arn: $0) }.contains { principal.matches($0) }
    }
}
