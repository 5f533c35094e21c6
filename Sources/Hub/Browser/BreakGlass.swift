internal import Ambient
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import OpenSSL
internal import PostgreSQL
internal import Recovery
internal import Store

/// A code that signs one person in once, for an hour, when no issuer can be reached.
///
/// It is made by whoever has the hub's own machine (`muster-hub break-glass`), and is loud: an audit event and a warning
/// in the log when it is made, and again when it is used.
package struct BreakGlassCode: Sendable {
    /// How long a code can be used.
    package static let validity = Duration.seconds(600)
    /// How long its session lasts.
    package static let sessionTime = Duration.seconds(3600)
    /// Bytes of a code: 128 bits cannot be guessed, and can still be typed.
    private static let length = 16

    /// As a person reads it: 32 digits in groups of four.
    package let text: String
    let hash: [UInt8]

    init(bytes: [UInt8]) {
        let digits = Hex.encode(bytes)
        text = stride(from: 0, to: digits.count, by: 4).map { String(digits.dropFirst($0).prefix(4)) }
            .joined(separator: "-")
        hash = SHA256.digest(bytes)
    }

    static func make() -> BreakGlassCode {
        BreakGlassCode(bytes: SecureRandom.bytes(length))
    }

    /// Reads what a person typed; blanks, dashes and case do not count.
    init?(typed text: String) {
        let digits = text.lowercased().filter { $0 != "-" && !$0.isWhitespace }
        guard let bytes = Hex.decode(digits), bytes.count == Self.length else { return nil }
        self.init(bytes: bytes)
    }
}

/// The page on which a break-glass code is typed.
struct BreakGlass: Sendable {
    let sessions: BrowserSessions
    let limits: RateLimits
    let ambient: Ambient

    func bind(to calls: inout Bindings) {
        calls.on(.get, "/sign-in/break-glass") { _ in SignInPage.breakGlass(wasRefused: false).response() }
        calls.on(.post, "/sign-in/break-glass") { try await use($0) }
    }

    private func use(_ exchange: Exchange) async throws -> Response {
        let (origin, now) = (sessions.origins.origin(of: exchange), ambient.now)
        try SameOrigin.require(exchange, origin: origin, json: false)
        let code = try await FormFields.body(of: exchange)["code"].flatMap { BreakGlassCode(typed: $0) }
        guard let code, let person = try await sessions.pool.first(SignInStatements.useCode(code.hash, at: now)) else {
            try limits.countFailure(from: exchange.address)
            return SignInPage.breakGlass(wasRefused: true).response(.forbidden)
        }
        let new = try sessions.new(
            for: BrowserSessions.Person(
                issuer: Standing.breakGlassIssuer,
                subject: person.name,
                clientID: "break-glass",
                name: person.name,
                groups: [person.role.rawValue],
                freshUntil: now + BreakGlassCode.sessionTime
            ),
            refreshToken: nil,
            exchange,
            lifetime: BreakGlassCode.sessionTime
        )
        exchange.logger.warning(
            "a break-glass code was used",
            metadata: [
                "name": "\(person.name)", "role": "\(person.role.rawValue)", "reason": "\(person.reason)",
                "address": "\(exchange.address)", "session": "\(new.row.sessionId)",
            ]
        )
        try await sessions.replace(
            exchange,
            by: new,
            action: .codeUsed,
            principal: new.caller.principal,
            detail: "\(person.role.rawValue): \(person.reason)"
        )
        return .redirect(
            to: ReturnPath.home.text,
            setting: [BrowserCookie.session.setting(new.cookie, at: origin, for: BreakGlassCode.sessionTime)]
        )
    }
}
