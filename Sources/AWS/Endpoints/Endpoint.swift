internal import Foundation

/// The services that Muster calls.
package enum AWSService: String, Sendable, Hashable, CaseIterable {
    case sts
    case drs
    case ec2
    case iam
    case serviceQuotas = "servicequotas"
    case sns

    /// The name as the environment's `AWS_ENDPOINT_URL_<SERVICE>` has it (AWS SDKs guide, "Service-specific endpoints").
    package var variable: String {
        switch self {
        case .serviceQuotas: "SERVICE_QUOTAS"
        case .sts, .drs, .ec2, .iam, .sns: rawValue.uppercased()
        }
    }
}

/// Where a service of a Region is reached, and what its requests are signed for.
package struct Endpoint: Sendable, Hashable {
    /// `https`, or `http` for an address that someone configured.
    package let scheme: String

    /// The host, with its port where it is not the scheme's own: what the `host` header says.
    package let authority: String

    /// What comes before an operation's path; empty, or begins with a slash and does not end with one.
    package let basePath: String

    /// The Region in the signature's scope.
    package let signingRegion: String

    /// The origin, such as `https://sts.eu-west-1.amazonaws.com`.
    package var origin: String {
        "\(scheme)://\(authority)"
    }

    package init(scheme: String = "https", authority: String, basePath: String = "", signingRegion: String) {
        self.scheme = scheme
        self.authority = authority
        self.basePath = basePath
        self.signingRegion = signingRegion
    }

    /// Reads an `http` or `https` address; nil where it has a user, a query or a fragment, or no host.
    package init?(address: String, signingRegion: String) {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        let isOwnPort = parts.port == nil || parts.port == (scheme == "https" ? 443 : 80)
        self.scheme = scheme
        authority = isOwnPort ? host : "\(host):\(parts.port ?? 0)"
        basePath =
            parts.percentEncodedPath.hasSuffix("/")
            ? String(parts.percentEncodedPath.dropLast()) : parts.percentEncodedPath
        self.signingRegion = signingRegion
    }

    /// Whether the host is this machine, where plain `http` shows nothing to anyone else.
    package var isLoopback: Bool {
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return host == "localhost" || host == "[::1]"
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil })
    }
}
