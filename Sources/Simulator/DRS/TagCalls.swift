internal import JSON
internal import OrderedCollections

extension World {
    /// What of DRS can be tagged.
    private enum Tagged {
        case server(String)
        case job(String)
        case instance(String)
    }

    func listTags(_ call: Call) throws(Refusal) -> Output {
        let estate = try initializedEstate(at: call.place)
        let tags: [String: String]? =
            switch try tagged(call) {
            case .server(let id): estate.servers[id]?.tags
            case .job(let id): estate.job(id)?.tags
            case .instance(let id): estate.instances[id]?.tags
            }
        return .json(.object(["tags": Self.render(tags ?? [:])]))
    }

    mutating func tag(_ call: Call) throws(Refusal) -> Output {
        guard let tags = try Members(call.json).texts("tags") else { throw .validation("tags is required.") }
        try checkTags(tags)
        try changeTags(call) { $0.merge(tags) { $1 } }
        return .json(.object([:]))
    }

    mutating func untag(_ call: Call) throws(Refusal) -> Output {
        let names = call.form.all("tagKeys")
        guard !names.isEmpty else { throw .validation("tagKeys is required.") }
        try changeTags(call) { tags in for name in names { tags[name] = nil } }
        return .json(.object([:]))
    }

    private mutating func changeTags(_ call: Call, _ change: (inout [String: String]) -> Void) throws(Refusal) {
        _ = try initializedEstate(at: call.place)
        switch try tagged(call) {
        case .server(let id):
            var tags = estates[call.place]?.servers[id]?.tags ?? [:]
            change(&tags)
            estates[call.place]?.servers[id]?.tags = tags
        case .job(let id): estates[call.place]?.tag(job: id, change)
        case .instance(let id): estates[call.place]?.tag(instance: id, change)
        }
    }

    private func tagged(_ call: Call) throws(Refusal) -> Tagged {
        let estate = try estate(at: call.place)
        let arn = call.subject
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "drs" else {
            throw .validation("'\(arn.prefix(256))' is not an ARN of DRS.")
        }
        guard parts[3] == call.place.region, parts[4] == call.place.account else { throw .notFound(arn, "Resource") }
        let resource = parts[5].split(separator: "/", maxSplits: 1).map(String.init)
        guard resource.count == 2 else { throw .validation("'\(arn.prefix(256))' is not an ARN of DRS.") }
        let id = resource[1]
        switch resource[0] {
        case "source-server" where estate.servers[id] != nil: return .server(id)
        case "job" where estate.job(id) != nil: return .job(id)
        case "recovery-instance" where estate.instances[id] != nil: return .instance(id)
        case _: throw .notFound(arn, "Resource")
        }
    }
}
