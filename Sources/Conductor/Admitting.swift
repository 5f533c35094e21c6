internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Store

extension Conductor {
    /// Lets as many waiting launches of an account and Region go to spokes as its quotas allow; says whether any did.
    func admit(in place: Place, at now: Instant, _ transaction: Transaction) async throws -> Bool {
        try await transaction.execute(AdmissionStatements.lock(place))
        let queue = try await transaction.run(AdmissionStatements.queue(in: place, at: now))
        guard !queue.isEmpty else { return false }
        let ours = try await transaction.run(AdmissionStatements.ours(in: place))
        let foreign = try await transaction.run(AdmissionStatements.foreign(in: place))
        let quotas = try await transaction.first(AdmissionStatements.quotas(in: place)) ?? nil
        let admission = Admission(
            quotas: quotas ?? Quotas(),
            jobsInUse: ours.count + foreign.count,
            serversInUse: ours.map(\.1).reduce(0, +) + foreign.reduce(0, +),
            serversByExecution: Dictionary(ours.compactMap { id, count in id.map { ($0, count) } }, uniquingKeysWith: +)
        )
        let admitted = admission.admitted(from: queue).map(\.key)
        guard !admitted.isEmpty else { return false }
        try await transaction.execute(AdmissionStatements.admit(admitted))
        return true
    }

    /// Tries the launches that wait for capacity again, wherever some do.
    func admitWaiting() async throws {
        for place in try await pool.run(AdmissionStatements.placesWaiting(at: ambient.now)) {
            let hasAdmitted = try await pool.transaction { transaction in
                try await admit(in: place, at: ambient.now, transaction)
            }
            if hasAdmitted { hints.send(.work(place.accountId)) }
        }
    }
}
