package import Ambient

/// The parts of an execution as they are stored, from which the value is made again.
extension Execution {
    /// What is stored once an execution.
    package struct Header: Sendable, Hashable {
        package var id: ID
        package var plan: FrozenPlan
        package var type: ExecutionType
        package var reason: String?
        package var startedBy: String
        package var startedAt: Instant
        package var declaredAt: Instant?
        package var status: ExecutionStatus
        package var endedAt: Instant?
        package var verdict: Verdict?
        package var control: Control

        package init(
            id: ID,
            plan: FrozenPlan,
            type: ExecutionType,
            reason: String?,
            startedBy: String,
            startedAt: Instant,
            declaredAt: Instant?,
            status: ExecutionStatus,
            endedAt: Instant?,
            verdict: Verdict?,
            control: Control
        ) {
            self.id = id
            self.plan = plan
            self.type = type
            self.reason = reason
            self.startedBy = startedBy
            self.startedAt = startedAt
            self.declaredAt = declaredAt
            self.status = status
            self.endedAt = endedAt
            self.verdict = verdict
            self.control = control
        }
    }

    /// Makes the value again; what is not among the rows is as it was at the beginning.
    package init(restoring header: Header, waves: [StoredWave], servers: [ServerRun], jobs: [JobRun]) {
        self.init(
            id: header.id,
            plan: header.plan,
            type: header.type,
            reason: header.reason,
            startedBy: header.startedBy,
            startedAt: header.startedAt,
            declaredAt: header.declaredAt
        )
        status = header.status
        endedAt = header.endedAt
        verdict = header.verdict
        control = header.control
        for wave in waves where self.waves.indices.contains(wave.waveNumber) {
            self.waves[wave.waveNumber].status = wave.status
            self.waves[wave.waveNumber].waitingFor = wave.waitingFor
            self.waves[wave.waveNumber].gate = wave.gate
            self.waves[wave.waveNumber].startedAt = wave.startedAt
            self.waves[wave.waveNumber].endedAt = wave.endedAt
        }
        for server in servers {
            if let position = positions[server.sourceServerId] { self.servers[position] = server }
        }
        self.jobs = Dictionary(jobs.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A wave as it is stored.
    package struct StoredWave: Sendable, Hashable {
        package var waveNumber: Int
        package var status: WaveStatus
        package var waitingFor: WaveRun.Waiting?
        package var gate: Gate
        package var startedAt: Instant?
        package var endedAt: Instant?

        package init(
            waveNumber: Int,
            status: WaveStatus,
            waitingFor: WaveRun.Waiting?,
            gate: Gate,
            startedAt: Instant?,
            endedAt: Instant?
        ) {
            self.waveNumber = waveNumber
            self.status = status
            self.waitingFor = waitingFor
            self.gate = gate
            self.startedAt = startedAt
            self.endedAt = endedAt
        }
    }
}
