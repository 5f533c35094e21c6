internal import Ambient
internal import Console
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import Hypertext
internal import JSON
internal import Recovery

extension Pages {
    /// Results of each kind that a search shows.
    private static let found = 8

    func bindSettings(_ calls: inout Bindings) {
        page("/settings", &calls) { visit in
            SettingsPage(
                user: try await visit.ask(GetCurrentUser()),
                sessions: try await visit.ask(ListSessions(limit: Limits.defaultPageSize)).items
            )
        }
        page("/audit", &calls) { visit in try await Self.audit(visit) }
        page("/docs/api", &calls) { _ in APIPage(calls: Contract.calls) }
        page("/getting-started", &calls) { visit in GettingStartedPage(progress: try await Self.progress(visit)) }
        page("/search", &calls) { visit in
            guard let text = visit.text("q") else { return SearchPage(text: "", plans: [], groups: [], servers: []) }
            async let plans = visit.ask(ListRecoveryPlans(q: text, limit: Self.found)).items
            async let groups = visit.ask(ListProtectionGroups(q: text, limit: Self.found)).items
            async let servers = visit.ask(ListSourceServers(q: text, limit: Self.found)).items
            return try await SearchPage(text: text, plans: plans, groups: groups, servers: servers)
        }
        calls.on(.post, "/ui/preferences") { exchange in try await Self.keep(exchange) }
    }

    private static func audit(_ visit: Visit) async throws -> AuditPage {
        let (action, outcome): (String?, AuditOutcome?) = (visit.text("action"), visit.choice("outcome"))
        let answer = try await visit.ask(
            ListAuditEvents(action: action, outcome: outcome, limit: visit.rows, nextToken: visit.query["nextToken"])
        )
        let query = ListQuery(
            "/audit",
            sort: "-at",
            filters: [("action", action), ("outcome", outcome?.rawValue)],
            token: visit.query["nextToken"],
            nextToken: answer.nextToken
        )
        return AuditPage(events: answer.items, query: query)
    }

    private static func progress(_ visit: Visit) async throws -> GettingStartedPage.Progress {
        let drills = try await visit.ask(ListExecutions(executionType: .drill, active: false, limit: 50)).items
        return GettingStartedPage.Progress(
            hasAccount: try await !visit.ask(ListAccounts(limit: 1)).items.isEmpty,
            hasSpoke: try await !visit.ask(ListSpokes(state: .connected, limit: 1)).items.isEmpty,
            hasGroup: try await !visit.ask(ListProtectionGroups(limit: 1)).items.isEmpty,
            hasPlan: try await !visit.ask(ListRecoveryPlans(limit: 1)).items.isEmpty,
            hasDrill: drills.contains { $0.status == .completed || $0.status == .partial }
        )
    }

    /// Puts the preferences into a cookie.
    ///
    /// They are nobody's secret and change nothing but looks, so nobody is asked who
    /// they are; a page of another site cannot send JSON here (no CORS).
    private static func keep(_ exchange: Exchange) async throws -> Response {
        let body = try await exchange.request.json()
        func value<Value: RawRepresentable<String>>(_ name: String, _ usual: Value) throws -> Value {
            guard let text = body?[name]?.string else { return usual }
            guard let value = Value(rawValue: text) else {
                throw Problem.invalid([.init(pointer: "/\(name)", message: "is none of the choices")], "The body")
            }
            return value
        }
        // Columns are chosen elsewhere, and stay.
        var preferences = Visit.preferences(in: exchange.headers)
        preferences.theme = try value("theme", .system)
        preferences.density = try value("density", .comfortable)
        preferences.zone = try value("zone", .utc)
        preferences.hasShortcuts = body?["shortcuts"]?.string != "off"
        preferences.rows = try value("rows", .usual)
        return Response(
            status: .noContent,
            headers: [.setCookie: keeping(Preferences.cookie, preferences.cookieValue)]
        )
    }
}
