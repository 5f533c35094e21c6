package import OrderedCollections

/// An account whose roles can be assumed.
package struct Account: Sendable {
    /// Twelve digits.
    package let id: String
    package let name: String
    /// What AssumeRole must bring; nil: nobody has told the account yet, so that every AssumeRole is denied.
    package internal(set) var externalID: String?
    /// ARNs of the principals that may assume its roles; nil: any principal of this world.
    package internal(set) var spokePrincipals: [String]?
    /// Its roles by name; none: every name is a role that may do everything.
    package let roles: OrderedDictionary<String, Role>

    /// A role, with what its policy leaves out.
    package struct Role: Sendable {
        package let name: String
        /// Actions in IAM's spelling, as `drs:StartRecovery`; `drs:*` for all of a service.
        package let denied: [String]

        package init(name: String, denied: [String] = []) {
            self.name = name
            self.denied = denied
        }

        /// Says whether the policy allows the action.
        func allows(_ action: String) -> Bool {
            let (service, action) = (action.prefix { $0 != ":" }.lowercased(), action.lowercased())
            return !denied.contains { $0.lowercased() == action || $0.lowercased() == "\(service):*" || $0 == "*" }
        }
    }

    package init(
        id: String,
        name: String = "",
        externalID: String? = nil,
        spokePrincipals: [String]? = nil,
        roles: some Sequence<Role> = []
    ) {
        self.id = id
        self.name = name
        self.externalID = externalID
        self.spokePrincipals = spokePrincipals
        self.roles = OrderedDictionary(roles.map { ($0.name, $0) }) { first, _ in first }
    }

    func role(_ name: String) -> Role? {
        roles.isEmpty ? Role(name: name) : roles[name]
    }
}
