internal import Contract
internal import JSON
internal import OrderedCollections
internal import Recovery

extension Session {
    /// The plan in a file, its groups' names replaced by their ids.
    func planBody(in path: String) async throws -> RecoveryPlanBody {
        guard case .object(var members) = try InputFile.json(path) else {
            throw Trouble("\(path) is no JSON object", code: "INVALID_INPUT")
        }
        if case .array(var waves)? = members["waves"] {
            for index in waves.indices { waves[index] = try await withIdentifiers(waves[index]) }
            members["waves"] = .array(waves)
        }
        return try InputFile.body(.object(members), path, CreateRecoveryPlan.bodyShape)
    }

    private func withIdentifiers(_ wave: JSON) async throws -> JSON {
        guard case .object(var members) = wave, case .array(let groups)? = members["protectionGroupIds"] else {
            return wave
        }
        var identifiers: [JSON] = []
        for group in groups {
            guard let name = group.string else { return wave }
            identifiers.append(.string("\(try await self.group(name))"))
        }
        members["protectionGroupIds"] = .array(identifiers)
        return .object(members)
    }
}
