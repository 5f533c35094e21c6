import Ambient
import HTTPTypes
import Hub
import Testing

@Suite struct `A tree of routes` {
    private let routes: RouteTree<Int> = {
        var routes = RouteTree<Int>()
        routes.add(.get, "/things", 1)
        routes.add(.post, "/things", 2)
        routes.add(.get, "/things/{thing}", 3)
        routes.add(.post, "/things/refresh", 4)
        routes.add(.get, "/things/{thing}/parts/{part}", 5)
        return routes
    }()

    private func found(_ method: HTTPRequest.Method, _ path: String) -> (Int, [String: String])? {
        guard case .found(let endpoint, _, let parameters) = routes.match(method, path) else { return nil }
        return (endpoint, parameters)
    }

    @Test func `finds literal parts before placeholders`() {
        #expect(found(.get, "/things")?.0 == 1)
        #expect(found(.post, "/things")?.0 == 2)
        #expect(found(.post, "/things/refresh")?.0 == 4)
        #expect(found(.head, "/things")?.0 == 1)
    }

    @Test func `decodes what stands in a placeholder`() {
        #expect(found(.get, "/things/a%20b%2Fc")?.1 == ["thing": "a b/c"])
        #expect(found(.get, "/things/x/parts/y")?.1 == ["thing": "x", "part": "y"])
        for path in ["/things/%", "/things/%FF", "/things/%00", "/things/", "/things//parts/y"] {
            #expect(found(.get, path) == nil, "\(path)")
        }
    }

    @Test func `knows a path without the method from no path`() {
        guard case .otherMethods(let methods) = routes.match(.delete, "/things") else {
            Issue.record("the path is there")
            return
        }
        #expect(methods == ["GET", "POST", "HEAD"])
        guard case .nothing = routes.match(.get, "/nothing") else {
            Issue.record("the path is not there")
            return
        }
    }
}

@Suite struct `The address of a client` {
    @Test func `is the connection's own where no proxy is trusted`() {
        #expect(TrustedProxies.none.address(peer: "10.0.0.1", forwarded: ["1.2.3.4"]) == "10.0.0.1")
    }

    @Test func `is the nearest one that is no trusted proxy`() throws {
        let proxies = try #require(TrustedProxies(["10.0.0.0/8", "::1", "fd00::/8"]))
        #expect(proxies.address(peer: "10.0.0.1", forwarded: ["6.6.6.6, 1.2.3.4, 10.9.9.9"]) == "1.2.3.4")
        #expect(proxies.address(peer: "10.0.0.1", forwarded: ["6.6.6.6", "1.2.3.4"]) == "1.2.3.4")
        #expect(proxies.address(peer: "11.0.0.1", forwarded: ["1.2.3.4"]) == "11.0.0.1")
        #expect(proxies.address(peer: "::1", forwarded: ["2001:db8::7"]) == "2001:db8::7")
        #expect(proxies.address(peer: "fd00::5", forwarded: ["1.2.3.4"]) == "1.2.3.4")
        #expect(proxies.address(peer: "fe00::5", forwarded: ["1.2.3.4"]) == "fe00::5")
        #expect(proxies.address(peer: "10.0.0.1", forwarded: []) == "10.0.0.1")
        #expect(proxies.address(peer: "10.0.0.1", forwarded: ["nonsense"]) == "10.0.0.1")
    }

    @Test func `of IPv6 is counted by its network, where one client may have any address`() throws {
        let rates = RateLimits.Rates(failures: .init(burst: 2, perSecond: 0.000_1), requests: nil)
        let limits = RateLimits(rates, time: SystemTime())
        try limits.countFailure(from: "2001:db8::1")
        try limits.countFailure(from: "2001:db8::ffff:2")
        #expect(throws: Problem.self) { try limits.countFailure(from: "2001:db8:0:0:3::3") }
        limits.forgiveFailure(from: "2001:db8::4")
        try limits.countFailure(from: "2001:db8::5")
        try limits.countFailure(from: "2001:db8:0:1::1")
        // IPv4 addresses are clients of their own, also as IPv6 writes them.
        for address in ["192.0.2.1", "192.0.2.2", "::ffff:192.0.2.1", "::ffff:192.0.2.2"] {
            for _ in 0..<2 { try limits.countFailure(from: address) }
            #expect(throws: Problem.self) { try limits.countFailure(from: address) }
        }
    }
}
