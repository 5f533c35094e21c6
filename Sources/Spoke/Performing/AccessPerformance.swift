internal import AWS
internal import Ambient
internal import Contract
internal import Recovery

/// Tries what can be tried in an account without changing anything.
///
/// StartRecovery has no dry run, so IAM is asked about it where the role may ask. That the role cannot be assumed without
/// the external ID, or with a wrong one, is proved by trying: both must be denied.
struct AccessPerformance: Sendable {
    /// Names of what is no IAM action.
    static let withoutExternalId = "AssumeRoleWithoutExternalId"
    static let withWrongExternalId = "AssumeRoleWithWrongExternalId"

    let place: ServedPlace
    let equipment: Equipment

    func checks() async throws -> [AccessCheck] {
        var checks = [try await check("sts:AssumeRole") { try await assume(place.account.externalId) }]
        checks.append(try await check(Self.withoutExternalId) { try await assume(nil) })
        let wrong = equipment.ambient.identifier(for: AccessCheck.self).description
        checks.append(try await check(Self.withWrongExternalId) { try await assume(wrong) })
        guard checks[0].result == .allowed else { return checks }
        let drs = place.drs
        var server: String?
        checks.append(
            try await check("drs:DescribeSourceServers") {
                server = try await drs.sourceServers().first?.sourceServerID
            }
        )
        if let server {
            checks.append(
                try await check("drs:GetLaunchConfiguration") { _ = try await drs.launchConfiguration(of: server) }
            )
            checks.append(
                try await check("drs:DescribeRecoverySnapshots") {
                    _ = try await drs.recoverySnapshots(of: server) { _ in true }
                }
            )
        }
        checks.append(try await check("drs:DescribeRecoveryInstances") { _ = try await drs.recoveryInstances() })
        let since = equipment.ambient.now
        checks.append(try await check("drs:DescribeJobs") { _ = try await drs.jobs(since: since) })
        let tried = Set(checks.map(\.action))
        checks += try await simulated(RequiredActions.all.filter { !tried.contains($0) })
        return checks
    }

    private func assume(_ externalId: String?) async throws {
        _ = try await place.sts.assumeRole(
            place.account.roleArn,
            sessionName: "muster-access-check",
            externalID: externalId,
            duration: .seconds(900)
        )
    }

    /// What a try says: it was denied, it was not, or something else stood in the way.
    private func check(_ action: String, _ body: () async throws -> Void) async throws -> AccessCheck {
        do {
            try await body()
            return AccessCheck(action: action, result: .allowed)
        } catch let failure as AWSFailure {
            if failure.isUninitialized {
                return AccessCheck(action: action, result: .allowed, detail: "DRS is not initialised here")
            }
            // Who may not ask is told so, and not that there is nothing.
            if failure.isNotFound { return AccessCheck(action: action, result: .allowed) }
            let result: AccessCheck.Result = failure.isAccessDenied ? .denied : .notChecked
            return AccessCheck(action: action, result: result, detail: failure.description)
        }
    }

    private func simulated(_ actions: [String]) async throws -> [AccessCheck] {
        switch try await place.iam.simulatePrincipalPolicy(of: place.account.roleArn, actions: actions) {
        case .denied(let denied):
            let denied = Set(denied)
            return actions.map { AccessCheck(action: $0, result: denied.contains($0) ? .denied : .allowed) }
        case .notChecked(let reason):
            return actions.map { AccessCheck(action: $0, result: .notChecked, detail: reason) }
        }
    }
}
