internal import Ambient
internal import JSON
internal import OrderedCollections
internal import Recovery

extension AuditEvent {
    /// The event as RFC 8785 text: what is stored, hashed and exported, byte for byte.
    package var text: String {
        var members: OrderedDictionary<String, JSON> = [
            "accountIds": .array(accounts.map { .string($0.rawValue) }), "action": .string(action),
            "at": .string(at.description), "eventId": .string(eventId.description),
            "outcome": .string(outcome.rawValue), "principal": .string(principal),
        ]
        members["subjectKind"] = subjectKind.map(JSON.string)
        members["subjectId"] = subjectId.map(JSON.string)
        members["sourceAddress"] = sourceAddress.map(JSON.string)
        members["requestId"] = requestId.map(JSON.string)
        members["oldRevision"] = oldRevision.map { .integer(Int64($0)) }
        members["newRevision"] = newRevision.map { .integer(Int64($0)) }
        members["detail"] = detail.map(JSON.string)
        if !changes.isEmpty {
            members["changes"] = .array(
                changes.map { ["after": $0.after, "before": $0.before, "field": .string($0.field)] }
            )
        }
        return JSON.object(members).canonicalText
    }

    /// Reads an event's text; nil for what no hub has written.
    package init?(text: String) {
        // Whoever altered it may have left anything; then there is no event to show.
        guard let json = try? JSON(parsing: text.utf8), let id = json["eventId"]?.string.flatMap({ ID($0) }),
            let at = json["at"]?.string.flatMap({ Instant($0) }), let principal = json["principal"]?.string,
            let action = json["action"]?.string,
            let outcome = json["outcome"]?.string.flatMap(Outcome.init(rawValue:))
        else { return nil }
        self.init(
            eventId: id,
            at: at,
            principal: principal,
            action: action,
            subjectKind: json["subjectKind"]?.string,
            subjectId: json["subjectId"]?.string,
            accounts: (json["accountIds"]?.array ?? []).compactMap { $0.string.flatMap(AccountNumber.init(rawValue:)) },
            sourceAddress: json["sourceAddress"]?.string,
            requestId: json["requestId"]?.string,
            outcome: outcome,
            oldRevision: json["oldRevision"]?.integer.map(Int.init),
            newRevision: json["newRevision"]?.integer.map(Int.init),
            detail: json["detail"]?.string,
            changes: (json["changes"]?.array ?? []).compactMap { change in
                guard let field = change["field"]?.string, let before = change["before"], let after = change["after"]
                else { return nil }
                return FieldChange(field, before: before, after: after)
            }
        )
    }
}
