internal import Ambient
internal import Store
internal import TestKit

/// What `/metrics` asks: counts over whole tables, so that they scan.
extension Examined {
    static let measures: [Examined] = [
        Examined("executions by status", MeasureStatements.executions, scans: true),
        Examined("executions beyond objective", MeasureStatements.beyondObjective(at: .sample), scans: true),
        Examined("launches waiting", MeasureStatements.launchesWaiting, scans: true),
        Examined("commands by state", MeasureStatements.commands, scans: true),
        Examined("spokes by state", MeasureStatements.spokes, scans: true),
        Examined("plans by readiness", MeasureStatements.plans, scans: true),
        Examined("drills overdue", MeasureStatements.drillsOverdue(at: .sample), scans: true),
        Examined("servers stalled", MeasureStatements.serversStalled, scans: true),
        Examined("drill instances left", MeasureStatements.drillInstances, scans: true),
        Examined("doctor's server", DoctorStatements.server),
        Examined("doctor's spokes", DoctorStatements.spokes(within: nil), scans: true),
        Examined("doctor's unserved accounts", DoctorStatements.unserved(within: [], at: .sample), scans: true),
        Examined("doctor's rights", DoctorStatements.rights(within: []), scans: true),
        Examined("heartbeats", MeasureStatements.heartbeats, scans: true),
    ]
}
