internal import Recovery

extension ProgressEvent: Codable {
    /// The label of an event on the wire.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case jobAccepted = "JOB_ACCEPTED"
        case startDeferred = "START_DEFERRED"
        case servers = "SERVERS"
        case logItems = "LOG_ITEMS"
        case jobEnded = "JOB_ENDED"
        case instances = "INSTANCES"
        case access = "ACCESS"
        case findings = "FINDINGS"
        case done = "DONE"
        case failed = "FAILED"
    }

    private enum Member: String, CodingKey {
        case kind, job, servers, items, instances, checks, findings, problem
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        switch try members.decode(Kind.self, forKey: .kind) {
        case .jobAccepted: self = .jobAccepted(try members.decode(JobAccepted.self, forKey: .job))
        case .startDeferred: self = .startDeferred(try members.decode(Problem.self, forKey: .problem))
        case .servers: self = .servers(try members.decode([ServerReport].self, forKey: .servers))
        case .logItems: self = .logItems(try members.decode([JobLogItem].self, forKey: .items))
        case .jobEnded: self = .jobEnded(try members.decode(JobEnded.self, forKey: .job))
        case .instances: self = .instances(try members.decode([InstanceReport].self, forKey: .instances))
        case .access: self = .access(try members.decode([AccessCheck].self, forKey: .checks))
        case .findings: self = .findings(try members.decode([ServerFinding].self, forKey: .findings))
        case .done: self = .done
        case .failed: self = .failed(try members.decode(Problem.self, forKey: .problem))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(kind, forKey: .kind)
        switch self {
        case .jobAccepted(let job): try members.encode(job, forKey: .job)
        case .startDeferred(let problem): try members.encode(problem, forKey: .problem)
        case .servers(let servers): try members.encode(servers, forKey: .servers)
        case .logItems(let items): try members.encode(items, forKey: .items)
        case .jobEnded(let job): try members.encode(job, forKey: .job)
        case .instances(let instances): try members.encode(instances, forKey: .instances)
        case .access(let checks): try members.encode(checks, forKey: .checks)
        case .findings(let findings): try members.encode(findings, forKey: .findings)
        case .done: break
        case .failed(let problem): try members.encode(problem, forKey: .problem)
        }
    }

    package var kind: Kind {
        switch self {
        case .jobAccepted: .jobAccepted
        case .startDeferred: .startDeferred
        case .servers: .servers
        case .logItems: .logItems
        case .jobEnded: .jobEnded
        case .instances: .instances
        case .access: .access
        case .findings: .findings
        case .done: .done
        case .failed: .failed
        }
    }
}
