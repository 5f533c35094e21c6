package import Ambient
package import PostgreSQL

/// The last keys that issuers published, for when one is away.
package enum KeySetStatements {
    package static func find(of issuer: String) -> Query<String> {
        Query("SELECT document FROM jwks WHERE issuer = \(issuer)", as: String.self)
    }

    package static func keep(_ document: String, of issuer: String, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO jwks (issuer, document, fetched_at) VALUES (\(issuer), \(document), \(now))
                ON CONFLICT (issuer) DO UPDATE SET document = excluded.document, fetched_at = excluded.fetched_at
            """
        )
    }
}
