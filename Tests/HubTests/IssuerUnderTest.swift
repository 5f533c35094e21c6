import Ambient
import Hub
import Hummingbird
import JSON
import Logging
import OpenSSL
import OrderedCollections
import Recovery
import ServiceLifecycle
import TestKit

/// An issuer over a real socket: it publishes one key and signs what a test asks for.
struct IssuerUnderTest: Sendable {
    static let client = "muster-test-client"
    /// Made once: a key takes a while.
    private static let key = Result { try RSAPrivateKey.generate() }

    let url: String

    /// Runs an issuer for the time of the closure.
    static func run<Result: Sendable>(
        _ body: @escaping @Sendable (IssuerUnderTest) async throws -> Result
    ) async throws -> Result {
        let document = JSON.object(["keys": [.object(try published(key.get()))]]).bytes
        let router = Router()
        router.get("/pool/.well-known/jwks.json") { _, _ in Response.json(bytes: document) }
        let (ports, port) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: .quiet
        )
        return try await running([application]) {
            for await port in ports { return try await body(IssuerUnderTest(url: "http://127.0.0.1:\(port)/pool")) }
            throw CancellationError()
        }
    }

    private static func published(_ key: RSAPrivateKey) -> OrderedDictionary<String, JSON> {
        [
            "alg": "RS256", "e": .string(Base64URL.encode(key.publicKey.exponent)), "kid": "key-1", "kty": "RSA",
            "n": .string(Base64URL.encode(key.publicKey.modulus)), "use": "sig",
        ]
    }

    /// The access token of a person in the groups of these roles.
    func token(_ roles: Role..., name: String = "ada", changing: [String: JSON] = [:]) throws -> String {
        let seconds = SystemTime().now().milliseconds / 1000
        var claims: OrderedDictionary<String, JSON> = [
            "sub": .string("subject-of-\(name)"), "cognito:groups": .array(roles.map { .string($0.rawValue) }),
            "iss": .string(url), "client_id": .string(Self.client), "token_use": "access", "scope": "openid",
            "exp": .integer(seconds + 900), "iat": .integer(seconds - 1), "username": .string(name),
        ]
        claims.merge(changing) { $1 }
        return try sign(claims)
    }

    /// The access token of a program.
    func machineToken(scope: String) throws -> String {
        let seconds = SystemTime().now().milliseconds / 1000
        return try sign([
            "sub": .string(Self.client), "iss": .string(url), "client_id": .string(Self.client),
            "token_use": "access", "scope": .string(scope), "exp": .integer(seconds + 900),
            "iat": .integer(seconds - 1),
        ])
    }

    private func sign(_ claims: OrderedDictionary<String, JSON>) throws -> String {
        let header = JSON.object(["kid": "key-1", "alg": "RS256"]).bytes
        let message = Base64URL.encode(header) + "." + Base64URL.encode(JSON.object(claims).bytes)
        return message + "." + Base64URL.encode(try Self.key.get().sign(Array(message.utf8)))
    }
}

/// Runs services for the time of the closure, and stops them as a signal would.
func running<Result: Sendable>(
    _ services: [any Service],
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let group = ServiceGroup(configuration: .init(services: services, logger: .quiet))
    return try await withThrowingTaskGroup(of: Result?.self) { tasks in
        tasks.addTask {
            try await group.run()
            return nil
        }
        tasks.addTask {
            do {
                let result = try await body()
                await group.triggerGracefulShutdown()
                return result
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
        var result: Result?
        while let next = try await tasks.next() { result = next ?? result }
        guard let result else { throw CancellationError() }
        return result
    }
}
