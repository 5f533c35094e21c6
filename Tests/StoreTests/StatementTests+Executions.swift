internal import Ambient
internal import Audit
internal import Contract
internal import JSON
internal import Recovery
internal import Store
internal import TestKit

/// What the conductor, the agent protocol and the HTTP layer ask of the database.
extension Examined {
    private static let run = Rehearsal(.sample(waves: [1]))
    private static let id = Execution.ID.sample(1)
    private static let scope: [AccountNumber]? = [Place.sample().accountId]

    static let executions: [Examined] =
        [
            Examined("execution lock", ExecutionStatements.lock(id)),
            Examined("execution mark", ExecutionStatements.mark(of: id)),
            Examined("execution header", ExecutionStatements.header(id)),
            Examined("execution waves", ExecutionStatements.waves(of: id)),
            Examined("execution servers", ExecutionStatements.servers(of: id)),
            Examined("execution jobs", ExecutionStatements.jobs(of: id)),
            Examined(
                "execution insert",
                ExecutionStatements.insert(run.execution, journal: .init(sequence: 0, hash: ""))
            ),
            Examined("execution places", ExecutionStatements.insertPlaces(of: run.execution)),
            Examined(
                "execution update",
                ExecutionStatements.update(run.execution, journal: .init(sequence: 0, hash: ""))
            ),
            Examined("execution waves save", ExecutionStatements.save(run.execution.waves, of: id)),
            Examined("execution servers save", ExecutionStatements.save(run.execution.servers, of: id)),
            Examined("execution standing", ExecutionListStatements.standing(id)),
            // Every execution is looked at: it hides those of years.
            Examined("execution hide", ExecutionListStatements.hide(endedBefore: .sample, at: .sample), scans: true),
            Examined("journal append", JournalStatements.append([.init(sequence: 1, event: "{}", hash: "")], to: id)),
            Examined("journal end", JournalStatements.end(of: id)),
            Examined("journal", JournalStatements.events(of: id, after: 0, limit: 1)),
            Examined(
                "journal end narrowed",
                JournalStatements.last(
                    1,
                    of: id,
                    after: 0,
                    filter: .init(waveNumber: 1, sourceServerId: .sample(1), isOfProblems: true),
                    limit: 1
                )
            ),
            Examined("job log of a server", JobLogStatements.page(of: id, server: .sample(1), after: nil, limit: 1)),
            Examined("job log", JobLogStatements.page(of: id, after: nil, limit: 1)),
            Examined("job log after one", JobLogStatements.page(of: id, after: (.sample, 1), limit: 1)),
            Examined("timer due", TimerStatements.due(at: .sample, limit: 1)),
            Examined("timer take", TimerStatements.take(of: id, at: .sample)),
            Examined("timer drop", TimerStatements.drop(of: id)),
        ]
        + [true, false].map { isActive in
            Examined(
                "executions that \(isActive ? "run" : "have ended")",
                ExecutionListStatements.list(
                    ExecutionListStatements.Filter(isActive: isActive, scope: scope),
                    newestFirst: true,
                    after: nil,
                    limit: 1
                )
            )
        }
        + [true, false].flatMap { newestFirst in
            [nil, (Instant.sample, id)].map { last in
                Examined(
                    "executions \(newestFirst) after \(last?.1.description ?? "nothing")",
                    ExecutionListStatements.list(
                        ExecutionListStatements.Filter(scope: scope),
                        newestFirst: newestFirst,
                        after: last,
                        limit: 1
                    )
                )
            }
        }

    static let commands: [Examined] = [
        Examined(
            "command insert",
            CommandStatements.insert(
                .init(
                    commandId: .sample(1),
                    key: "k",
                    kind: "LAUNCH",
                    place: .sample(),
                    executionId: id,
                    state: "READY",
                    isRecovery: false,
                    serverCount: 1,
                    body: "{}"
                ),
                at: .sample
            )
        ),
        Examined("command lease", CommandStatements.lease(for: .sample(1), limit: 1, until: .sample, at: .sample)),
        Examined("command leased to a session", CommandStatements.leased(to: .sample(1))),
        Examined("claim hand-over", ClaimStatements.handOver([.sample(1)], from: .sample(1))),
        Examined("command renew", CommandStatements.renew(.sample(1), holding: [(.sample(1), 1)], until: .sample)),
        Examined("command find", CommandStatements.find([.sample(1)])),
        Examined("command lock", CommandStatements.lock([.sample(1)])),
        Examined("command acknowledge", CommandStatements.acknowledge(.sample(1), sequence: 1)),
        Examined("command end", CommandStatements.end(.sample(1), as: "DONE", problem: nil, at: .sample)),
        Examined(
            "command defer",
            CommandStatements.deferLaunch(
                .sample(1),
                until: .sample,
                isUnclear: true,
                isSettled: false,
                code: "c",
                text: "t"
            )
        ),
        Examined("command withdraw", CommandStatements.withdraw(["k"], at: .sample)),
        Examined("command hold", CommandStatements.hold(["k"])),
        Examined("command release", CommandStatements.release(["k"])),
        Examined("command expire", CommandStatements.expireLeases(at: .sample)),
        Examined("command standing", CommandStatements.standing(ofKey: "k")),
        Examined("command keep", CommandStatements.keep([:], of: .sample(1))),
        Examined("command forget", CommandStatements.forget(endedBefore: .sample)),
        Examined("claim", ClaimStatements.claim([.sample(1)], for: id)),
        Examined("claim release", ClaimStatements.release(of: id)),
        Examined("claim holders", ClaimStatements.holders(of: [.sample(1)], except: nil)),
        // Jobs in progress are few, and no index knows what is in an array of them.
        Examined("claim foreign jobs", ClaimStatements.foreignJobs(with: [.sample(1)]), scans: true),
        Examined("claim work", ClaimStatements.hasWorkUnderWay(id)),
        // Active executions of DRS's own plans are a handful.
        Examined("native conflicts", NativeExecutionStatements.conflicts(with: [.sample(1)]), scans: true),
        Examined("admission lock", AdmissionStatements.lock(.sample())),
        Examined("admission places", AdmissionStatements.placesWaiting(at: .sample)),
        Examined("admission queue", AdmissionStatements.queue(in: .sample(), at: .sample)),
        Examined("admission ours", AdmissionStatements.ours(in: .sample())),
        Examined("admission foreign", AdmissionStatements.foreign(in: .sample()), scans: true),
        Examined("admission quotas", AdmissionStatements.quotas(in: .sample())),
        Examined("admission native", AdmissionStatements.nativePlans(inTheWayIn: .sample()), scans: true),
        Examined("admission untold", AdmissionStatements.untold(["k": LaunchWait(.aws, code: "X", text: "")])),
        Examined("command keep back", CommandStatements.keepBack("k")),
        Examined("command rewrite", CommandStatements.rewrite("k", body: "{}")),
        Examined("admission admit", AdmissionStatements.admit(["k"])),
        Examined("admission waiting", AdmissionStatements.waiting(of: id)),
        Examined("reconciler due", ReconcilerStatements.due(at: .sample)),
        // Sessions are as many as spokes.
        Examined("reconciler sync", ReconcilerStatements.placesToSync(at: .sample), scans: true),
        Examined("reconciler served", ReconcilerStatements.placesServed(of: nil, at: .sample), scans: true),
    ]

