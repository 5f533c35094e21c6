extension PlanRules {
    /// Groups that are missing, repeated or unknown.
    var groups: [Problem] {
        var problems: [Problem] = []
        for (index, wave) in waves.enumerated() {
            let pointer = "/waves/\(index)/protectionGroupIds"
            if wave.protectionGroupIds.isEmpty {
                problems.append(Problem(pointer, "a wave names at least one protection group"))
            }
            var seen: Set<ProtectionGroup.ID> = []
            for (position, group) in wave.protectionGroupIds.enumerated() {
                if !seen.insert(group).inserted {
                    problems.append(Problem("\(pointer)/\(position)", "group \(group) is named twice"))
                } else if members[group] == nil {
                    problems.append(
                        Problem("\(pointer)/\(position)", "there is no group \(group)", code: .unknownGroup)
                    )
                }
            }
        }
        return problems
    }

    /// Servers that are repeated, in none of the wave's groups, or spoken of though the wave does not have them.
    var servers: [Problem] {
        waves.indices.flatMap { listed(in: $0) + choices(in: $0) }
    }

    /// Whether all groups of the wave are known, so that it can be said which servers it may have.
    private func isDecided(_ wave: Wave) -> Bool {
        !wave.protectionGroupIds.isEmpty && wave.protectionGroupIds.allSatisfy { members[$0] != nil }
    }

    private func listed(in index: Int) -> [Problem] {
        let wave = waves[index]
        let (pool, isDecided) = (pool(of: wave), isDecided(wave))
        var seen: Set<SourceServerID> = []
        return wave.serverIds.enumerated().compactMap { position, server in
            let pointer = "/waves/\(index)/serverIds/\(position)"
            if !seen.insert(server).inserted { return Problem(pointer, "\(server) is named twice") }
            guard isDecided, !pool.contains(server) else { return nil }
            return Problem(pointer, "\(server) is in none of the wave's protection groups")
        }
    }

    private func choices(in index: Int) -> [Problem] {
        let wave = waves[index]
        let (own, isDecided) = (servers(of: wave), isDecided(wave) || !wave.serverIds.isEmpty)
        var seen: Set<SourceServerID> = []
        return wave.servers.enumerated().compactMap { position, choice in
            let pointer = "/waves/\(index)/servers/\(position)/serverId"
            if !seen.insert(choice.serverId).inserted { return Problem(pointer, "\(choice.serverId) is named twice") }
            guard isDecided, !own.contains(choice.serverId) else { return nil }
            return Problem(pointer, "\(choice.serverId) is none of the wave's servers")
        }
    }

    /// Servers that an earlier wave of the body recovers already.
    var overlaps: [Problem] {
        var holder: [SourceServerID: Int] = [:]
        var problems: [Problem] = []
        for (index, wave) in waves.enumerated() {
            let taken = servers(of: wave).filter { holder[$0] != nil }
            if wave.serverIds.isEmpty, !taken.isEmpty {
                problems.append(Problem("/waves/\(index)/protectionGroupIds", sentence(about: taken, holder)))
            }
            for (position, server) in wave.serverIds.enumerated() where taken.contains(server) {
                guard wave.serverIds.firstIndex(of: server) == position, let other = holder[server] else { continue }
                problems.append(Problem("/waves/\(index)/serverIds/\(position)", "\(server) is in wave \(other) too"))
            }
            for server in servers(of: wave) where holder[server] == nil { holder[server] = wave.waveNumber }
        }
        return problems
    }

    /// One sentence for a wave that takes whole groups: it may share thousands of servers with others.
    private func sentence(about taken: Set<SourceServerID>, _ holder: [SourceServerID: Int]) -> String {
        let named = taken.sorted().prefix(Self.namedServers).map { "\($0) (wave \(holder[$0] ?? 0))" }
        let rest = taken.count - named.count
        let text = named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        return "servers of the wave's groups are in another wave too: \(text)"
    }

    /// How many servers one sentence names: as many as a person reads.
    private static let namedServers = 10
}
