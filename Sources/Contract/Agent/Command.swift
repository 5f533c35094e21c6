package import Ambient
package import Recovery

/// Work that the hub gives a spoke, as it stands in the command stream: leased, with a term and a deadline.
///
/// The hub stored it before the spoke sees it. Every report names `attempt` and `term`; a report under an old term is
/// answered as stale, and the spoke drops the work.
package struct AgentCommand: Sendable, Hashable, Codable {
    package typealias ID = Identifier<AgentCommand>

    package var commandId: ID
    /// How often this work has been handed out, from 1.
    package var attempt: Int
    /// The lease's number; it grows with every lease.
    package var term: Int
    package var accountId: AccountNumber
    package var region: Region
    /// When the lease ends unless a heartbeat renews it.
    package var deadline: Instant
    /// The step that ordered it, of the trace of what a person or a schedule began; nil from hubs that know of none.
    package var trace: TraceContext?
    package var work: Work

    package init(
        commandId: ID,
        attempt: Int,
        term: Int,
        accountId: AccountNumber,
        region: Region,
        deadline: Instant,
        trace: TraceContext? = nil,
        work: Work
    ) {
        self.commandId = commandId
        self.attempt = attempt
        self.term = term
        self.accountId = accountId
        self.region = region
        self.deadline = deadline
        self.trace = trace
        self.work = work
    }

    package var place: Place { Place(accountId: accountId, region: region) }

    /// What kind of work a command is; the label on the wire and in the database.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case syncInventory = "SYNC_INVENTORY"
        case launch = "LAUNCH"
        case terminateInstances = "TERMINATE_INSTANCES"
        case validateAccess = "VALIDATE_ACCESS"
        case checkServers = "CHECK_SERVERS"
        case publish = "PUBLISH"
    }

    /// The work itself: `kind` and `body` on the wire.
    package enum Work: Sendable, Hashable {
        case syncInventory(SyncInventory)
        case launch(Launch)
        case terminateInstances(TerminateInstances)
        case validateAccess(ValidateAccess)
        case checkServers(CheckServers)
        case publish(Publish)

        package var kind: Kind {
            switch self {
            case .syncInventory: .syncInventory
            case .launch: .launch
            case .terminateInstances: .terminateInstances
            case .validateAccess: .validateAccess
            case .checkServers: .checkServers
            case .publish: .publish
            }
        }
    }
}

/// Start one DRS job and follow it to its end.
package struct Launch: Sendable, Hashable, Codable {
    /// `execution/wave/servers/attempt`: the value of the job's tag `muster:command`, by which the job is found again.
    package var key: String
    package var executionId: Execution.ID
    package var waveNumber: Int
    package var isDrill: Bool
    package var servers: [Server]
    /// Set when an earlier attempt may have been sent: look for the tagged job for this long before starting one.
    package var settleSeconds: Int
    /// False when people paused or cancelled while an earlier attempt may have been sent; nil means true.
    ///
    /// Then the tagged job is followed if there is one, and none is started.
    package var mayStart: Bool?

    package struct Server: Sendable, Hashable, Codable {
        package var sourceServerId: SourceServerID
        /// Nil: the latest data.
        package var recoverySnapshotId: RecoverySnapshotID?

        package init(sourceServerId: SourceServerID, recoverySnapshotId: RecoverySnapshotID?) {
            self.sourceServerId = sourceServerId
            self.recoverySnapshotId = recoverySnapshotId
        }
    }

    package init(
        key: String,
        executionId: Execution.ID,
        waveNumber: Int,
        isDrill: Bool,
        servers: [Server],
        settleSeconds: Int,
        mayStart: Bool? = nil
    ) {
        self.key = key
        self.executionId = executionId
        self.waveNumber = waveNumber
        self.isDrill = isDrill
        self.servers = servers
        self.settleSeconds = settleSeconds
        self.mayStart = mayStart
    }
}

/// Terminate every recovery instance that the named jobs launched for the named servers, until DRS shows them gone.
package struct TerminateInstances: Sendable, Hashable, Codable {
    package var key: String
    package var executionId: Execution.ID
    /// The execution's jobs in this account and Region: instances are found by them, not by stored identifiers alone.
    package var jobIds: [String]
    package var servers: [Server]

    package struct Server: Sendable, Hashable, Codable {
        package var sourceServerId: SourceServerID
        package var recoveryInstanceId: String?

        package init(sourceServerId: SourceServerID, recoveryInstanceId: String?) {
            self.sourceServerId = sourceServerId
            self.recoveryInstanceId = recoveryInstanceId
        }
    }

    package init(key: String, executionId: Execution.ID, jobIds: [String], servers: [Server]) {
        self.key = key
        self.executionId = executionId
        self.jobIds = jobIds
        self.servers = servers
    }
}

/// Report the inventory of the command's account and Region; with `serverIds`, look these up at DRS and report them.
package struct SyncInventory: Sendable, Hashable, Codable {
    package var serverIds: [SourceServerID]?

    package init(serverIds: [SourceServerID]? = nil) {
        self.serverIds = serverIds
    }
}

/// Try what can be tried without changing anything, and say which IAM action is missing.
package struct ValidateAccess: Sendable, Hashable, Codable {
    package init() {}
}

/// Look at servers one by one: how they would be launched, and from which recovery points.
///
/// Both cost a call a server, which is why no sync of the inventory does it.
package struct CheckServers: Sendable, Hashable, Codable {
    package var servers: [Server]

    package struct Server: Sendable, Hashable, Codable {
        package var sourceServerId: SourceServerID
        /// Recovery points that plans pin, to be looked for.
        package var recoverySnapshotIds: [RecoverySnapshotID]

        package init(sourceServerId: SourceServerID, recoverySnapshotIds: [RecoverySnapshotID]) {
            self.sourceServerId = sourceServerId
            self.recoverySnapshotIds = recoverySnapshotIds
        }
    }

    package init(servers: [Server]) {
        self.servers = servers
    }
}

/// Publish a message to an SNS topic: the hub itself holds no AWS credentials.
package struct Publish: Sendable, Hashable, Codable {
    package var topicArn: String
    package var subject: String
    package var message: String

    package init(topicArn: String, subject: String, message: String) {
        self.topicArn = topicArn
        self.subject = subject
        self.message = message
    }
}
