package import Ambient
package import Recovery

/// `POST /agent/v1/challenges`.
package struct ChallengeRequest: Sendable, Hashable, Codable {
    package var region: Region

    package init(region: Region) {
        self.region = region
    }
}

/// A nonce that can be used once within 60 s, and the STS endpoint that the proof is to be signed for.
package struct Challenge: Sendable, Hashable, Codable {
    package var nonce: String
    package var stsEndpoint: String

    package init(nonce: String, stsEndpoint: String) {
        self.nonce = nonce
        self.stsEndpoint = stsEndpoint
    }
}

/// `POST /agent/v1/sessions`.
package struct SessionRequest: Sendable, Hashable, Codable {
    package var name: String
    package var version: String
    package var accounts: [ServedAccount]
    package var proof: Proof

    package init(name: String, version: String, accounts: [ServedAccount], proof: Proof) {
        self.name = name
        self.version = version
        self.accounts = accounts
        self.proof = proof
    }

    /// The parts of a signed `sts:GetCallerIdentity` from which the hub rebuilds the request.
    package struct Proof: Sendable, Hashable, Codable {
        package var nonce: String
        package var accessKeyId: String
        package var amzDate: String
        package var region: Region
        package var signedHeaders: String
        package var signature: String
        package var sessionToken: String?

        package init(
            nonce: String,
            accessKeyId: String,
            amzDate: String,
            region: Region,
            signedHeaders: String,
            signature: String,
            sessionToken: String?
        ) {
            self.nonce = nonce
            self.accessKeyId = accessKeyId
            self.amzDate = amzDate
            self.region = region
            self.signedHeaders = signedHeaders
            self.signature = signature
            self.sessionToken = sessionToken
        }
    }
}

/// An account that a spoke can reach, and in which Regions.
package struct ServedAccount: Sendable, Hashable, Codable {
    package var accountId: AccountNumber
    package var regions: [Region]

    package init(accountId: AccountNumber, regions: [Region]) {
        self.accountId = accountId
        self.regions = regions
    }
}

/// The answer to a proof that held.
package struct SessionGrant: Sendable, Hashable, Codable {
    package var sessionToken: String
    package var expiresAt: Instant
    package var spokeId: Identifier<Spoke>
    package var heartbeatSeconds: Int
    package var accounts: [ServedAccount]
    package var refused: [RefusedAccount]

    package struct RefusedAccount: Sendable, Hashable, Codable {
        package var accountId: AccountNumber
        package var reason: String

        package init(accountId: AccountNumber, reason: String) {
            self.accountId = accountId
            self.reason = reason
        }
    }

    package init(
        sessionToken: String,
        expiresAt: Instant,
        spokeId: Identifier<Spoke>,
        heartbeatSeconds: Int,
        accounts: [ServedAccount],
        refused: [RefusedAccount]
    ) {
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
        self.spokeId = spokeId
        self.heartbeatSeconds = heartbeatSeconds
        self.accounts = accounts
        self.refused = refused
    }
}

/// `POST /agent/v1/progress`: also the heartbeat, with no reports if need be.
package struct ProgressBatch: Sendable, Hashable, Codable {
    package var reports: [ProgressReport]
    /// The work that the spoke has in hand; left out: all of the session's.
    ///
    /// Only its leases are renewed, so that what was lost on the way to the spoke runs out and is given again.
    package var holding: [Held]?

    package struct Held: Sendable, Hashable, Codable {
        package var commandId: AgentCommand.ID
        package var term: Int

        package init(commandId: AgentCommand.ID, term: Int) {
            self.commandId = commandId
            self.term = term
        }
    }

    package init(reports: [ProgressReport], holding: [Held]? = nil) {
        self.reports = reports
        self.holding = holding
    }
}

/// What the hub has stored, and which work the spoke must drop.
package struct ProgressAcknowledgement: Sendable, Hashable, Codable {
    package var acknowledged: [Acknowledged]
    package var stale: [Stale]

    package struct Acknowledged: Sendable, Hashable, Codable {
        package var commandId: AgentCommand.ID
        package var term: Int
        /// The highest sequence stored.
        package var sequence: Int

        package init(commandId: AgentCommand.ID, term: Int, sequence: Int) {
            self.commandId = commandId
            self.term = term
            self.sequence = sequence
        }
    }

    /// A term that no longer holds: the lease went to somebody else.
    package struct Stale: Sendable, Hashable, Codable {
        package var commandId: AgentCommand.ID
        package var term: Int

        package init(commandId: AgentCommand.ID, term: Int) {
            self.commandId = commandId
            self.term = term
        }
    }

    package init(acknowledged: [Acknowledged], stale: [Stale]) {
        self.acknowledged = acknowledged
        self.stale = stale
    }
}

/// One page of `POST /agent/v1/inventory`; only the last page of a sync changes what the hub shows.
package struct InventoryPage: Sendable, Hashable, Codable {
    package var accountId: AccountNumber
    package var region: Region
    /// The same for all pages of one sync.
    package var syncToken: String
    /// From 0 without gaps.
    package var page: Int
    package var isLast: Bool
    /// False where DRS is not initialised: normal, and then everything else is empty.
    package var isInitialized: Bool
    /// Set when only these servers were looked up: what is not among them stays as it was.
    package var lookedUp: [SourceServerID]?
    package var sourceServers: [Server]
    package var recoveryInstances: [RecoveryInstance]
    /// Jobs in progress, also those that nobody here started.
    package var jobs: [Job]
    /// As Service Quotas answers, where it may be asked.
    package var quotas: Quotas?
    /// Active executions of DRS's own recovery plans; nil where nobody could ask this time.
    package var nativeExecutions: [NativeExecution]?

    package init(
        accountId: AccountNumber,
        region: Region,
        syncToken: String,
        page: Int,
        isLast: Bool,
        isInitialized: Bool,
        lookedUp: [SourceServerID]?,
        sourceServers: [Server],
        recoveryInstances: [RecoveryInstance],
        jobs: [Job],
        quotas: Quotas?,
        nativeExecutions: [NativeExecution]? = nil
    ) {
        self.accountId = accountId
        self.region = region
        self.syncToken = syncToken
        self.page = page
        self.isLast = isLast
        self.isInitialized = isInitialized
        self.lookedUp = lookedUp
        self.sourceServers = sourceServers
        self.recoveryInstances = recoveryInstances
        self.jobs = jobs
        self.quotas = quotas
        self.nativeExecutions = nativeExecutions
    }

    package var place: Place { Place(accountId: accountId, region: region) }
}
