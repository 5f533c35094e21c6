internal import Ambient
internal import JSON
internal import OrderedCollections

extension World {
    func describeSourceServers(_ call: Call) throws(Refusal) -> Output {
        let estate = try initializedEstate(at: call.place)
        let page = try Page(of: call, settings: settings)
        let filters = try Members(call.json).object("filters")
        let ids = try filters?.strings("sourceServerIDs") ?? []
        guard ids.count <= 200 else { throw .validation("sourceServerIDs must have at most 200 members.") }
        for id in ids { try Members.check(id, prefix: "s", "sourceServerIDs") }
        let staging = Set(try filters?.strings("stagingAccountIDs") ?? [])
        let hardware = try filters?.string("hardwareId")
        let isFiltered = !ids.isEmpty || !staging.isEmpty || hardware != nil
        let chosen = isFiltered ? chosen(ids, staging, hardware, of: estate)[...] : estate.servers.values.elements[...]
        let start = min(page.position ?? 0, chosen.count)
        let items = chosen.dropFirst(start).prefix(page.size)
        let next = start + items.count
        let rendered = items.map { render($0, of: estate, now: call.now) }
        return .json(list(rendered, next: next < chosen.count ? page.token(at: next) : nil))
    }

    private func chosen(
        _ ids: [String],
        _ staging: Set<String>,
        _ hardware: String?,
        of estate: Estate
    ) -> [SourceServer] {
        let servers = ids.isEmpty ? Array(estate.servers.values) : ids.compactMap { estate.servers[$0] }
        return servers.filter { server in
            (staging.isEmpty || staging.contains(server.stagingAccount ?? estate.place.account))
                && (hardware.map { $0 == Self.hardware(of: server) } ?? true)
        }
    }

    func describeRecoverySnapshots(_ call: Call) throws(Refusal) -> Output {
        let estate = try initializedEstate(at: call.place)
        let page = try Page(of: call, settings: settings)
        let input = Members(call.json)
        let id = try input.identifier("sourceServerID", prefix: "s")
        guard let server = estate.servers[id] else { throw .notFound(id, "SourceServer") }
        let filters = try input.object("filters")
        let from = try instant("fromDateTime", in: filters)
        let to = try instant("toDateTime", in: filters)
        let points = server.recoveryPoints(at: call.now).filter {
            $0.taken >= from ?? $0.taken && $0.taken <= to ?? $0.taken
        }
        let isAscending = try input.string("order") != "DESC"
        let rendered = (isAscending ? points.reversed() : points).map { point in
            JSON.object([
                "snapshotID": .string(point.id), "sourceServerID": .string(id),
                "expectedTimestamp": stamp.text(point.taken), "timestamp": stamp.text(point.taken),
                "ebsSnapshots": [.string(Naming.name("snap", of: point.id))],
            ])
        }
        let (items, next) = page.items(of: rendered)
        return .json(list(items, next: next))
    }

    func getLaunchConfiguration(_ call: Call) throws(Refusal) -> Output {
        let id = try Members(call.json).identifier("sourceServerID", prefix: "s")
        guard let server = try initializedEstate(at: call.place).servers[id] else {
            throw .notFound(id, "SourceServer")
        }
        return .json(renderLaunchConfiguration(of: server))
    }

    /// Changes the disposition and the recovery mode; the rest of a launch configuration is fixed here.
    mutating func updateLaunchConfiguration(_ call: Call) throws(Refusal) -> Output {
        let input = Members(call.json)
        let id = try input.identifier("sourceServerID", prefix: "s")
        guard var server = try initializedEstate(at: call.place).servers[id] else {
            throw .notFound(id, "SourceServer")
        }
        if let text = try input.string("launchDisposition") {
            guard let disposition = SourceServer.Disposition(rawValue: text) else {
                throw .validation("launchDisposition must be STARTED or STOPPED.")
            }
            server.disposition = disposition
        }
        if let text = try input.string("recoveryMode") {
            guard let mode = SourceServer.RecoveryMode(rawValue: text) else {
                throw .validation("recoveryMode must be FAST or OPTIMAL.")
            }
            server.recoveryMode = mode
        }
        estates[call.place]?.servers[id] = server
        return .json(renderLaunchConfiguration(of: server))
    }

    private func renderLaunchConfiguration(of server: SourceServer) -> JSON {
        .object([
            "sourceServerID": .string(server.id), "name": .string(server.hostname),
            "ec2LaunchTemplateID": .string(Naming.name("lt", of: server.id)),
            "launchDisposition": .string(server.disposition.rawValue),
            "targetInstanceTypeRightSizingMethod": "BASIC", "copyPrivateIp": false, "copyTags": true,
            "licensing": .object(["osByol": false]), "postLaunchEnabled": false,
            "recoveryMode": .string(server.recoveryMode.rawValue),
        ])
    }

    private func instant(_ name: String, in filters: Members?) throws(Refusal) -> Instant? {
        guard let text = try filters?.string(name) else { return nil }
        guard let instant = Instant(text) else { throw .validation("\(name) is not an ISO 8601 time.") }
        return instant
    }

    static func hardware(of server: SourceServer) -> String {
        "hw-" + String(Naming.hash(server.id), radix: 16)
    }

    // MARK: In DRS's words

