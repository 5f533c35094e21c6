internal import Ambient

/// Everything that is known of a plan at one moment, from which its readiness is judged.
///
/// A value in, a verdict out: the database is read before, and the verdict stored afterwards, under a number that tells
/// whether anything changed meanwhile.
package struct PlanCheck: Sendable, Hashable {
    /// How often a plan is checked though nothing changed (product requirements: every 30 minutes).
    package static let interval: Duration = .seconds(1800)
    /// How long a change of the inventory waits for others before the plans that it concerns are checked.
    ///
    /// The pages and places of one sync then cost each plan one check.
    package static let settling: Duration = .seconds(2)
    /// How old an inventory may be that is read every minute: ten reads that did not come.
    package static let inventoryAge: Duration = .seconds(600)
    /// How long a spoke may be silent before its places count as not served: a rolling restart takes less.
    package static let spokePatience: Duration = .seconds(60)
    /// How often servers are looked at one by one, and access is tried.
    ///
    /// Launch settings and pinned recovery points change by hand or in days; each look is two calls a server.
    package static let lookInterval: Duration = .seconds(6 * 3600)
    /// How long what such a look found is believed: four looks that did not come.
    package static let lookAge: Duration = .seconds(24 * 3600)

    package var plan: RecoveryPlan
    /// The groups that the plan's waves name and that exist.
    package var groups: [ProtectionGroup.ID: GroupMembership]
    package var inventory: [SourceServerID: SourceServer]
    /// What looks at single servers found, where it is not too old.
    package var looks: [SourceServerID: ServerFinding]
    package var places: [Place: PlaceStanding]
    /// What uses servers of the plan now.
    package var conflicts: [Conflict]

    package init(
        plan: RecoveryPlan,
        groups: [ProtectionGroup.ID: GroupMembership],
        inventory: [SourceServerID: SourceServer],
        looks: [SourceServerID: ServerFinding],
        places: [Place: PlaceStanding],
        conflicts: [Conflict]
    ) {
        self.plan = plan
        self.groups = groups
        self.inventory = inventory
        self.looks = looks
        self.places = places
        self.conflicts = conflicts
    }

    /// The verdict.
    ///
    /// It never stops a start: a start makes its own choice from what is true then.
    package var readiness: Readiness {
        let found = findings
        let weights = Set(found.map(\.code.weight))
        let state: Readiness.State =
            weights.contains(.fault) ? .notReady : weights.contains(.doubt) ? .needsCheck : .verified
        return Readiness(state: state, reasons: found.map { $0.reason(placing: place(of:)) })
    }

    /// What a plan shows that was edited, or whose groups or accounts were, until it has been checked.
    package static let unchecked = Readiness(
        state: .needsCheck,
        reasons: [
            .init(
                code: ReadinessCode.notChecked.rawValue,
                text: "Something that the plan rests on was edited, and it has not been checked since.",
                whatToDo: ReadinessCode.notChecked.whatToDo
            )
        ]
    )
}

extension PlanCheck {
    /// One thing that was found, before it is put in the words of the API.
    package struct Finding: Sendable, Hashable {
        package var code: ReadinessCode
        package var text: String
        package var servers: [SourceServerID] = []
        package var places: [Place] = []
    }

    /// Everything that was found, the gravest first; each code once.
    package var findings: [Finding] {
        let order = ReadinessCode.allCases
        return (planFindings + placeFindings + serverFindings).sorted {
            (order.firstIndex(of: $0.code) ?? 0) < (order.firstIndex(of: $1.code) ?? 0)
        }
    }

    /// The servers of the plan as its groups are now, each once.
    package var servers: [SourceServerID] {
        Set(plan.waves.flatMap { $0.members(of: groups) }).sorted()
    }

    /// The account and Region of a server, by the inventory, or by its group where the inventory lost it.
    func place(of server: SourceServerID) -> Place? {
        inventory[server]?.place ?? groups.values.first { $0.members.contains(server) }?.place
    }

    static func count(_ servers: [SourceServerID]) -> String {
        servers.count == 1 ? "1 server" : "\(servers.count) servers"
    }
}

extension PlanCheck.Finding {
    func reason(placing place: (SourceServerID) -> Place?) -> Readiness.Reason {
        let named = Array(servers.sorted().prefix(Readiness.namedServers))
        let accounts = Set(places.map(\.accountId)).union(servers.compactMap { place($0)?.accountId })
        return Readiness.Reason(
            code: code.rawValue,
            text: text,
            serverIds: named,
            serverCount: servers.count,
            accountIds: accounts.sorted(),
            whatToDo: code.whatToDo
        )
    }
}
