internal import Ambient
package import HTTPTypes
package import JSON
package import OrderedCollections
package import Recovery

/// What went wrong with a request, as RFC 9457 has it: the only form in which the hub says no.
package struct Problem: Error, Sendable {
    package let status: Int
    /// Stable: of `ProblemCode` or `Refusal.Code`.
    package let code: String
    package let detail: String
    /// What is wrong with the request, all of it, by its place.
    package let errors: [JSON.Problem]
    /// Further members, for programs.
    package let members: OrderedDictionary<String, JSON>
    /// Headers that belong to the answer, such as `Allow`.
    package let headers: HTTPFields

    package init(
        _ code: ProblemCode,
        _ detail: String,
        errors: [JSON.Problem] = [],
        headers: HTTPFields = [:]
    ) {
        status = code.status
        self.code = code.rawValue
        self.detail = detail
        self.errors = errors
        members = [:]
        self.headers = headers
    }

    /// The domain's no.
    package init(_ refusal: Refusal) {
        status = refusal.code.status
        code = refusal.code.rawValue
        detail = refusal.detail
        members = Self.members(of: refusal.facts)
        headers = [:]
        if case .pointers(let pointers) = refusal.facts {
            errors = pointers.map { JSON.Problem(pointer: $0.pointer, message: $0.message) }
        } else {
            errors = []
        }
    }

    /// A header of the request that breaks its rule; it has no place in the body, so that the sentence names it.
    package static func header(_ name: HTTPField.Name, _ message: String) -> Problem {
        Problem(.invalidRequest, "The header \(name.canonicalName) \(message).")
    }

    /// The object is not there, or the caller may not know that it is.
    package static func notFound(_ what: String) -> Problem {
        Problem(.notFound, "There is no such \(what).")
    }

    /// The document, with the identifier under which the hub's log has the request.
    package func document(requestId: String) -> JSON {
        var document: OrderedDictionary<String, JSON> = [
            "type": .string("urn:muster:problem:\(code)"), "title": .string(title),
            "status": .integer(Int64(status)), "detail": .string(detail), "code": .string(code),
            "requestId": .string(requestId),
        ]
        if !errors.isEmpty {
            document["errors"] = .array(
                errors.map { ["pointer": .string($0.pointer), "message": .string($0.message)] }
            )
        }
        document.merge(members) { present, _ in present }
        return .object(document)
    }

    /// The code in words: "Server assigned".
    package var title: String {
        let words = code.lowercased().split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private static func members(of facts: Refusal.Facts) -> OrderedDictionary<String, JSON> {
        switch facts {
        case .none, .pointers: [:]
        case .assignments(let assignments):
            [
                "servers": .array(
                    assignments.map {
                        [
                            "serverId": .string($0.serverId.rawValue), "groupId": .string($0.groupId.description),
                            "groupName": .string($0.groupName),
                        ]
                    }
                )
            ]
        case .plans(let plans):
            [
                "plans": .array(
                    plans.map { ["planId": .string($0.planId.description), "planName": .string($0.planName)] }
                )
            ]
        case .execution(let execution): ["executionId": .string(execution.description)]
        case .conflicts(let conflicts): ["conflicts": .array(conflicts.map(member))]
        case .servers(let servers): ["serverIds": .array(servers.map { .string($0.rawValue) })]
        case .cycle(let waves): ["cycle": .array(waves.map { .integer(Int64($0)) })]
        }
    }

    private static func member(of conflict: Conflict) -> JSON {
        var member: OrderedDictionary<String, JSON> = [
            "kind": .string(conflict.kind.rawValue), "id": .string(conflict.id),
        ]
        if conflict.kind == .execution { member["executionId"] = .string(conflict.id) }
        member["status"] = .string(conflict.status)
        member["planName"] = conflict.planName.map(JSON.string)
        member["serverIds"] = .array(conflict.serverIds.map { .string($0.rawValue) })
        return .object(member)
    }
}
