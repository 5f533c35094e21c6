internal import Ambient
internal import Contract
internal import HTTPTypes
internal import PostgreSQL
internal import Synchronization

/// What the call that examines the hub does: for people who are not on its machine.
final class Diagnoses: Sendable {
    private let examination: Examination
    private let pool: Pool
    /// An examination asks issuers: one at a time, or it would be a way to have the hub ask them without end.
    private let isExamining = Mutex(false)

    init(_ examination: Examination, pool: Pool) {
        self.examination = examination
        self.pool = pool
    }

    func bind(to calls: inout Bindings) {
        calls.answer(GetDiagnosis.self) { _, context in try await self.diagnose(context) }
    }

    private func diagnose(_ context: CallContext) async throws -> DiagnosisView {
        let isFree = isExamining.withLock { busy in
            defer { busy = true }
            return !busy
        }
        guard isFree else {
            throw Problem(.tooManyRequests, "The hub is being examined already.", headers: [.retryAfter: "5"])
        }
        defer { isExamining.withLock { $0 = false } }
        let database = try await examination.database(pool, within: context.scope)
        let findings = examination.local + database + (await examination.issuers())
        return DiagnosisView(
            examinedAt: context.ambient.now,
            version: MusterVersion.text,
            findings: findings.map(\.view)
        )
    }
}

extension Finding {
    fileprivate var view: DiagnosisView.Finding {
        let shown: DiagnosisView.State =
            switch state {
            case .good: .good
            case .doubtful: .doubtful
            case .wrong: .wrong
            }
        return DiagnosisView.Finding(state: shown, subject: subject, detail: detail, remedy: remedy)
    }
}
