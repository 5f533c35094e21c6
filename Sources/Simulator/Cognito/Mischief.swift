internal import Ambient
internal import JSON
internal import OrderedCollections

/// What a user pool was told to do wrong.
///
/// | field | meaning |
/// |---|---|
/// | `action` | `REFUSE` (400 `invalid_grant`), `FAIL` (500) or `DROP` (no answer) |
/// | `path` | the path that it strikes, such as `oauth2/token`; left out: all |
/// | `count` | how many requests it strikes; left out: all |
/// | `milliseconds` | how long answers are held back |
/// | `idClaims`, `accessClaims` | members that replace those of the tokens of a sign-in; null takes one out |
struct Mischief: Sendable {
    enum Action: String, CaseIterable {
        case refuse = "REFUSE"
        case fail = "FAIL"
        case drop = "DROP"
    }

    private var action: Action?
    private var path: String?
    private var remaining: Int?
    private var delay = Duration.zero
    private var idClaims: OrderedDictionary<String, JSON> = [:]
    private var accessClaims: OrderedDictionary<String, JSON> = [:]

    /// What becomes of one request.
    struct Strike {
        var answer: Reply?
        var isDropped = false
        var delay = Duration.zero
    }

    init() {}

    init(_ value: JSON) throws(FieldProblem) {
        let fields = try Fields(
            value,
            at: "",
            known: ["action", "path", "count", "milliseconds", "idClaims", "accessClaims"]
        )
        action = try fields.choice("action")
        path = try fields.text("path")
        remaining = try fields.whole("count", in: 1...1_000_000)
        delay = .milliseconds(try fields.whole("milliseconds", in: 0...600_000) ?? 0)
        idClaims = fields.value("idClaims")?.object ?? [:]
        accessClaims = fields.value("accessClaims")?.object ?? [:]
    }

    mutating func strike(_ asked: String) -> Strike {
        guard path == nil || path == asked, remaining != 0 else { return Strike() }
        if let count = remaining { remaining = count - 1 }
        var strike = Strike(delay: delay)
        switch action {
        case .refuse: strike.answer = World.answer(["error": "invalid_grant"], status: 400)
        case .fail: strike.answer = World.answer(["error": "server_error"], status: 500)
        case .drop:
            strike.answer = Reply(status: 500)
            strike.isDropped = true
        case nil: break
        }
        return strike
    }

    /// The claims of a token as they are to be signed.
    func changed(_ claims: OrderedDictionary<String, JSON>, use: String) -> OrderedDictionary<String, JSON> {
        var claims = claims
        for (name, value) in use == "id" ? idClaims : accessClaims {
            if value.isNull { claims.removeValue(forKey: name) } else { claims[name] = value }
        }
        return claims
    }
}
