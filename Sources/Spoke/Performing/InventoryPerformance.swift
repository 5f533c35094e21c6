internal import AWS
internal import Ambient
internal import Contract
internal import Logging
internal import Recovery

/// Reads the inventory of one account and Region and sends it to the hub, page by page under one token.
struct InventoryPerformance: Sendable {
    /// After failures of the hub, while the command's lease lasts.
    static let backoff = Backoff(base: .milliseconds(500), limit: .seconds(10))

    let sync: SyncInventory
    let place: ServedPlace
    let equipment: Equipment

    func perform() async throws {
        let inventory = try await read()
        for page in inventory.pages { try await send(page) }
        equipment.logger.info(
            "inventory sent",
            metadata: [
                "place": "\(place.place)", "servers": "\(inventory.servers.count)", "jobs": "\(inventory.jobs.count)",
                "isInitialized": "\(inventory.isInitialized)",
            ]
        )
    }

    private func read() async throws -> InventoryPages {
        let token = equipment.ambient.identifier(for: InventoryPage.self).description
        var inventory = InventoryPages(
            place: place.place,
            syncToken: token,
            isInitialized: true,
            lookedUp: sync.serverIds
        )
        do {
            if let ids = sync.serverIds?.map(\.rawValue) {
                inventory.servers = try await place.drs.sourceServers(ids).compactMap(InventoryPage.Server.init)
                inventory.instances = try await place.drs.recoveryInstances(ofServers: ids).map(
                    InventoryPage.RecoveryInstance.init
                )
            } else {
                inventory.servers = try await place.drs.sourceServers().compactMap(InventoryPage.Server.init)
                inventory.instances = try await place.drs.recoveryInstances().map(InventoryPage.RecoveryInstance.init)
                await describe(&inventory.instances)
                inventory.jobs = try await activeJobs().map(InventoryPage.Job.init)
                inventory.quotas = try await quotas()
                inventory.nativeExecutions = try await place.drs.activePlanExecutions()?.map(
                    InventoryPage.NativeExecution.init
                )
            }
        } catch let failure as AWSFailure where failure.isUninitialized {
            // Normal in discovery: DRS was never set up there, and then there is nothing.
            inventory = InventoryPages(
                place: place.place,
                syncToken: token,
                isInitialized: false,
                lookedUp: sync.serverIds
            )
        }
        return inventory
    }

    /// Adds what EC2 says of drills' instances, where it may be asked: their age and their price hang on it.
    private func describe(_ instances: inout [InventoryPage.RecoveryInstance]) async {
        let ids = instances.filter(\.isDrill).map(\.recoveryInstanceId)
        guard !ids.isEmpty else { return }
        do {
            let known = Dictionary(try await place.ec2.instances(ids).map { ($0.id, $0) }) { first, _ in first }
            for index in instances.indices {
                guard let instance = known[instances[index].recoveryInstanceId] else { continue }
                instances[index].launchedAt = instance.launchedAt?.instant
                instances[index].instanceType = instance.type
            }
        } catch {
            // The inventory is whole without it.
            equipment.logger.info("EC2 says nothing of instances", metadata: ["reason": "\(error)"])
        }
    }

    private func activeJobs() async throws -> [DRS.Job] {
        let (now, elapsed) = (equipment.ambient.now, equipment.ambient.time.elapsed())
        let window = place.activeJobs.value.window(at: elapsed)
        let jobs = try await place.drs.jobs(since: window)
        return place.activeJobs.change { $0.read(jobs, since: window, at: now, elapsed: elapsed) }
    }

