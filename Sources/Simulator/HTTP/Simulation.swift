package import Ambient
internal import JSON
internal import OrderedCollections
internal import Synchronization

/// An AWS on loopback: STS, DRS, EC2, IAM, Service Quotas, SNS and Cognito behind one address.
///
/// A `World` decides, this keeps the one there is. Every request is answered in one go under a lock, so that two
/// callers are served one after the other, as if AWS had decided so:
///
/// ```
///  request ─► SimulatorServer ─► Simulation ─┬─ /simulator/…           ─► World.control
///             (bytes, faults)    (the lock)  ├─ /<pool>/…, /oauth2/…, /login, /logout ─► UserPool
///                                            └─ everything else, signed ─► World.answer
/// ```
package final class Simulation: Sendable {
    private let ambient: Ambient
    private let world: Mutex<World>
    private let userPool: Mutex<UserPool>
    /// Where the simulator is reached, as `http://127.0.0.1:9090`: the beginning of the issuer's name.
    private let origin = Mutex("")

    /// - Throws: when OpenSSL cannot make the user pool's key.
    package init(_ world: World, userPool: UserPool.Settings, ambient: Ambient) throws {
        self.ambient = ambient
        self.world = Mutex(world)
        self.userPool = Mutex(try UserPool(userPool))
    }

    /// Makes the world of a file, beginning now.
    package convenience init(_ file: WorldFile, ambient: Ambient) throws {
        try self.init(file.world(at: ambient.now), userPool: file.userPool, ambient: ambient)
    }

    /// Tells the address, which is known only when the server listens.
    package func listen(at origin: String) {
        self.origin.withLock { $0 = origin }
    }

    package func answer(_ request: Request) -> Reply {
        let now = ambient.now
        if request.path.hasPrefix("/simulator/") {
            return world.withLock { $0.control(request, at: now) }
        }
        if request.method == "GET", request.path == "/" {
            return World.answer(["service": "muster-simulator"])
        }
        let origin = origin.withLock { $0 }
        let chance = ambient.chance
        let answered = userPool.withLock { $0.answer(request, origin: origin, at: now, by: chance) }
        return answered ?? world.withLock { $0.answer(request, at: now) }
    }

    /// Looks at the world, or changes it, in a test.
    package func withWorld<Result: Sendable>(_ body: (inout sending World) throws -> sending Result) rethrows -> Result
    {
        try world.withLock(body)
    }

    /// Waits while an answer is held back.
    func hold(for delay: Duration) async throws {
        if delay > .zero { try await ambient.time.sleep(for: delay) }
    }
}
