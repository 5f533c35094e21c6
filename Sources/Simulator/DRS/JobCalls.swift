internal import Ambient
internal import JSON
internal import OrderedCollections

extension World {
    mutating func startRecovery(_ call: Call) throws(Refusal) -> Output {
        let input = Members(call.json)
        var entries: [RecoveryOrder.Entry] = []
        for entry in try input.objects("sourceServers") ?? [] {
            let point = try entry.string("recoverySnapshotID")
            if let point { try Members.check(point, prefix: "pit", "recoverySnapshotID") }
            entries.append(
                RecoveryOrder.Entry(server: try entry.identifier("sourceServerID", prefix: "s"), recoveryPoint: point)
            )
        }
        let tags = try input.texts("tags") ?? [:]
        try checkTags(tags)
        // Tagging at creation needs the permission to tag (service authorization reference of DRS).
        if !tags.isEmpty, !call.caller.allows("drs:TagResource") {
            throw .denied("User: \(call.caller.arn) is not authorized to perform: drs:TagResource")
        }
        let order = RecoveryOrder(entries, isDrill: try input.bool("isDrill") ?? false, tags: tags)
        let job = try start(order, at: call.place, now: call.now, isForeign: false)
        return .json(status: 202, .object(["job": render(job, at: call.place, now: call.now)]))
    }

    /// Starts a recovery and writes it down.
    mutating func start(
        _ order: RecoveryOrder,
        at place: Place,
        now: Instant,
        isForeign: Bool
    ) throws(Refusal) -> Job {
        _ = try initializedEstate(at: place)
        guard var estate = estates.removeValue(forKey: place) else { throw .uninitialized }
        defer { estates[place] = estate }
        let job = try estate.start(order, by: clock, at: now, timeline: settings.timeline, chance: chance)
        ledger.starts.append(
            Ledger.Start(
                place: place,
                job: job.id,
                at: now,
                isDrill: order.isDrill,
                servers: job.participants.map(\.server),
                tags: order.tags,
                isForeign: isForeign
            )
        )
        return job
    }

    mutating func terminateRecoveryInstances(_ call: Call) throws(Refusal) -> Output {
        let ids = try Members(call.json).strings("recoveryInstanceIDs") ?? []
        _ = try initializedEstate(at: call.place)
        guard var estate = estates.removeValue(forKey: call.place) else { throw .uninitialized }
        defer { estates[call.place] = estate }
        let job = try estate.terminate(
            ids,
            at: clock.simulated(at: call.now),
            timeline: settings.timeline,
            chance: chance
        )
        return .json(.object(["job": render(job, at: call.place, now: call.now)]))
    }

    /// Lists jobs, newest first; only a page of those between the times asked for is looked at.
    func describeJobs(_ call: Call) throws(Refusal) -> Output {
        let estate = try initializedEstate(at: call.place)
        let page = try Page(of: call, settings: settings)
        let filters = try Members(call.json).object("filters")
        let ids = try filters?.strings("jobIDs") ?? []
        guard ids.count <= 1000 else { throw .validation("jobIDs must have at most 1000 members.") }
        for id in ids { try Members.check(id, prefix: "drsjob", "jobIDs") }
        let span = estate.sequences(
            createdFrom: try moment("fromDate", in: filters),
            to: try moment("toDate", in: filters)
        )
        let upper = min(span.upperBound, page.position ?? span.upperBound)
        let candidates = span.lowerBound..<max(span.lowerBound, upper)
        guard !ids.isEmpty else { return .json(jobPage(candidates.reversed(), of: estate, page, call)) }
        let chosen = Set(ids.compactMap { estate.sequence(of: $0) }).filter(candidates.contains)
        return .json(jobPage(chosen.sorted(by: >), of: estate, page, call))
    }

    private func jobPage(_ sequences: some Sequence<Int>, of estate: Estate, _ page: Page, _ call: Call) -> JSON {
        var (items, last): ([JSON], Int?) = ([], nil)
        for sequence in sequences {
            guard let job = estate.job(at: sequence) else { continue }
            guard items.count < page.size else {
                return list(items, next: last.map { page.token(at: $0) })
            }
            items.append(render(job, at: call.place, now: call.now))
            last = sequence
        }
        return list(items, next: nil)
    }