    /// DRS's quotas where Service Quotas may be asked; what it does not name is as AWS documents it.
    private func quotas() async throws -> Quotas? {
        guard let known = try await place.quotas.quotas(), !known.isEmpty else { return nil }
        func number(_ code: String, _ otherwise: Int) -> Int {
            known[code].flatMap { $0 >= 0 && $0 < 1e9 ? Int($0) : nil } ?? otherwise
        }
        let documented = Quotas()
        return Quotas(
            concurrentJobs: number(ServiceQuotasClient.Code.concurrentJobs, documented.concurrentJobs),
            serversPerJob: number(ServiceQuotasClient.Code.serversInAJob, documented.serversPerJob),
            serversInAllJobs: number(ServiceQuotasClient.Code.serversInAllJobs, documented.serversInAllJobs),
            replicatingServers: number(ServiceQuotasClient.Code.replicatingServers, documented.replicatingServers),
            totalServers: number(ServiceQuotasClient.Code.totalServers, documented.totalServers)
        )
    }

    /// Sends a page until the hub takes it; the lease ends the trying, not a count.
    private func send(_ page: InventoryPage) async throws {
        var failures = 0
        while true {
            let session = try await equipment.badge.session()
            do {
                return try await equipment.hub.post("/agent/v1/inventory", page, token: session.token)
            } catch let failure as HubFailure {
                guard !failure.isPermanent, !failure.isForbidden else { throw failure }
                if failure.isUnauthenticated { equipment.badge.discard(token: session.token) }
                failures += 1
                try await equipment.ambient.time.sleep(
                    for: Self.backoff.delay(after: failures, with: equipment.ambient.chance)
                )
            }
        }
    }
}

extension InventoryPage.Server {
    /// Nil for a server whose identifier is none.
    init?(_ server: DRS.SourceServer) {
        guard let id = SourceServerID(rawValue: server.sourceServerID) else { return nil }
        let replication = server.dataReplicationInfo
        let hints = server.sourceProperties?.identificationHints
        self.init(
            sourceServerId: id,
            hostname: hints?.hostname ?? hints?.fqdn ?? hints?.awsInstanceID ?? "",
            tags: server.tags ?? [:],
            replicationState: replication?.dataReplicationState?.rawValue ?? "",
            lagSeconds: replication?.lagDuration.flatMap(ReplicationLag.seconds),
            recoveryInstanceId: server.recoveryInstanceId.flatMap { $0.isEmpty ? nil : $0 },
            lastLaunch: server.lifeCycle?.lastLaunch.flatMap(SourceServer.LastLaunch.init)
        )
    }
}

extension SourceServer.LastLaunch {
    /// Nil where nothing was ever launched, which DRS writes as an empty `initiated`.
    fileprivate init?(_ launch: DRS.LifeCycle.LastLaunch) {
        guard let type = launch.initiated?.type else { return nil }
        self.init(type: type, at: launch.initiated?.apiCallDateTime?.instant, status: launch.status?.rawValue)
    }
}

extension InventoryPage.RecoveryInstance {
    init(_ instance: DRS.RecoveryInstance) {
        self.init(
            recoveryInstanceId: instance.recoveryInstanceID,
            sourceServerId: instance.sourceServerID.flatMap(SourceServerID.init),
            jobId: instance.jobID,
            isDrill: instance.isDrill ?? false,
            state: instance.ec2InstanceState?.rawValue ?? ""
        )
    }
}

extension InventoryPage.Job {
    init(_ job: DRS.Job) {
        self.init(
            jobId: job.jobID,
            type: job.type?.rawValue ?? "",
            status: job.status?.rawValue ?? "",
            startedAt: job.creationDateTime?.instant,
            sourceServerIds: (job.participatingServers ?? []).compactMap {
                $0.sourceServerID.flatMap(SourceServerID.init)
            },
            commandKey: job.tags?[TaggedJobs.commandTag]
        )
    }
}

extension InventoryPage.NativeExecution {
    init(_ found: DRS.ActivePlanExecution) {
        self.init(
            executionArn: found.execution.recoveryPlanExecutionArn,
            planArn: found.execution.recoveryPlanArn,
            planName: found.planName,
            status: found.execution.status?.rawValue ?? "",
            startedAt: found.execution.startedAt?.instant,
            sourceServerIds: found.sourceServerIDs.compactMap(SourceServerID.init)
        )
    }
}
