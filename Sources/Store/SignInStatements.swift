package import Ambient
package import PostgreSQL
package import Recovery

/// Sign-ins that have begun, and codes that break the glass.
package enum SignInStatements {
    /// A sign-in whose browser came back.
    package struct Begun: Sendable {
        package var issuer: String
        package var stateHash: [UInt8]
        /// Nonce and verifier, sealed.
        package var secrets: [UInt8]
        package var returnPath: String

        package init(issuer: String, stateHash: [UInt8], secrets: [UInt8], returnPath: String) {
            self.issuer = issuer
            self.stateHash = stateHash
            self.secrets = secrets
            self.returnPath = returnPath
        }
    }

    /// Remembers a sign-in under the hash of its cookie.
    package static func insert(_ begun: Begun, cookieHash: [UInt8], until end: Instant) -> Statement {
        Statement(
            """
            INSERT INTO sign_in (cookie_hash, issuer, state_hash, secrets, return_path, expires_at)
            VALUES (\(cookieHash), \(begun.issuer), \(begun.stateHash), \(begun.secrets), \(begun.returnPath), \(end))
            """
        )
    }

    /// Takes a sign-in out: it is good once, whatever comes of it.
    package static func take(_ cookieHash: [UInt8], at now: Instant) -> Query<Begun> {
        Query(
            """
            DELETE FROM sign_in WHERE cookie_hash = \(cookieHash) AND expires_at > \(now)
            RETURNING issuer, state_hash, secrets, return_path
            """
        ) { row in
            try Begun(issuer: row.read(), stateHash: row.read(), secrets: row.read(), returnPath: row.read())
        }
    }

    /// Forgets what nobody can use any more: sign-ins, sessions, and codes a while after their end.
    package static func forget(at now: Instant, idleSince silence: Instant) -> [Statement] {
        [
            Statement("DELETE FROM sign_in WHERE expires_at <= \(now)"),
            Statement("DELETE FROM browser_session WHERE ends_at <= \(now) OR last_seen_at <= \(silence)"),
            Statement(
                "DELETE FROM break_glass_code WHERE expires_at <= \(now - .seconds(86_400 * Limits.breakGlassDays))"
            ),
        ]
    }

    // MARK: - Break-glass

    /// Whom a code signs in.
    package struct BreakGlass: Sendable {
        package var name: String
        package var reason: String
        package var role: Role

        package init(name: String, reason: String, role: Role) {
            self.name = name
            self.reason = reason
            self.role = role
        }
    }

    package static func insert(
        _ person: BreakGlass,
        codeHash: [UInt8],
        until end: Instant,
        at now: Instant
    ) -> Statement {
        Statement(
            """
            INSERT INTO break_glass_code (code_hash, name, reason, role, created_at, expires_at)
            VALUES (\(codeHash), \(person.name), \(person.reason), \(person.role.rawValue), \(now), \(end))
            """
        )
    }

    /// Uses a code up; answers nothing for one that is unknown, over or used.
    package static func useCode(_ codeHash: [UInt8], at now: Instant) -> Query<BreakGlass> {
        Query(
            """
            UPDATE break_glass_code SET used_at = \(now)
             WHERE code_hash = \(codeHash) AND used_at IS NULL AND expires_at > \(now)
            RETURNING name, reason, role
            """
        ) { row in
            let (name, reason) = (try row.read(String.self), try row.read(String.self))
            let text = try row.read(String.self)
            guard let role = Role(rawValue: text) else { throw MisreadLabel(text: text, rule: "a role") }
            return BreakGlass(name: name, reason: reason, role: role)
        }
    }
}
