package import Ambient
internal import JSON
internal import OrderedCollections

/// The control calls under `/simulator/`: how tests and people change a running world and look into it.
///
/// They need no credentials, which is why the simulator listens on loopback only.
///
/// | call | body | does |
/// |---|---|---|
/// | `GET /simulator/state` | | counters, starts, instances, running jobs, publications |
/// | `GET`, `POST`, `DELETE /simulator/faults` | a rule or a list of rules | what shall go wrong |
/// | `POST /simulator/accounts/{id}` | `externalId`, `spokePrincipals` | whom its roles trust |
/// | `POST /simulator/regions/{account}/{region}` | `initialized`, `quotas` | the place's limits |
/// | `POST /simulator/servers/{id}` | `replication`, `lagSeconds`, `failure`, … | one server |
/// | `POST /simulator/jobs` | `accountId`, `region`, `servers`, `jobs`, … | jobs that no client of AWS started |
/// | `POST /simulator/clock` | `scale` | the speed from now on |
/// | `GET /simulator/credentials/{role}` | | a principal's keys, as a container's endpoint gives them |
extension World {
    package mutating func control(_ request: Request, at now: Instant) -> Reply {
        let parts = Array(request.parts.dropFirst())
        advanceNativePlans(at: now)
        do {
            switch (request.method, parts.first ?? "", parts.count) {
            case ("GET", "state", 1): return Self.answer(state(at: now))
            case ("GET", "credentials", 2): return Self.answer(try credentials(of: parts[1], at: now))
            case ("GET", "faults", 1): return Self.answer(renderFaults())
            case ("POST", "faults", 1): return Self.answer(try addFaults(try Self.body(request)))
            case ("DELETE", "faults", 1):
                faults.clear()
                return Self.answer(renderFaults())
            case ("POST", "accounts", 2): return Self.answer(try change(account: parts[1], try Self.body(request)))
            case ("POST", "regions", 3):
                return Self.answer(try change(Place(account: parts[1], region: parts[2]), try Self.body(request)))
            case ("POST", "servers", 2):
                return Self.answer(try change(server: parts[1], try Self.body(request), now: now))
            case ("POST", "jobs", 1): return Self.answer(try startForeignJobs(try Self.body(request), now: now))
            case ("POST", "clock", 1): return Self.answer(try changeClock(try Self.body(request), now: now))
            case _: return Self.answer(["error": "There is no such control call."], status: 404)
            }
        } catch let problem as FieldProblem {
            return Self.answer(["error": .string(problem.description)], status: 400)
        } catch let refusal as Refusal {
            return Self.answer(
                ["error": .string(refusal.message), "code": .string(refusal.code)],
                status: refusal.status
            )
        } catch {
            return Self.answer(["error": .string("\(error)")], status: 500)
        }
    }

    static func answer(_ body: JSON, status: Int = 200) -> Reply {
        Reply(status: status, headers: [("content-type", "application/json")], body: body.bytes)
    }

    static func body(_ request: Request) throws(FieldProblem) -> JSON {
        guard !request.body.isEmpty else { return .object([:]) }
        do {
            return try JSON(parsing: request.body)
        } catch {
            throw FieldProblem(path: "", message: "the body is not JSON: \(error)")
        }
    }

    // MARK: Changes

    private mutating func addFaults(_ body: JSON) throws(FieldProblem) -> JSON {
        var rules: [FaultRule] = []
        for (index, value) in (body.array ?? [body]).enumerated() {
            rules.append(try FaultForm.read(value, at: body.array == nil ? "" : "[\(index)]"))
        }
        let ids = rules.map { JSON.integer(Int64(faults.add($0))) }
        return .object(["ids": .array(ids)])
    }

    /// Tells an account, as its administrator would after registering it with the hub, whom its roles trust.
    private mutating func change(account id: String, _ body: JSON) throws(FieldProblem) -> JSON {
        guard var account = accounts[id] else {
            throw FieldProblem(path: "accounts.\(id)", message: "there is no such account in this world")
        }
        let fields = try Fields(body, at: "", known: ["externalId", "spokePrincipals"])
        if fields.has("externalId") { account.externalID = try fields.text("externalId") }
        if fields.has("spokePrincipals") { account.spokePrincipals = try fields.texts("spokePrincipals") }
        accounts[id] = account
        return .object(["id": .string(id), "isTrusting": .bool(account.externalID != nil)])
    }

