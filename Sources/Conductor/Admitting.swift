internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Store

/// Who may go to DRS in an account and Region, and what everyone else waits for.
struct PlaceAdmission: Sendable {
    var admitted: [String]
    /// By the key of the launch.
    var waits: [String: LaunchWait]

    /// Looks at everything that uses capacity or servers there now.
    init(in place: Place, at now: Instant, from runner: some Runner) async throws {
        let queue = try await runner.run(AdmissionStatements.queue(in: place, at: now))
        guard !queue.isEmpty else {
            (admitted, waits) = ([], [:])
            return
        }
        let ours = try await runner.run(AdmissionStatements.ours(in: place))
        let foreign = try await runner.run(AdmissionStatements.foreign(in: place))
        let quotas = try await runner.first(AdmissionStatements.quotas(in: place)) ?? nil
        let natives = try await runner.run(AdmissionStatements.nativePlans(inTheWayIn: place))
        let mine = ours.compactMap { id, count in id.map { ($0, count) } }
        let admission = Admission(
            quotas: quotas ?? Quotas(),
            jobsInUse: ours.count + foreign.count,
            serversInUse: ours.map(\.1).reduce(0, +) + foreign.reduce(0, +),
            serversByExecution: Dictionary(mine, uniquingKeysWith: +),
            jobsByExecution: Dictionary(mine.map { ($0.0, 1) }, uniquingKeysWith: +)
        )
        let inUse = Dictionary(natives.map { ($0.0, LaunchWait(for: $0.1)) }) { first, _ in first }
        let decision = admission.decision(on: queue.filter { inUse[$0.key] == nil })
        admitted = decision.admitted.map(\.key)
        waits = decision.waits.merging(inUse) { $1 }
    }
}

extension Conductor {
    /// Lets as many waiting launches of an account and Region go to spokes as its quotas allow.
    @discardableResult
    func admit(in place: Place, at now: Instant, _ transaction: Transaction) async throws -> PlaceAdmission {
        try await transaction.execute(AdmissionStatements.lock(place))
        let admission = try await PlaceAdmission(in: place, at: now, from: transaction)
        if !admission.admitted.isEmpty {
            try await transaction.execute(AdmissionStatements.admit(admission.admitted))
        }
        return admission
    }

    /// Tries the launches that wait for capacity again, wherever some do, and says in their journals that they wait.
    func admitWaiting() async throws {
        var waits: [String: LaunchWait] = [:]
        for place in try await pool.run(AdmissionStatements.placesWaiting(at: ambient.now)) {
            let admission = try await pool.transaction { transaction in
                try await admit(in: place, at: ambient.now, transaction)
            }
            if !admission.admitted.isEmpty { hints.send(.work(place.accountId)) }
            waits.merge(admission.waits) { $1 }
        }
        if !waits.isEmpty { try await tell(waits) }
    }

    /// Writes in journals what launches wait for: once a wait, for there is no end of looks.
    private func tell(_ waits: [String: LaunchWait]) async throws {
        let untold = try await pool.run(AdmissionStatements.untold(waits))
        for (id, keys) in Dictionary(grouping: untold, by: \.0).sorted(by: { $0.key < $1.key }) {
            try await turn(of: id) { turn, _ in
                for key in keys.map(\.1).sorted() {
                    if let wait = waits[key] { turn.receive(.launchWaits(JobKey(key), wait)) }
                }
            }
        }
    }
}
