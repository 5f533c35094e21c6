internal import JSON

extension DRSClient {
    /// Starts the recovery or the drill of 1 to 200 servers as one job; DRS's own quota is 100 a job.
    ///
    /// DRS has no token that makes this idempotent: the call is sent again only where it certainly was not performed,
    /// and else ends as `AWSFailure.isUnclear`, after which the job is looked for by its tags.
    ///
    /// - Parameters:
    ///   - servers: What to recover.
    ///   - isDrill: Whether it is a drill.
    ///   - tags: The job's tags; they need `drs:TagResource`.
    ///   - beforeSending: Asked right before each sending; what it throws ends the call unsent.
    /// - Returns: The job as DRS made it, with every server pending.
    /// - Throws: `AWSFailure`, or what `beforeSending` threw.
    package func startRecovery(
        of servers: [DRS.ServerToRecover],
        isDrill: Bool,
        tags: [String: String],
        beforeSending: (@Sendable () async throws -> Void)? = nil
    ) async throws -> DRS.Job {
        let list = servers.map { server in
            var members: JSON = ["sourceServerID": .string(server.sourceServerID)]
            if let point = server.recoverySnapshotID { members.set("recoverySnapshotID", to: .string(point)) }
            return members
        }
        let body: JSON = ["sourceServers": .array(list), "isDrill": .bool(isDrill), "tags": JSON(texts: tags)]
        let answer: JobAnswer = try await call(
            "StartRecovery",
            body,
            repetition: .onlyIfNotDone,
            beforeSending: beforeSending
        )
        return answer.job
    }

    /// Starts the termination of 1 to 200 recovery instances as one job.
    ///
    /// It takes no tags: after an unclear end, the state of the instances tells. An instance already gone may be a failure.
    package func terminateRecoveryInstances(
        _ ids: [String],
        beforeSending: (@Sendable () async throws -> Void)? = nil
    ) async throws -> DRS.Job? {
        let body: JSON = ["recoveryInstanceIDs": .array(ids.map { .string($0) })]
        let answer: OptionalJobAnswer = try await call(
            "TerminateRecoveryInstances",
            body,
            repetition: .onlyIfNotDone,
            beforeSending: beforeSending
        )
        return answer.job
    }

    private struct JobAnswer: Decodable, Sendable {
        let job: DRS.Job
    }

    private struct OptionalJobAnswer: Decodable, Sendable {
        let job: DRS.Job?
    }
}
