internal import AWS
internal import Ambient
internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import OpenSSL

/// Asks an authorization server for tokens, and takes them back (RFC 6749 sections 4.1.3 and 6; RFC 7009).
struct TokenEndpoint: Sendable {
    let client: HTTPClient
    let failpoints: Failpoints

    /// An issuer that takes longer keeps somebody waiting who would rather be told.
    private static let timeout = TimeAmount.seconds(5)
    /// Bytes of an answer: three tokens have some kilobytes.
    private static let longest = 65_536

    /// What an issuer gave.
    struct Tokens: Sendable {
        let identity: String?
        let access: String?
        let refresh: String?
    }

    enum Failure: Error, Sendable, CustomStringConvertible {
        /// The code or refresh token is not taken (`invalid_grant`): it is over.
        case over
        /// The issuer says that we ask wrongly, which somebody must mend; nothing is said about the token.
        case misconfigured(String)
        /// There is no answer, or none that can be understood.
        case away(String)

        var description: String {
            switch self {
            case .over: "the issuer does not take it (invalid_grant)"
            case .misconfigured(let error): "the issuer says \(error)"
            case .away(let reason): "the issuer does not answer: \(reason)"
            }
        }
    }

    func exchange(
        code: String,
        verifier: String,
        redirect: String,
        at login: Login
    ) async throws(Failure) -> Tokens {
        try await tokens(
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
                ("code_verifier", verifier),
            ],
            at: login
        )
    }

    func refresh(_ token: String, at login: Login) async throws(Failure) -> Tokens {
        try await tokens([("grant_type", "refresh_token"), ("refresh_token", token)], at: login)
    }

    /// Revokes a refresh token.
    func revoke(_ token: String, at login: Login) async throws(Failure) {
        guard let url = login.revocationURL else { return }
        let (status, answer) = try await send([("token", token)], to: url, login)
        guard status == 200 else { throw Self.failure(status, answer) }
    }

    private func tokens(
        _ form: [(name: String, value: String)],
        at login: Login
    ) async throws(Failure) -> Tokens {
        let (status, answer) = try await send(form, to: login.tokenURL, login)
        guard status == 200 else { throw Self.failure(status, answer) }
        return Tokens(
            identity: answer["id_token"]?.string,
            access: answer["access_token"]?.string,
            refresh: answer["refresh_token"]?.string
        )
    }

    private static func failure(_ status: Int, _ answer: JSON) -> Failure {
        let error = answer["error"]?.string
        switch (status, error) {
        case (400, "invalid_grant"?): return .over
        case (400...403, let error?):
            // Words of the protocol only, for they go into the log.
            let isWord = error.utf8.count <= 64 && error.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
            return .misconfigured(isWord ? error : "status \(status)")
        default: return .away("status \(status)")
        }
    }

    private func send(
        _ form: [(name: String, value: String)],
        to url: String,
        _ login: Login
    ) async throws(Failure) -> (status: Int, answer: JSON) {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
        let pair = "\(PercentEncoding.encode(login.clientID)):\(PercentEncoding.encode(login.clientSecret))"
        request.headers.add(name: "authorization", value: "Basic \(Base64.encode(Array(pair.utf8)))")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: PercentEncoding.form(form)))
        do {
            let prepared = request
            let answer = try await failpoints.around("call.issuer.token") {
                try await client.execute(prepared, timeout: Self.timeout)
            }
            let bytes = Array(buffer: try await answer.body.collect(upTo: Self.longest))
            // A success without a body, as revocation has it, or what is no JSON, says nothing more than its status.
            return (Int(answer.status.code), (try? JSON(parsing: bytes)) ?? .null)
        } catch {
            throw .away("\(error)")
        }
    }
}
