package import AWS
package import Ambient
internal import Contract
package import Logging
package import Recovery

/// Keeps the spoke enrolled: proves its AWS principal to the hub, and does so again before the session ends.
package struct Enrolment: Sendable {
    /// After failures: a hub that restarts is back within seconds, and an account is registered while its spoke waits.
    package static let backoff = Backoff(base: .seconds(1), limit: .seconds(10))
    /// How soon a spoke asks again whose accounts were partly refused: somebody may be registering them.
    package static let refusalPatience: Duration = .seconds(60)
    /// How long before its end a session is renewed; it leaves room for a hub that is away for some minutes.
    package static let margin: Duration = .seconds(600)
    /// What a session that is shorter than the margin is still used for.
    package static let shortestUse: Duration = .seconds(5)

    let configuration: SpokeConfiguration
    let credentials: any CredentialSource
    let hub: HubClient
    let badge: Badge
    let leases: Watched<LeaseClock>
    let ambient: Ambient
    let logger: Logger
    private let reminder = Reminder()

    package init(
        configuration: SpokeConfiguration,
        credentials: any CredentialSource,
        hub: HubClient,
        badge: Badge,
        leases: Watched<LeaseClock>,
        ambient: Ambient,
        logger: Logger
    ) {
        self.configuration = configuration
        self.credentials = credentials
        self.hub = hub
        self.badge = badge
        self.leases = leases
        self.ambient = ambient
        self.logger = logger
    }

    /// Runs until cancelled.
    package func run() async throws {
        var failures = 0
        while true {
            do {
                let session = try await enrol()
                failures = 0
                reminder.clear()
                try await useOf(session)
            } catch {
                try Task.checkCancellation()
                failures += 1
                if reminder.isDue(at: ambient.time.elapsed()) {
                    logger.warning("not enrolled, will try again", metadata: ["reason": "\(error)"])
                }
                try await ambient.time.sleep(for: Self.backoff.delay(after: failures, with: ambient.chance))
            }
        }
    }

    /// Proves who the spoke is and takes the session.
    package func enrol() async throws -> Badge.Session {
        let address = hub.address
        let signer = try await credentials.credentials()
        let question = ChallengeRequest(region: configuration.homeRegion)
        let challenge: Challenge = try await hub.post("/agent/v1/challenges", question, token: nil, at: address)
        guard let sts = Endpoint(address: challenge.stsEndpoint, signingRegion: configuration.homeRegion.rawValue)
        else {
            throw HubFailure.unreadable("stsEndpoint is no address")
        }
        let proof = GetCallerIdentityProof.answering(
            .init(
                stsHost: sts.authority,
                region: configuration.homeRegion.rawValue,
                hub: address.origin,
                nonce: challenge.nonce
            ),
            with: signer,
            at: ambient.now
        )
        let request = SessionRequest(
            name: configuration.name,
            version: MusterVersion.text,
            accounts: configuration.served,
            proof: SessionRequest.Proof(proof, nonce: challenge.nonce, region: configuration.homeRegion)
        )
        let sent = ambient.time.elapsed()
        // The token of the session that ends soon lets the hub renew it instead of beginning another.
        let grant: SessionGrant = try await hub.post(
            "/agent/v1/sessions",
            request,
            token: badge.current?.token,
            at: address,
            within: .seconds(30)
        )
        let session = Badge.Session(grant: grant, grantedAt: sent)
        leases.change { $0.acknowledged(sentAt: sent) }
        badge.hold(session)
        say(grant, at: address)
        return session
    }

    /// Waits until the session should be renewed, or is no longer accepted.
    private func useOf(_ session: Badge.Session) async throws {
        let left = session.grant.expiresAt - ambient.now
        var use = max(left - Self.margin, min(left / 2, Self.margin), Self.shortestUse)
        if !session.grant.refused.isEmpty { use = min(use, Self.refusalPatience) }
        do {
            _ = try await ambient.time.within(use) { try await badge.change(from: session.token) }
        } catch is DeadlineExceeded {
            logger.debug("session is renewed")
        }
    }

    private func say(_ grant: SessionGrant, at address: HubAddress) {
        logger.info(
            "enrolled",
            metadata: [
                "hub": "\(address)", "spoke": "\(grant.spokeId)",
                "accounts": "\(grant.accounts.map(\.accountId.rawValue).joined(separator: ","))",
            ]
        )
        for refused in grant.refused {
            logger.warning(
                "account refused",
                metadata: ["account": "\(refused.accountId)", "reason": "\(refused.reason)"]
            )
        }
    }
}

extension SessionRequest.Proof {
    fileprivate init(_ proof: GetCallerIdentityProof, nonce: String, region: Region) {
        self.init(
            nonce: nonce,
            accessKeyId: proof.accessKeyId,
            amzDate: proof.amzDate,
            region: region,
            signedHeaders: proof.signedHeaders,
            signature: proof.signature,
            sessionToken: proof.sessionToken
        )
    }
}

extension Backoff {
    /// The wait, by a chance whose kind is not known.
    func delay(after failures: Int, with chance: any Chance) -> Duration {
        func delay(_ chance: some Chance) -> Duration { self.delay(after: failures, by: chance) }
        return delay(chance)
    }
}
