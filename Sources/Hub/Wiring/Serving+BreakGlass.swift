internal import Ambient
internal import Audit
internal import Logging
internal import PostgreSQL
package import Recovery
internal import Store

extension Serving {
    /// The longest name or reason that a break-glass code takes: a line that a person reads.
    private static let wordsLength = 1...200

    /// Makes a code that signs one person in, once.
    ///
    /// - Parameters:
    ///   - name: Who will use it.
    ///   - reason: Why.
    ///   - role: What they will be.
    /// - Returns: The code, which is nowhere kept.
    /// - Throws: `Refused`; `PostgresFailure` where the database cannot be reached.
    package func breakGlass(name: String, reason: String, role: Role) async throws -> String {
        for (what, text) in [("--name", name), ("--reason", reason)] {
            guard Self.wordsLength.contains(text.count), !text.contains(where: \.isNewline) else {
                throw Refused(description: "\(what) must be one line of 1 to 200 characters")
            }
        }
        let pool = try Pool(connectionString: try await databaseURL(), size: 1, ambient: ambient, logger: logger)
        defer { pool.close() }
        let (code, now) = (BreakGlassCode.make(), ambient.now)
        let event = SignInAudit(
            action: .codeMade,
            principal: "muster-hub break-glass",
            detail: "for \(name) as \(role.rawValue): \(reason)"
        )
        .event(as: ambient.identifier(), at: now, address: nil, requestId: nil)
        try await pool.execute([
            SignInStatements.insert(
                SignInStatements.BreakGlass(name: name, reason: reason, role: role),
                codeHash: code.hash,
                until: now + BreakGlassCode.validity,
                at: now
            ),
            event.insert,
        ])
        logger.warning(
            "a break-glass code was made",
            metadata: ["name": "\(name)", "role": "\(role.rawValue)", "reason": "\(reason)"]
        )
        return code.text
    }

    func databaseURL() async throws -> String {
        if let url = configuration.databaseURL { return url }
        return try await EmbeddedServer.hubURL(stateDirectory: configuration.stateDirectory)
    }
}
