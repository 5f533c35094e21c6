internal import Ambient
internal import AsyncHTTPClient
internal import Foundation
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// A program's own credentials, for which a token endpoint gives a token (RFC 6749 section 4.4).
struct ClientCredentials {
    let id: String
    let secret: String
    /// Blank-separated; nil: all that the program may have.
    let scope: String?

    /// Asks for a token.
    ///
    /// - Parameters:
    ///   - endpoint: The whole address, such as `https://login.example.com/oauth2/token`.
    ///   - ambient: The time, from which the token's end counts.
    /// - Returns: The token, and when it ends where the endpoint says so.
    /// - Throws: `Trouble`, `Unreachable`.
    func token(from endpoint: String, _ ambient: Ambient) async throws -> (token: String, end: Instant?) {
        guard let parts = URLComponents(string: endpoint), let scheme = parts.scheme, let host = parts.host else {
            throw Trouble("\(endpoint) is not an address", code: "TOKEN_ENDPOINT", status: .usage)
        }
        // Bound by the same rule as the hub: a secret crosses no network in the clear.
        let origin = try HubAddress("\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? ""))
        return try await HubClient.running(at: origin, token: nil, ambient: ambient) { client in
            let asked = ambient.now
            let answer = try await client.ask(request(to: endpoint))
            guard let token = answer["access_token"]?.string else {
                throw Trouble("The token endpoint's answer has no token", code: "SIGN_IN_REFUSED")
            }
            return (token, answer["expires_in"]?.integer.map { asked + .seconds($0) })
        }
    }

    private func request(to endpoint: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        let pair = "\(PercentText.encoded(id)):\(PercentText.encoded(secret))"
        request.headers.add(name: "authorization", value: "Basic \(Data(pair.utf8).base64EncodedString())")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        let scope = scope.map { "&scope=\(PercentText.encoded($0))" } ?? ""
        request.body = .bytes(Array("grant_type=client_credentials\(scope)".utf8))
        return request
    }
}

extension HubClient {
    /// Asks a token endpoint, which answers JSON in success and failure.
    fileprivate func ask(_ request: HTTPClientRequest) async throws -> JSON {
        let response = try await open(request, until: .now() + .seconds(30))
        let bytes = try await body(of: response)
        // What is not JSON says nothing; the status then speaks alone.
        let answer = (try? JSON(parsing: bytes)) ?? .null
        guard response.status == .ok else {
            throw Trouble(
                "The token endpoint said no: \(answer["error"]?.string ?? "\(response.status.code)")",
                code: "SIGN_IN_REFUSED",
                details: [answer["error_description"]?.string].compactMap(\.self),
                advice: "Are client id, secret and scope those of the user pool?",
                status: .notAuthenticated
            )
        }
        return answer
    }
}
