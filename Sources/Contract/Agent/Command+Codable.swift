internal import Ambient
internal import Recovery

extension AgentCommand {
    private enum Member: String, CodingKey {
        case commandId, attempt, term, kind, accountId, region, deadline, trace, body
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        commandId = try members.decode(ID.self, forKey: .commandId)
        attempt = try members.decode(Int.self, forKey: .attempt)
        term = try members.decode(Int.self, forKey: .term)
        accountId = try members.decode(AccountNumber.self, forKey: .accountId)
        region = try members.decode(Region.self, forKey: .region)
        deadline = try members.decode(Instant.self, forKey: .deadline)
        trace = try members.decodeIfPresent(TraceContext.self, forKey: .trace)
        work = try Work(
            kind: members.decode(Kind.self, forKey: .kind),
            from: members.superDecoder(forKey: .body)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(commandId, forKey: .commandId)
        try members.encode(attempt, forKey: .attempt)
        try members.encode(term, forKey: .term)
        try members.encode(work.kind, forKey: .kind)
        try members.encode(accountId, forKey: .accountId)
        try members.encode(region, forKey: .region)
        try members.encode(deadline, forKey: .deadline)
        try members.encodeIfPresent(trace, forKey: .trace)
        try work.body.encode(to: members.superEncoder(forKey: .body))
    }
}

extension AgentCommand.Work {
    /// Reads the body of a command of the given kind.
    package init(kind: AgentCommand.Kind, from decoder: any Decoder) throws {
        switch kind {
        case .syncInventory: self = .syncInventory(try SyncInventory(from: decoder))
        case .launch: self = .launch(try Launch(from: decoder))
        case .terminateInstances: self = .terminateInstances(try TerminateInstances(from: decoder))
        case .validateAccess: self = .validateAccess(try ValidateAccess(from: decoder))
        case .checkServers: self = .checkServers(try CheckServers(from: decoder))
        case .publish: self = .publish(try Publish(from: decoder))
        }
    }

    /// What stands in `body`.
    package var body: any Encodable & Sendable {
        switch self {
        case .syncInventory(let body): body
        case .launch(let body): body
        case .terminateInstances(let body): body
        case .validateAccess(let body): body
        case .checkServers(let body): body
        case .publish(let body): body
        }
    }
}
