internal import Ambient
internal import JSON
internal import OrderedCollections

extension World {
    /// Starts shown, at most, newest first; the ledger keeps them all.
    private static let startLimit = 10_000

    /// What the world was asked and what is in it now.
    func state(at now: Instant) -> JSON {
        let moment = clock.simulated(at: now)
        let places = estates.values.sorted { $0.place.description < $1.place.description }
        return .object([
            "now": .string(now.description), "clockScale": .decimal(clock.scale),
            "offered": .object(
                OrderedDictionary(
                    uniqueKeysWithValues: Self.offered.map { ($0.rawValue, .array($1.map { .string($0) })) }
                )
            ),
            "calls": counters(ledger.calls), "refusals": counters(ledger.refusals), "faults": counters(ledger.faults),
            "throttled": .integer(Int64(ledger.throttled)),
            "starts": .array(ledger.starts.suffix(Self.startLimit).reversed().map(render)),
            "jobsInProgress": .array(places.flatMap { jobs(of: $0, at: moment) }),
            "instances": .array(places.flatMap { instances(of: $0, at: moment) }),
            "servers": .integer(Int64(places.reduce(0) { $0 + $1.servers.count })),
            "publications": .array(ledger.publications.map(render)),
            "accounts": .array(
                accounts.values.map { account in
                    .object([
                        "id": .string(account.id), "name": .string(account.name),
                        "isTrusting": .bool(account.externalID != nil),
                        "regions": .array(
                            places.filter { $0.place.account == account.id }.map { .string($0.place.region) }
                        ),
                    ])
                }
            ),
        ])
    }

    private func counters(_ counters: [String: Int]) -> JSON {
        .object(
            OrderedDictionary(
                uniqueKeysWithValues: counters.sorted { $0.key < $1.key }.map { ($0, .integer(Int64($1))) }
            )
        )
    }

    private func render(_ start: Ledger.Start) -> JSON {
        let ends: JSON =
            estates[start.place]?.job(start.job).map { .string(clock.wallClock(at: $0.ended).description) } ?? .null
        return .object([
            "accountId": .string(start.place.account), "region": .string(start.place.region),
            "jobId": .string(start.job), "at": .string(start.at.description), "endsAt": ends,
            "isDrill": .bool(start.isDrill),
            "isForeign": .bool(start.isForeign), "servers": .array(start.servers.map { .string($0) }),
            "tags": Self.render(start.tags),
        ])
    }

    private func render(_ publication: Ledger.Publication) -> JSON {
        .object([
            "accountId": .string(publication.place.account), "region": .string(publication.place.region),
            "at": .string(publication.at.description), "topicArn": .string(publication.topic),
            "subject": publication.subject.map { .string($0) } ?? .null, "message": .string(publication.message),
        ])
    }

    private func jobs(of estate: Estate, at moment: Duration) -> [JSON] {
        var estate = estate
        return estate.activeJobs(at: moment).map { job in
            .object([
                "accountId": .string(estate.place.account), "region": .string(estate.place.region),
                "jobId": .string(job.id), "type": .string(job.kind.rawValue),
                "servers": .integer(Int64(job.participants.count)), "tags": Self.render(job.tags),
            ])
        }
    }

    private func instances(of estate: Estate, at moment: Duration) -> [JSON] {
        estate.instances.values.compactMap { instance in
            guard let state = instance.state(at: moment), state != .terminated else { return nil }
            return .object([
                "accountId": .string(estate.place.account), "region": .string(estate.place.region),
                "instanceId": .string(instance.id), "sourceServerId": .string(instance.server),
                "jobId": .string(instance.job), "isDrill": .bool(instance.isDrill), "state": .string(state.rawValue),
                "isShownByDRS": .bool(instance.isShown(at: moment)),
            ])
        }
    }
}