    static let agents: [Examined] =
        [
            Examined(
                "challenge",
                AgentSessionStatements.insertChallenge([1], region: Place.sample().region, until: .sample)
            ),
            Examined("challenge take", AgentSessionStatements.takeChallenge([1], at: .sample)),
            Examined("registrations", AgentSessionStatements.registrations(of: [Place.sample().accountId])),
            Examined("session touch", AgentSessionStatements.touch([1], at: .sample)),
            Examined(
                "spoke enrol",
                AgentSessionStatements.enrol(.sample(1), name: "a", principal: "b", version: "1", at: .sample)
            ),
            Examined(
                "session insert",
                AgentSessionStatements.insert(.sample(1), of: .sample(1), tokenHash: [1], until: .sample, at: .sample)
            ),
            Examined(
                "session renew",
                AgentSessionStatements.renew(.sample(1), tokenHash: [1], until: .sample, at: .sample)
            ),
            Examined("session extend", AgentSessionStatements.extend(.sample(1), tokenHash: [1], until: .sample)),
            Examined("stream open", AgentSessionStatements.streamOpen(.sample(1), at: .sample)),
            Examined("stream closed", AgentSessionStatements.streamClosed(.sample(1), at: .sample)),
            Examined("inventory stage", InventoryStatements.stage(page, at: .sample)),
            Examined("inventory staged", InventoryStatements.staged("t", in: .sample())),
            Examined("inventory unstage", InventoryStatements.unstage("t", in: .sample(), at: .sample)),
            Examined("inventory synced", InventoryStatements.synced(page, at: .sample)),
            Examined("inventory looked up", InventoryStatements.lookedUp(in: .sample())),
            Examined("inventory add", InventoryStatements.addServers([], in: .sample())),
            Examined("inventory change", InventoryStatements.changeServers([], in: .sample())),
            Examined(
                "inventory remove",
                InventoryStatements.removeServers(except: [.sample(1)], lookedUp: nil, in: .sample())
            ),
        ]
        + each("session forget", AgentSessionStatements.forget(at: .sample))
        + each("session grant", AgentSessionStatements.grant([], to: .sample(1)))
        + each("inventory instances", InventoryStatements.instances([], lookedUp: nil, in: .sample(), at: .sample))
        + each("inventory jobs", InventoryStatements.jobs([], in: .sample()))
        + each("native unknown", NativeExecutionStatements.observe(nil, in: .sample(), at: .sample))
        + each("native observe", NativeExecutionStatements.observe([native], in: .sample(), at: .sample))

    static let requests: [Examined] = [
        Examined(
            "key claim",
            IdempotencyStatements.claim(use, intending: "x", at: .sample, abandoned: .sample, expired: .sample)
        ),
        Examined("key abandon", IdempotencyStatements.abandon(use, claimed: .sample, abandoned: .sample)),
        Examined("audit event written", AuditEvent.isWritten(.sample(1))),
        Examined("key find", IdempotencyStatements.find(use)),
        Examined("key keep", IdempotencyStatements.keep(use, status: 200, headers: [:], body: nil)),
        Examined("key release", IdempotencyStatements.release(use, claimed: .sample)),
        Examined("key forget", IdempotencyStatements.forget(before: .sample)),
        Examined("key set", KeySetStatements.find(of: "issuer")),
        Examined("key set keep", KeySetStatements.keep("{}", of: "issuer", at: .sample)),
    ]

    private static let use = IdempotencyStatements.Use(principal: "ada", path: "/", key: "k", bodyHash: [1])

    private static let native = InventoryPage.NativeExecution(
        executionArn: "arn:1",
        planArn: nil,
        planName: nil,
        status: "CREATED",
        startedAt: nil,
        sourceServerIds: [.sample(1)]
    )

    static let page = InventoryPage(
        accountId: Place.sample().accountId,
        region: Place.sample().region,
        syncToken: "t",
        page: 0,
        isLast: true,
        isInitialized: true,
        lookedUp: nil,
        sourceServers: [],
        recoveryInstances: [],
        jobs: [],
        quotas: nil
    )
}
