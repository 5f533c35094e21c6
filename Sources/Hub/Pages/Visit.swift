internal import Ambient
internal import Console
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import Recovery

/// Somebody asking for a page: who, how they want to see it, and what the address says.
struct Visit: Sendable {
    let calls: Bindings
    let exchange: Exchange
    let caller: Caller
    /// What they may do, and in which accounts, as the bindings were when they came.
    let access: Access
    /// The parameters of the query, decoded; what is malformed is left out, for an address is typed by people.
    let query: [String: String]
    let preferences: Preferences
    /// The execution whose wall is shown by a link, without a session; nil for everybody who is signed in.
    var wall: Execution.ID?

    init(_ exchange: Exchange, calls: Bindings) async throws {
        self.calls = calls
        self.exchange = exchange
        caller = try await calls.gate.admit(exchange)
        access = try await calls.authority.access(of: caller)
        query = Self.query(in: exchange.request.uri.query ?? "")
        preferences = Self.preferences(in: exchange.headers)
    }

    /// A screen on a wall that was opened by a link: it may read, and is only ever asked about this execution.
    ///
    /// - Throws: `Problem` 401 when the link has expired or was taken back, in the words of any other secret that is none.
    init(_ exchange: Exchange, calls: Bindings, wall id: Execution.ID, sharedBy token: String) async throws {
        guard let link = try await WallLinks.find(token, of: id, in: calls.pool, at: calls.ambient.now) else {
            try calls.gate.countFailure(of: exchange)
            throw Problem(.unauthenticated, "This link has expired or was taken back. Ask for a new one.")
        }
        self.calls = calls
        self.exchange = exchange
        caller = Caller(subject: "\(link.linkId)", name: "wall link", kind: .machine, issuer: "muster:wall-link")
        access = Access([.readOnly: .all])
        query = Self.query(in: exchange.request.uri.query ?? "")
        preferences = Preferences()
        wall = id
    }

    /// The secret of a wall's link in a query, if there is one.
    static func share(in query: some StringProtocol) -> String? { Self.query(in: query)["share"] }

    /// The same visit as it is now: who is signed out, or has lost a role, or whose link has ended, is turned away.
    func renewed() async throws -> Visit {
        guard let wall else { return try await Visit(exchange, calls: calls) }
        let at = (query["at"] ?? "").drop { $0 == "?" }
        let token = Self.share(in: at) ?? query["share"] ?? ""
        return try await Visit(exchange, calls: calls, wall: wall, sharedBy: token)
    }

    /// Asks a call as the visitor.
    func ask<Described: Call>(_ call: Described) async throws -> Described.Answer {
        try await calls.ask(call, by: caller, access, in: exchange)
    }

    /// Rows of a page of a list, as they want it.
    var rows: Int { preferences.rows.number }

    /// A parameter of the path.
    func parameter<Value: LosslessStringConvertible>(_ name: String, of what: String) throws -> Value {
        guard let value = exchange.parameters[name].flatMap(Value.init) else { throw Problem.notFound(what) }
        return value
    }

    func label<Value: Label>(_ name: String, of what: String) throws -> Value {
        guard let value = exchange.parameters[name].flatMap(Value.init(rawValue:)) else {
            throw Problem.notFound(what)
        }
        return value
    }

    /// A parameter of the query as one of a closed set; what is none counts as not given.
    func choice<Value: RawRepresentable<String>>(_ name: String) -> Value? {
        query[name].flatMap(Value.init(rawValue:))
    }

    /// A parameter of the query, unless it is empty.
    func text(_ name: String) -> String? {
        query[name].flatMap { $0.isEmpty ? nil : String($0.prefix(Limits.searchLength.upperBound)) }
    }

    /// The viewer with what the top bar and the navigation show of the moment.
    func viewer() async throws -> Viewer {
        var viewer = quietViewer()
        guard wall == nil, viewer.may(ListExecutions.permission) else { return viewer }
        let active = try await ask(ListExecutions(active: true, limit: Limits.pageSize.upperBound)).items
        viewer.activeExecutions = active.count
        viewer.needsYou = active.count { $0.status == .paused }
        return viewer
    }

    /// The viewer as fragments need it: without what the top bar shows.
    func quietViewer() -> Viewer {
        var viewer = Viewer(
            name: caller.name,
            roles: access.roles,
            permissions: Set(Permission.allCases.filter { access.may($0) }),
            preferences: preferences,
            now: calls.ambient.now
        )
        // Only sessions of browsers end when nobody does anything; a token has an end of its own.
        if exchange.headers[.authorization] == nil, wall == nil {
            viewer.idleSeconds = Int(BrowserSessions.idleTime.seconds)
        }
        return viewer
    }

    /// The names and values of a query.
    static func query(in text: some StringProtocol) -> [String: String] {
        Dictionary(pairs(in: text).map { ($0.name, $0.value) }) { _, last in last }
    }

    private static func pairs(in text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0], plusIsSpace: true),
                let value = PercentCoding.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else { return nil }
            return (name, value)
        }
    }

    /// The values of a parameter that may stand in the query more than once.
    func values(_ name: String) -> [String] {
        Self.pairs(in: exchange.request.uri.query ?? "").filter { $0.name == name }.map(\.value)
    }

    /// How a browser keeps that somebody wants to see things.
    static func preferences(in headers: HTTPFields) -> Preferences {
        var preferences = Preferences(cookie: cookie(Preferences.cookie, in: headers))
        let views = pairs(in: cookie(SavedView.cookie, in: headers) ?? "")
        preferences.views = views.prefix(SavedView.limit).compactMap { SavedView(name: $0.name, address: $0.value) }
        return preferences
    }

    private static func cookie(_ name: String, in headers: HTTPFields) -> String? {
        for pair in headers[values: .cookie].flatMap({ $0.split(separator: ";") }) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].trimmingBlanks == name { return parts[1].trimmingBlanks }
        }
        return nil
    }
}