    private func render(_ server: SourceServer, of estate: Estate, now: Instant) -> JSON {
        let moment = clock.simulated(at: now)
        var answer: OrderedDictionary<String, JSON> = [
            "sourceServerID": .string(server.id), "arn": .string(estate.place.arn("source-server/\(server.id)")),
            "tags": Self.render(server.tags),
        ]
        if let instance = estate.instances(of: server.id, at: moment).last {
            answer["recoveryInstanceId"] = .string(instance.id)
        }
        answer["lastLaunchResult"] = .string(lastResult(of: server, at: moment))
        answer["dataReplicationInfo"] = renderReplication(of: server, in: estate.place, now: now)
        answer["lifeCycle"] = renderLifeCycle(of: server, now: now)
        answer["sourceProperties"] = renderProperties(of: server)
        answer["stagingArea"] = renderStaging(of: server, in: estate.place)
        answer["sourceCloudProperties"] = .object([
            "originAccountID": .string(server.stagingAccount ?? estate.place.account),
            "originRegion": .string(estate.place.region),
            "originAvailabilityZone": .string(estate.place.region + "a"),
        ])
        answer["replicationDirection"] = "FAILOVER"
        answer["agentVersion"] = "5.6.2"
        return .object(answer)
    }

    private func lastResult(of server: SourceServer, at moment: Duration) -> String {
        switch server.lastLaunch?.participant.status(at: moment) {
        case nil: "NOT_STARTED"
        case .pending, .inProgress: "PENDING"
        case .launched, .terminated: "SUCCEEDED"
        case .failed: "FAILED"
        }
    }

    private func renderReplication(of server: SourceServer, in place: Place, now: Instant) -> JSON {
        let lag = server.replication.isBroken ? server.stoppedFollowing.map { now - $0 } ?? server.lag : server.lag
        var (total, replicated): (Int64, Int64) = (32 << 30, 32 << 30)
        if server.replication == .initialSync { replicated = 12 << 30 }
        if server.replication == .initiating { (total, replicated) = (0, 0) }
        var answer: OrderedDictionary<String, JSON> = [
            "lagDuration": Stamp.span(lag), "dataReplicationState": .string(server.replication.rawValue),
            "replicatedDisks": [
                .object([
                    "deviceName": "/dev/nvme0n1", "totalStorageBytes": .integer(total),
                    "replicatedStorageBytes": .integer(replicated), "rescannedStorageBytes": 0,
                    "backloggedStorageBytes": .integer(server.replication == .backlog ? 1 << 28 : 0),
                    "volumeStatus": "REGULAR",
                ])
            ],
            "stagingAvailabilityZone": .string(place.region + "a"),
        ]
        if server.replication == .stalled {
            answer["dataReplicationError"] = .object([
                "error": "AGENT_NOT_SEEN", "rawError": "The agent has not been seen since it stopped.",
            ])
        }
        return .object(answer)
    }

    private func renderLifeCycle(of server: SourceServer, now: Instant) -> JSON {
        // Every server of a world was added 30 days before it began.
        let added = clock.wallClock(at: .zero) - .seconds(30 * 86_400)
        let seen = server.stoppedFollowing ?? now
        var initiated: OrderedDictionary<String, JSON> = [:]
        var last: OrderedDictionary<String, JSON> = [:]
        if let launch = server.lastLaunch {
            initiated["apiCallDateTime"] = stamp.text(launch.asked)
            initiated["jobID"] = .string(launch.job)
            initiated["type"] = launch.isDrill ? "DRILL" : "RECOVERY"
            last["status"] = .string(launch.participant.status(at: clock.simulated(at: now)).rawValue)
        }
        last["initiated"] = .object(initiated)
        return .object([
            "addedToServiceDateTime": stamp.text(added), "firstByteDateTime": stamp.text(added + .seconds(240)),
            "elapsedReplicationDuration": Stamp.span(now - added), "lastSeenByServiceDateTime": stamp.text(seen),
            "lastLaunch": .object(last),
        ])
    }

    private func renderProperties(of server: SourceServer) -> JSON {
        let hash = Naming.hash(server.id)
        let system = server.platform == .windows ? "Windows Server 2022 Datacenter" : "Debian GNU/Linux 12 (bookworm)"
        return .object([
            "lastUpdatedDateTime": stamp.text(.zero), "recommendedInstanceType": "m5.large",
            "identificationHints": .object([
                "fqdn": .string("\(server.hostname).internal"), "hostname": .string(server.hostname),
                "awsInstanceID": .string(Naming.name("i", of: "source of " + server.id)),
            ]),
            "networkInterfaces": [
                .object([
                    "macAddress": "02:00:00:00:00:01", "isPrimary": true,
                    "ips": [.string("172.16.\(hash >> 8 & 0xFF).\(hash >> 16 & 0xFF)")],
                ])
            ],
            "disks": [.object(["deviceName": "/dev/nvme0n1", "bytes": .integer(32 << 30)])],
            "cpus": [.object(["cores": 2, "modelName": "Intel(R) Xeon(R) Platinum"])], "ramBytes": .integer(8 << 30),
            "os": .object(["fullString": .string(system)]), "supportsNitroInstances": true, "architecture": "x86_64",
        ])
    }

    private func renderStaging(of server: SourceServer, in place: Place) -> JSON {
        guard let account = server.stagingAccount else {
            return .object(["status": "NOT_EXTENDED", "stagingAccountID": .string(place.account)])
        }
        let source = Place(account: account, region: place.region).arn("source-server/\(server.id)")
        return .object([
            "status": "EXTENDED", "stagingAccountID": .string(account), "stagingSourceServerArn": .string(source),
        ])
    }
}