    private mutating func change(_ place: Place, _ body: JSON) throws -> JSON {
        var estate = try estate(at: place)
        let fields = try Fields(body, at: "", known: ["initialized", "quotas"])
        estate.isInitialized = try fields.flag("initialized") ?? estate.isInitialized
        if let value = fields.value("quotas") {
            estate.quotas = try EstateForm.quotas(value, at: "quotas", over: estate.quotas)
        }
        estates[place] = estate
        return .object(["place": .string(place.description), "initialized": .bool(estate.isInitialized)])
    }

    private mutating func change(server id: String, _ body: JSON, now: Instant) throws(FieldProblem) -> JSON {
        guard let place = estates.first(where: { $0.value.servers[id] != nil })?.key,
            var server = estates[place]?.servers[id]
        else { throw FieldProblem(path: "servers.\(id)", message: "there is no such server in this world") }
        let fields = try Fields(body, at: "", known: ServerForm.changeable)
        let wasBroken = server.replication.isBroken
        let traits = try ServerForm.traits(
            fields,
            over: ServerForm.Traits(
                tags: server.tags,
                replication: server.replication,
                lag: server.lag,
                behind: .zero,
                disposition: server.disposition,
                recoveryMode: server.recoveryMode,
                failure: server.failure
            )
        )
        (server.tags, server.replication, server.lag) = (traits.tags, traits.replication, traits.lag)
        (server.disposition, server.recoveryMode) = (traits.disposition, traits.recoveryMode)
        server.failure = traits.failure
        if !server.replication.isBroken {
            server.stoppedFollowing = nil
        } else if !wasBroken || fields.has("behindForSeconds") {
            server.stoppedFollowing = now - traits.behind
        }
        estates[place]?.servers[id] = server
        return .object(["id": .string(id), "place": .string(place.description)])
    }

    private mutating func changeClock(_ body: JSON, now: Instant) throws(FieldProblem) -> JSON {
        let fields = try Fields(body, at: "", known: ["scale"])
        guard let scale = try SettingsForm.scale("scale", fields) else { throw fields.wrong("scale", "is required") }
        clock.run(at: scale, from: now)
        return .object(["scale": .decimal(scale)])
    }

    /// Starts jobs that nobody's client started, with servers that are free, to use up quota or to stand in the way.
    private mutating func startForeignJobs(_ body: JSON, now: Instant) throws -> JSON {
        let fields = try Fields(
            body,
            at: "",
            known: ["accountId", "region", "servers", "jobs", "sourceServerIds", "isDrill", "tags"]
        )
        let place = Place(account: try fields.requiredText("accountId"), region: try fields.requiredText("region"))
        let size = try fields.whole("servers", in: 1...Estate.entriesInShape) ?? 1
        let count = try fields.whole("jobs", in: 1...1000) ?? 1
        let named = try fields.texts("sourceServerIds")
        let (isDrill, tags) = (try fields.flag("isDrill") ?? true, try fields.map("tags") ?? [:])
        var jobs: [JSON] = []
        for _ in 0..<(named == nil ? count : 1) {
            let moment = clock.simulated(at: now)
            let free = try initializedEstate(at: place).servers.values.lazy.filter { server in
                !server.isOccupied(at: moment) && server.replication != .disconnected
                    && !server.recoveryPoints(at: now).isEmpty
            }
            let servers = named ?? free.prefix(size).map(\.id)
            guard !servers.isEmpty else { throw fields.wrong("servers", "there are no free servers left") }
            let order = RecoveryOrder(servers.map { RecoveryOrder.Entry(server: $0) }, isDrill: isDrill, tags: tags)
            let job = try start(order, at: place, now: now, isForeign: true)
            jobs.append(.object(["jobId": .string(job.id), "servers": .array(servers.map { .string($0) })]))
        }
        return .object(["jobs": .array(jobs)])
    }

    /// What `AWS_CONTAINER_CREDENTIALS_FULL_URI` may point to: an hour's lease of a principal's own keys.
    private func credentials(of name: String, at now: Instant) throws(FieldProblem) -> JSON {
        guard let principal = keyring.principal(named: name) else {
            throw FieldProblem(path: "credentials.\(name)", message: "there is no such principal in this world")
        }
        return .object([
            "RoleArn": .string(principal.arn), "AccessKeyId": .string(principal.accessKeyID),
            "SecretAccessKey": .string(principal.secretAccessKey),
            "Token": principal.sessionToken.map(JSON.string) ?? .null,
            "Expiration": .string(Self.seconds(now + .seconds(3600))),
        ])
    }

    private func renderFaults() -> JSON {
        .object(["faults": .array(faults.entries.map(FaultForm.render))])
    }
}
