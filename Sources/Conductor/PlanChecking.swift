package import Ambient
internal import Contract
internal import Logging
internal import PostgreSQL
package import Recovery
package import Store

/// The standing check: whether plans could be recovered, looked at every 30 minutes and soon after every change.
///
/// The queue is in PostgreSQL. Any replica takes what is due, for a while; what a replica took that died is due again
/// when that while is over. So each change is checked once, or once more, and never not at all.
extension Conductor {
    /// How long a plan that was taken is nobody else's: a check takes far less than a second.
    package static let checkLease: Duration = .seconds(30)
    /// How often due plans are looked for: one look at an index where there are none.
    private static let checkPoll: Duration = .seconds(1)
    /// Plans that a replica checks in one go before it looks whether it is to stop.
    private static let plansPerTurn = 20
    /// Turns between two looks at places, servers and access.
    private static let placeTurns = 5
    /// Servers of one command that looks at them one by one: a few seconds of a spoke's time.
    package static let serversPerLook = 50

    /// Checks until cancelled; an unreachable database is reported once and tried again.
    package func runChecks() async {
        var (turn, isAway) = (0, false)
        while !Task.isCancelled {
            do {
                if turn % Self.placeTurns == 0 { try await prepareChecks() }
                while try await checkPlans() == Self.plansPerTurn { try Task.checkCancellation() }
                isAway = false
            } catch is CancellationError {
                return
            } catch {
                if !isAway { logger.error("plans are not checked; trying again", metadata: ["reason": "\(error)"]) }
                isAway = true
            }
            turn += 1
            do { try await ambient.time.sleep(for: Self.checkPoll) } catch { return }
        }
    }

    /// Checks plans that are due; answers how many it took.
    @discardableResult
    package func checkPlans() async throws -> Int {
        let taken = try await takePlans()
        for plan in taken.plans { try await check(plan, under: taken.lease) }
        return taken.plans.count
    }

    /// Takes plans that are due: nobody else checks them while the lease lasts.
    package func takePlans() async throws -> (plans: [PlanReadinessStatements.Taken], lease: Instant) {
        let lease = ambient.now + Self.checkLease
        let due = PlanReadinessStatements.take(limit: Self.plansPerTurn, until: lease, at: ambient.now)
        return (try await pool.run(due), lease)
    }

    /// Checks a plan that was taken, and stores the verdict unless something changed meanwhile.
    package func check(_ taken: PlanReadinessStatements.Taken, under lease: Instant) async throws {
        let now = ambient.now
        let check = try await pool.transaction(.snapshot) { transaction in
            try await gatherCheck(taken.planId, within: nil, at: now, in: transaction)?.check
        }
        // A plan that was deleted has no row either.
        guard let check else { return }
        try await store(check, of: taken, under: lease, at: now)
    }

    /// Stores a verdict, and tells of a plan that is not ready any more.
    private func store(
        _ check: PlanCheck,
        of taken: PlanReadinessStatements.Taken,
        under lease: Instant?,
        at now: Instant
    ) async throws {
        let readiness = check.readiness
        try await pool.transaction { transaction in
            let former = try await transaction.first(
                PlanReadinessStatements.store(readiness, of: taken, under: lease, at: now)
            )
            // That its servers are in use, by a drill of its own for instance, is nobody's worry.
            let faults = readiness.reasons.compactMap { ReadinessCode(rawValue: $0.code) }.filter {
                $0.weight == .fault
            }
            guard let former, readiness.state == .notReady, former != readiness.state.rawValue,
                faults.contains(where: { $0 != .serverConflict })
            else { return }
            let notice = Notice(
                noticeId: ambient.identifier(),
                kind: .planNotReady,
                at: now,
                accounts: Set(check.groups.values.map(\.place.accountId)).sorted(),
                planId: taken.planId,
                title: "Recovery plan \(check.plan.planName) is not ready",
                text: readiness.reasons.prefix(Self.toldReasons).map(\.text).joined(separator: "\n")
            )
            try await transaction.execute(notice.tell)
        }
    }

    /// Reasons that a notice tells; the page has them all.
    private static let toldReasons = 10

    /// A plan as it was looked at because a person asked.
    package struct Checked: Sendable {
        package var gathered: GatheredPlan
        package var check: PlanCheck
        package var at: Instant
    }

    /// Checks a plan now, and stores the verdict too; nil when there is no such plan for the caller.
    package func check(_ id: RecoveryPlan.ID, within scope: [AccountNumber]?) async throws -> Checked? {
        let now = ambient.now
        let found = try await pool.transaction(.snapshot) { transaction -> (Checked, Int)? in
            let doubts = try await transaction.first(PlanReadinessStatements.doubts(of: id))
            let found = try await gatherCheck(id, within: scope, at: now, in: transaction)
            guard let doubts, let found else { return nil }
            return (Checked(gathered: found.gathered, check: found.check, at: now), doubts)
        }
        guard let (checked, doubts) = found else { return nil }
        let taken = PlanReadinessStatements.Taken(planId: id, doubts: doubts)
        try await store(checked.check, of: taken, under: nil, at: now)
        return checked
    }

    private func gatherCheck(
        _ id: RecoveryPlan.ID,
        within scope: [AccountNumber]?,
        at now: Instant,
        in transaction: Transaction
    ) async throws -> (gathered: GatheredPlan, check: PlanCheck)? {
        let plan = try await RecoveryPlan.gather(id, within: scope, in: transaction, locking: false)
        guard let plan else { return nil }
        let looks = try await transaction.run(FindingStatements.find(plan.servers, at: now))
        let places = Set(plan.groups.values.map(\.place)).sorted()
        let standing = try await transaction.run(FindingStatements.standing(of: places, at: now))
        let check = PlanCheck(
            plan: plan.plan,
            groups: plan.groups,
            inventory: plan.inventory,
            looks: Dictionary(looks.map { ($0.sourceServerId, $0) }) { first, _ in first },
            places: Dictionary(standing.map { ($0.place, $0.standing) }) { first, _ in first },
            conflicts: try await conflicts(over: plan.servers, in: transaction)
        )
        return (plan, check)
    }
}

extension Conductor {
    /// Notes which places are served, and asks spokes for what has not been looked at for hours.
    package func prepareChecks() async throws {
        let now = ambient.now
        try await pool.execute(PlanReadinessStatements.notePlaces(at: now))
        // Within one stretch of time all replicas write the same keys, and so one command.
        let stretch = now.milliseconds / (Self.checkPoll.milliseconds * Int64(Self.placeTurns))
        var questions = try await pool.run(LookStatements.placesToTry(at: now)).map { place in
            question(
                .validateAccess(ValidateAccess()),
                in: place,
                key: "access/\(place.accountId)/\(place.region)/\(stretch)"
            )
        }
        let wanted = try await pool.run(LookStatements.serversToLookAt(limit: Self.serversPerLook, at: now))
        for (place, servers) in Dictionary(grouping: wanted, by: \.place).sorted(by: { $0.key < $1.key }) {
            let look = CheckServers(
                servers: servers.map { .init(sourceServerId: $0.server, recoverySnapshotIds: $0.pins) }
            )
            let first = servers.first?.server.rawValue ?? ""
            let key = "look/\(place.accountId)/\(place.region)/\(first)/\(stretch)"
            questions.append(question(.checkServers(look), in: place, key: key))
        }
        guard !questions.isEmpty else { return }
        try await pool.execute(questions.map { CommandStatements.insert($0, at: now) })
        for account in Set(questions.map(\.place.accountId)) { hints.send(.work(account)) }
    }
}
