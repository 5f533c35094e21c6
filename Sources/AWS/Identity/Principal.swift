/// Who AWS says a caller is: the parts of an ARN of IAM or STS.
package struct Principal: Sendable, Hashable, CustomStringConvertible {
    /// What kind of principal it is, with its name; a path has its slashes on both ends (`/` where there is none).
    package enum Kind: Sendable, Hashable {
        /// `arn:aws:iam::…:role/path/Name`, which is how a role is registered.
        case role(path: String, name: String)

        /// `arn:aws:sts::…:assumed-role/Name/session`, which is how a role calls: without its path.
        case assumedRole(name: String, session: String)

        /// `arn:aws:iam::…:user/path/Name`.
        case user(path: String, name: String)

        /// `arn:aws:sts::…:federated-user/Name`.
        case federatedUser(name: String)

        /// `arn:aws:iam::…:root`.
        case root
    }

    /// The partition: `aws`, `aws-us-gov`, `aws-eusc` or `aws-cn`.
    package let partition: String

    /// The account's twelve digits.
    package let account: String

    package let kind: Kind

    /// The ARN as it was given.
    package let description: String

    /// Reads an ARN; nil for what is no principal, has a wildcard, or has more or fewer parts than its kind has.
    package init?(arn: String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard arn.utf8.count <= Self.longestARN, arn.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !arn.contains(where: { "*?\"\\".contains($0) }),
            parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, parts[3].isEmpty, Self.isAccount(parts[4])
        else { return nil }
        guard let kind = Self.kind(of: parts[5], in: parts[2]) else { return nil }
        partition = String(parts[1])
        account = String(parts[4])
        self.kind = kind
        description = arn
    }

    /// Whether this caller is the registered principal: same partition, same account, same name, nothing else.
    ///
    /// A registered role matches any session of it. An assumed-role ARN carries no path, so that of a role's path and
    /// name the last element alone is compared; two roles of one account cannot share it. Users match with their path.
    /// There are no wildcards, and the case of letters matters.
    package func matches(_ registered: Principal) -> Bool {
        guard partition == registered.partition, account == registered.account else { return false }
        switch (kind, registered.kind) {
        case (.assumedRole(let name, _), .role(_, let registeredName)): return name == registeredName
        case (.role, _), (.assumedRole, _), (.user, _), (.federatedUser, _), (.root, _): return kind == registered.kind
        }
    }

    /// Twelve digits make an account's number.
    package static func isAccount(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// AWS's longest ARN of a principal is below this (IAM: path 512, name 64, session 64 characters).
    private static let longestARN = 1024

    private static func kind(of resource: Substring, in service: Substring) -> Kind? {
        let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }), let last = parts.last.map(String.init) else { return nil }
        let path = "/" + parts.dropFirst().dropLast().map { "\($0)/" }.joined()
        switch (service, parts[0], parts.count) {
        case ("sts", "assumed-role", 3): return .assumedRole(name: String(parts[1]), session: last)
        case ("sts", "federated-user", 2): return .federatedUser(name: last)
        case ("iam", "role", 2...): return .role(path: path, name: last)
        case ("iam", "user", 2...): return .user(path: path, name: last)
        case ("iam", "root", 1): return .root
        default: return nil
        }
    }
}
