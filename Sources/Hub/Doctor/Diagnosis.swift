internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Store

/// What facts mean: the part of the examination that decides.
enum Diagnosis {
    /// A clock may be so wrong: tokens are judged with 60 s of leeway, and AWS takes signatures of 5 minutes.
    static let skew = Duration.seconds(30)

    static func configuration(_ configuration: HubConfiguration) -> [Finding] {
        var findings = [
            Finding.good("hub", "Muster \(MusterVersion.text)"), .good("configuration", "every key can be read"),
        ]
        if configuration.logins.isEmpty {
            findings.append(
                .doubtful("sign-in", "nobody signs in by a browser", "Set MUSTER_COGNITO_DOMAIN and _CLIENT_SECRET.")
            )
        }
        if configuration.publicURLs.allSatisfy({ $0.hasPrefix("http://") }), !isLoopback(configuration.listen.host) {
            findings.append(
                .wrong(
                    "public address",
                    "the hub listens on \(configuration.listen.host) and is known by loopback addresses only",
                    "Set MUSTER_PUBLIC_URL to the https address by which people and spokes reach it."
                )
            )
        }
        return findings
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    static func database(_ facts: DoctorStatements.Server, at now: Instant) -> [Finding] {
        var findings = [Finding.good("database", "PostgreSQL \(facts.version), as \(facts.role)")]
        if facts.isCopy {
            findings.append(
                .wrong(
                    "database",
                    "it is a copy that cannot be written to",
                    "Use the primary's address, or promote this one if the primary is gone."
                )
            )
        }
        if facts.mayMakeTables || facts.mayRewriteHistory {
            findings.append(
                .doubtful(
                    "roles",
                    "\(facts.role) may change more than the hub needs (tables, or the journal)",
                    "Let the hub log in as muster_hub: muster-hub migrate --create-role makes it."
                )
            )
        }
        findings.append(clock("the database", facts.now, at: now))
        return findings
    }

    static func clock(_ whose: String, _ theirs: Instant, at now: Instant) -> Finding {
        let apart = theirs < now ? now - theirs : theirs - now
        guard apart > skew else { return .good("clock", "as \(whose) has it") }
        return .wrong(
            "clock",
            "\(Int64(apart.seconds)) s from that of \(whose)",
            "Let both keep time by NTP (timedatectl; chronyc tracking)."
        )
    }

    static func schema(_ state: SchemaState) -> Finding {
        switch state {
        case .current: .good("schema", "it is this program's")
        case .ahead(let names):
            .doubtful(
                "schema",
                "a newer hub has added \(names.joined(separator: ", "))",
                "Nothing, while you upgrade; else upgrade this hub, too."
            )
        case .behind(let names):
            .wrong("schema", "it lacks \(names.joined(separator: ", "))", "Run muster-hub migrate.")
        case .refused(let refusal):
            .wrong(
                "schema",
                MigrationFailure.refused(refusal).description,
                "Run the version of the hub that was here last, or restore the backup that belongs to this one."
            )
        }
    }

    static func spokes(_ spokes: [DoctorStatements.SpokeStanding], _ unserved: [AccountNumber]) -> [Finding] {
        var findings = spokes.map(Self.spoke)
        if spokes.isEmpty {
            findings.append(.doubtful("spokes", "none has ever come", "Register an account and start a spoke for it."))
        }
        for account in unserved {
            findings.append(
                .wrong(
                    "account \(account)",
                    "no spoke serves it, so that nothing in it can be recovered",
                    "Put it into a spoke's configuration; its role must be among the account's spokePrincipals."
                )
            )
        }
        return findings
    }

    private static func spoke(_ spoke: DoctorStatements.SpokeStanding) -> Finding {
        let (name, heard) = ("spoke \(spoke.name)", "last heard of at \(spoke.lastSeenAt)")
        guard !spoke.isLost else {
            return .wrong(
                name,
                heard,
                "Its log says why: no network to the hub, a role that is not registered, or it does not run."
            )
        }
        guard spoke.version == MusterVersion.text else {
            return .doubtful(
                name,
                "it is version \(spoke.version), and this hub is \(MusterVersion.text); \(heard)",
                "Nothing, while you upgrade; else upgrade the older: what only the newer one knows is not done until then."
            )
        }
        return .good(name, "version \(spoke.version), \(heard)")
    }

    static func rights(_ places: [DoctorStatements.Rights]) -> [Finding] {
        places.flatMap { place in
            let name = "rights in \(place.accountId) \(place.region)"
            var findings: [Finding] = []
            if !place.denied.isEmpty {
                findings.append(
                    .wrong(
                        name,
                        "denied: \(place.denied.joined(separator: ", "))",
                        "Give the recovery role what Deploy/IAM/recovery-role-policy.json has."
                    )
                )
            }
            if place.isTrustTooWide {
                findings.append(
                    .wrong(
                        name,
                        "the recovery role can be assumed without its external ID",
                        "Give it the trust policy of Deploy/IAM/recovery-role-trust.json."
                    )
                )
            }
            return findings.isEmpty ? [.good(name, "as they should be")] : findings
        }
    }
}
