internal import Ambient

extension PlanCheck {
    /// What is wrong in the plan and its groups, whatever DRS says.
    var planFindings: [Finding] {
        var found: [Finding] = []
        let members = Set(groups.values.flatMap(\.members))
        let strays = Set(plan.waves.flatMap(\.serverIds)).subtracting(members).sorted()
        if !strays.isEmpty {
            found.append(
                Finding(
                    code: .serverNotInGroup,
                    text: "\(Self.count(strays)) that the plan lists are in none of its protection groups any more.",
                    servers: strays
                )
            )
        }
        if let broken = brokenRules(besides: strays) { found.append(broken) }
        let stolen = Set(groups.values.flatMap(\.conflicts).map(\.serverId)).sorted()
        if !stolen.isEmpty {
            found.append(
                Finding(
                    code: .serverAssigned,
                    text: "\(Self.count(stolen)) picked by tags of the plan's groups belong to other groups.",
                    servers: stolen,
                    places: groups.values.filter { !$0.conflicts.isEmpty }.map(\.place)
                )
            )
        }
        guard !servers.isEmpty else {
            return found + [Finding(code: .noServers, text: "There is no server to recover: the groups are empty.")]
        }
        // A wave whose group is gone breaks a rule, and says so already.
        let empty = plan.waves.filter { wave in
            wave.members(of: groups).isEmpty && wave.protectionGroupIds.allSatisfy { groups[$0] != nil }
        }.map { String($0.waveNumber) }
        if !empty.isEmpty {
            let text = "There is no server in wave \(empty.joined(separator: ", "))."
            found.append(Finding(code: .waveEmpty, text: text))
        }
        return found
    }

    /// The plan's own rules, by the groups as they are now: tags may have moved servers since it was saved.
    private func brokenRules(besides strays: [SourceServerID]) -> Finding? {
        let rules = PlanRules(
            ordering: plan.ordering,
            waves: plan.waves,
            members: groups.mapValues { Set($0.members) }
        )
        // Servers that left every group are told by a reason of their own.
        let told = strays.map(\.rawValue)
        let problems = rules.problems.map(\.pointer.message).filter { message in
            !told.contains { message.hasPrefix($0) }
        }
        guard let first = problems.first else { return nil }
        let rest = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return Finding(code: .ruleBroken, text: "The plan breaks a rule: \(first)\(rest).")
    }

    /// What is wrong in the accounts and Regions of the plan's groups.
    var placeFindings: [Finding] {
        let used = Set(groups.values.map(\.place)).sorted()
        let standing = used.map { ($0, places[$0]) }
        let unserved = standing.filter { $0.1?.isServed != true }.map(\.0)
        // Where no spoke is, nothing else can be known: that one reason says it.
        let served = standing.compactMap { place, known in known.map { (place, $0) } }.filter(\.1.isServed)
        var found = quotaFindings
        func add(_ code: ReadinessCode, _ places: [Place], _ text: String) {
            if !places.isEmpty { found.append(Finding(code: code, text: text, places: places)) }
        }
        add(.noSpoke, unserved, "No connected spoke serves \(Self.regions(unserved)).")
        let old = served.filter(\.1.isInventoryOld)
        let why = old.compactMap(\.1.problem).first.map { ": \($0)" } ?? "."
        let aged = old.map(\.0)
        add(.inventoryOld, aged, "The inventory of \(Self.regions(aged)) could not be read lately\(why)")
        let denied = served.filter { $0.1.access?.denied.isEmpty == false }
        let actions = Set(denied.flatMap { $0.1.access?.denied ?? [] }).sorted()
        add(.accessDenied, denied.map(\.0), "The role may not: \(Self.listed(actions)).")
        let untried = served.filter { $0.1.access == nil }.map(\.0)
        add(.accessNotChecked, untried, "What the role may do in \(Self.regions(untried)) has not been tried lately.")
        let wide = served.filter { $0.1.access?.isTrustTooWide == true }.map(\.0)
        add(.trustTooWide, wide, "The role can be assumed without the external ID that the hub made for the account.")
        return found
    }

    /// Quotas under which a wave can never be launched, however long it waits.
    private var quotaFindings: [Finding] {
        var impossible: [Place: String] = [:]
        for wave in plan.waves {
            let byPlace = Dictionary(grouping: wave.members(of: groups)) { inventory[$0]?.place }
            for (place, servers) in byPlace {
                guard let place, let quotas = places[place]?.quotas else { continue }
                impossible[place] = Self.obstacle(to: servers.count, under: quotas) ?? impossible[place]
            }
        }
        guard let first = impossible.sorted(by: { $0.key < $1.key }).first else { return [] }
        return [
            Finding(
                code: .quotaImpossible,
                text: "A wave can never be launched in \(Self.regions(impossible.keys.sorted())): \(first.value).",
                places: impossible.keys.sorted()
            )
        ]
    }

    /// Why that many servers of one wave can never be launched in a place; nil: they can.
    private static func obstacle(to servers: Int, under quotas: Quotas) -> String? {
        if quotas.concurrentJobs < 1 { return "DRS allows no job there" }
        if quotas.serversPerJob < 1 { return "DRS allows no server in a job there" }
        let largest = min(servers, quotas.serversPerJob)
        guard quotas.serversInAllJobs < largest else { return nil }
        return "its jobs have \(largest) servers, and DRS allows \(quotas.serversInAllJobs) in all jobs together"
    }

    private static func regions(_ places: [Place]) -> String {
        Set(places.map(\.region.rawValue)).sorted().joined(separator: ", ")
    }

    /// As many as a person reads in one sentence.
    private static func listed(_ actions: [String]) -> String {
        let named = actions.prefix(10).joined(separator: ", ")
        return actions.count > 10 ? "\(named) and \(actions.count - 10) more" : named
    }
}
