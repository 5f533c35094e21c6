/// Servers of one wave, account and Region that go to DRS in one job.
package struct Batch: Sendable, Hashable {
    package let place: Place
    /// Counts the batches of one place, from 0.
    package let ordinal: Int
    package let servers: [SourceServerID]
}

extension FrozenWave {
    /// Splits the wave by account and Region, then into the least possible number of jobs.
    ///
    /// The order is the plan's, so the same wave is always split the same way.
    package func batches(serversPerJob: [String: Int]) -> [Batch] {
        batches(of: servers, serversPerJob: serversPerJob)
    }

    /// The same for some of the wave's servers, such as those that are tried once more.
    func batches(of servers: [FrozenServer], serversPerJob: [String: Int]) -> [Batch] {
        let byPlace = Dictionary(grouping: servers, by: \.place)
        return byPlace.keys.sorted().flatMap { place in
            let members = byPlace[place, default: []].map(\.sourceServerId)
            let size = max(1, serversPerJob[place.description] ?? Quotas().serversPerJob)
            return stride(from: 0, to: members.count, by: size).enumerated().map { ordinal, start in
                Batch(
                    place: place,
                    ordinal: ordinal,
                    servers: Array(members[start..<min(start + size, members.count)])
                )
            }
        }
    }
}
