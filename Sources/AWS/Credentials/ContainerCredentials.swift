internal import Foundation

/// The credentials that ECS, EKS Pod Identity and their like give a container (AWS SDKs guide, "Container credential provider").
///
/// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` names a path on 169.254.170.2; else `AWS_CONTAINER_CREDENTIALS_FULL_URI` a
/// whole address. The request carries `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`'s content, read each time because it is
/// renewed, else `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
package struct ContainerCredentials: CredentialSource {
    private let environment: [String: String]
    private let exchange: HTTPExchange

    package init(environment: [String: String], exchange: HTTPExchange) {
        self.environment = environment
        self.exchange = exchange
    }

    package func credentials() async throws -> Credentials {
        let endpoint = try endpoint()
        var request = SignableRequest(method: "GET", path: "", headers: [("accept", "application/json")])
        if let token = try token() { request.headers.append(("authorization", token)) }
        let answer = try await exchange.askingLocally(request, of: endpoint, attempts: 3)
        return try EndpointCredentials.reading(answer, from: "the container's credential endpoint")
    }

    /// Plain `http` is taken for loopback and for the link-local addresses of ECS and EKS alone.
    private static let containerHosts: Set<String> = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    private func endpoint() throws -> Endpoint {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let path = value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard path.hasPrefix("/") else {
                throw CredentialsFailed("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path")
            }
            return Endpoint(scheme: "http", authority: "169.254.170.2", basePath: path, signingRegion: "")
        }
        guard let address = value("AWS_CONTAINER_CREDENTIALS_FULL_URI") else {
            throw CredentialsAbsent("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set")
        }
        // The query is part of the address that the container was given.
        let halves = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let plain = Endpoint(address: halves[0], signingRegion: ""),
            plain.scheme == "https" || plain.isLoopback || Self.containerHosts.contains(Self.host(of: plain))
        else { throw CredentialsFailed("AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that is not allowed") }
        return Endpoint(
            scheme: plain.scheme,
            authority: plain.authority,
            basePath: (plain.basePath.isEmpty ? "/" : plain.basePath) + (halves.count > 1 ? "?\(halves[1])" : ""),
            signingRegion: ""
        )
    }

    private static func host(of endpoint: Endpoint) -> String {
        let authority = endpoint.authority
        return authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : String(authority.prefix { $0 != ":" })
    }

    private func token() throws -> String? {
        var token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], !file.isEmpty {
            do { token = try String(contentsOfFile: file, encoding: .utf8) } catch {
                throw CredentialsFailed("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read")
            }
            token = token?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let token, !token.isEmpty else { return nil }
        guard !token.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A }) else {
            throw CredentialsFailed("the container's authorization token has a line break")
        }
        return token
    }
}
