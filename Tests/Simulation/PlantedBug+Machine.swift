internal import Ambient
internal import Recovery

/// Faults of the execution machine: it is made to work on a changed value, or with a changed event.
extension PlantedBug {
    static let ofTheMachine = [
        machine("a late LAUNCHED revives a server that failed", foundBy: [.settledServer]) { execution, event, now in
            let outcome = execution.receive(event, at: now)
            if case .serversReported(_, let reports) = event {
                let launched = reports.filter { $0.launchStatus == "LAUNCHED" }.map(\.sourceServerId)
                execution = execution.changed { server in
                    guard server.status == .failed, launched.contains(server.sourceServerId) else { return server }
                    return server.with(.launched)
                }
            }
            return outcome
        },
        machine("a retry takes the launched servers too", foundBy: [.retry, .settledServer]) { execution, event, now in
            let outcome = execution.receive(event, at: now)
            if case .retryRequested = event {
                execution = execution.changed { $0.status == .launched ? $0.with(.pending) : $0 }
            }
            return outcome
        },
        machine("a retry brings skipped servers back", foundBy: [.retry]) { execution, event, now in
            let outcome = execution.receive(event, at: now)
            if case .retryRequested = event {
                execution = execution.changed { $0.status == .skipped ? $0.with(.pending) : $0 }
            }
            return outcome
        },
        machine("a skip queues what it was to leave out", foundBy: [.skip]) { execution, event, now in
            let outcome = execution.receive(event, at: now)
            if case .skipRequested(let servers, _, _) = event {
                execution = execution.changed { server in
                    guard server.status == .skipped, servers.contains(server.sourceServerId) else { return server }
                    return server.with(.queued)
                }
            }
            return outcome
        },
        machine("one approval less is enough", foundBy: [.gates]) { execution, event, now in
            execution.receive(
                event,
                at: now,
                under: { wave in
                    if let rule = wave.approvals { wave.approvals?.count = max(1, rule.count - 1) }
                }
            )
        },
        machine("every failure fails its wave", foundBy: [.failure]) { execution, event, now in
            execution.receive(
                event,
                at: now,
                under: { wave in
                    for index in wave.servers.indices { wave.servers[index].impact = .critical }
                }
            )
        },
        machine("a failed wave stops nothing", foundBy: [.failure]) { execution, event, now in
            execution.receive(event, at: now, under: { $0.onFailure = .continue })
        },
        machine("an approval is not among what changed", foundBy: [.rows]) { execution, event, now in
            let outcome = execution.receive(event, at: now)
            if case .approved = event { return Execution.Outcome() }
            return outcome
        },
        machine("an approval is counted again", foundBy: [.again]) { execution, event, now in
            guard case .approved(let wave, let person, let comment) = event, execution.waves.indices.contains(wave),
                execution.waves[wave].gate.approvedBy.contains(person)
            else { return execution.receive(event, at: now) }
            return execution.receive(.approved(wave: wave, by: person + " again", comment: comment), at: now)
        },
        machine("a clean-up is asked for once", foundBy: [.cleanUp]) { execution, event, now in
            if case .terminationRequested = event, execution.control.cleanUp != nil { return Execution.Outcome() }
            return execution.receive(event, at: now)
        },
    ]

    private static func machine(
        _ name: String,
        foundBy laws: Set<Law>,
        _ receive: @escaping @Sendable (inout Execution, Execution.Event, Instant) -> Execution.Outcome
    ) -> PlantedBug {
        PlantedBug(name, foundBy: laws) { $0.receive = receive }
    }
}

extension Execution {
    /// The same with other servers.
    fileprivate func changed(_ change: (ServerRun) -> ServerRun) -> Execution {
        remade(plan: plan, servers: servers.map(change))
    }

    /// Answers an event as if the plan's waves were others.
    fileprivate mutating func receive(
        _ event: Event,
        at now: Instant,
        under change: (inout FrozenWave) -> Void
    ) -> Outcome {
        var other = plan
        for index in other.waves.indices { change(&other.waves[index]) }
        var execution = remade(plan: other, servers: servers)
        let outcome = execution.receive(event, at: now)
        self = execution.remade(plan: plan, servers: execution.servers)
        return outcome
    }

    private func remade(plan: FrozenPlan, servers: [ServerRun]) -> Execution {
        Execution(
            restoring: Header(
                id: id,
                plan: plan,
                type: type,
                reason: reason,
                startedBy: startedBy,
                startedAt: startedAt,
                declaredAt: declaredAt,
                status: status,
                endedAt: endedAt,
                verdict: verdict,
                control: control
            ),
            waves: waves.map {
                StoredWave(
                    waveNumber: $0.waveNumber,
                    status: $0.status,
                    waitingFor: $0.waitingFor,
                    gate: $0.gate,
                    startedAt: $0.startedAt,
                    endedAt: $0.endedAt
                )
            },
            servers: servers,
            jobs: Array(jobs.values)
        )
    }
}

extension Execution.ServerRun {
    /// The same in another state.
    fileprivate func with(_ status: ServerStatus) -> Execution.ServerRun {
        Execution.ServerRun(
            sourceServerId: sourceServerId,
            waveNumber: waveNumber,
            status: status,
            launchStatus: launchStatus,
            jobId: jobId,
            recoveryInstanceId: recoveryInstanceId,
            instanceState: instanceState,
            attempts: attempts,
            startedAt: startedAt,
            endedAt: endedAt,
            error: error,
            note: note
        )
    }
}