    func describeJobLogItems(_ call: Call) throws(Refusal) -> Output {
        let estate = try initializedEstate(at: call.place)
        let page = try Page(of: call, settings: settings)
        let id = try Members(call.json).identifier("jobID", prefix: "drsjob")
        guard let job = estate.job(id) else { throw .notFound(id, "Job") }
        let log = job.log(at: clock.simulated(at: call.now))
        let start = min(page.position ?? 0, log.count)
        let items = log.dropFirst(start).prefix(page.size)
        let next = start + items.count
        return .json(list(items.map(render), next: next < log.count ? page.token(at: next) : nil))
    }

    mutating func deleteJob(_ call: Call) throws(Refusal) -> Output {
        let id = try Members(call.json).identifier("jobID", prefix: "drsjob")
        guard let job = try initializedEstate(at: call.place).job(id) else { throw .notFound(id, "Job") }
        guard job.status(at: clock.simulated(at: call.now)) == .completed else {
            throw .conflict("The job \(id) has not ended.", id, "Job")
        }
        estates[call.place]?.delete(job: id)
        return .empty(status: 204)
    }

    private func moment(_ name: String, in filters: Members?) throws(Refusal) -> Duration? {
        guard let text = try filters?.string(name) else { return nil }
        guard let instant = Instant(text) else { throw .validation("\(name) is not an ISO 8601 time.") }
        return clock.simulated(at: instant)
    }

    func list(_ items: [JSON], next: JSON?) -> JSON {
        var answer: OrderedDictionary<String, JSON> = ["items": .array(items)]
        if let next { answer["nextToken"] = next }
        return .object(answer)
    }

    func checkTags(_ tags: [String: String]) throws(Refusal) {
        guard tags.count <= 50, tags.allSatisfy({ (1...256).contains($0.key.count) && $0.value.count <= 256 }) else {
            throw .validation(
                "tags must have at most 50 members, their names 1 to 256 and values at most 256 characters."
            )
        }
    }

    // MARK: In DRS's words

    func render(_ job: Job, at place: Place, now: Instant) -> JSON {
        let moment = clock.simulated(at: now)
        let status = job.status(at: moment)
        let omits = settings.omitsInstancesOfCompletedJobs && status == .completed
        var answer: OrderedDictionary<String, JSON> = [
            "jobID": .string(job.id), "arn": .string(place.arn("job/\(job.id)")), "type": .string(job.kind.rawValue),
            "initiatedBy": .string(job.initiator.rawValue), "creationDateTime": stamp.text(job.created),
            "status": .string(status.rawValue),
        ]
        if status == .completed { answer["endDateTime"] = stamp.text(job.ended) }
        answer["participatingServers"] = .array(job.participants.map { render($0, at: moment, omits: omits) })
        answer["participatingResources"] = []
        answer["tags"] = Self.render(job.tags)
        return .object(answer)
    }

    private func render(_ participant: Participant, at moment: Duration, omits: Bool) -> JSON {
        let status = participant.status(at: moment)
        var answer: OrderedDictionary<String, JSON> = [
            "sourceServerID": .string(participant.server), "launchStatus": .string(status.rawValue),
        ]
        // A launch has its instance from the moment it begins; a termination knows it from the start.
        let isKnown = status != .pending || participant.outcome == .terminated
        if isKnown, !omits, let id = participant.instance { answer["recoveryInstanceID"] = .string(id) }
        return .object(answer)
    }

    private func render(_ item: LogItem) -> JSON {
        var facts: OrderedDictionary<String, JSON> = [:]
        if let server = item.server { facts["sourceServerID"] = .string(server) }
        if let converter = item.conversionServer { facts["conversionServerID"] = .string(converter) }
        if let instance = item.instance { facts["targetInstanceID"] = .string(instance) }
        if let error = item.error { facts["rawError"] = .string(error) }
        return .object([
            "logDateTime": stamp.text(item.moment), "event": .string(item.event.rawValue), "eventData": .object(facts),
        ])
    }

    /// Tags in the order of their names, so that an answer is the same each time.
    static func render(_ tags: [String: String]) -> JSON {
        .object(
            OrderedDictionary(uniqueKeysWithValues: tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        )
    }
}
