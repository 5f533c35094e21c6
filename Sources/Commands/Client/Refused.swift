package import JSON

/// The hub's no, as its problem document says it (RFC 9457).
package struct Refused: Error, Sendable {
    /// The HTTP status.
    package let status: Int
    /// Stable; `Docs/Errors.md` lists them.
    package let code: String
    package let detail: String
    /// What is wrong with the request, all of it.
    package let errors: [JSON.Problem]
    /// By which the hub's log names the request.
    package let requestId: String?
    /// The whole document: further members say what stands in the way.
    package let document: JSON
    /// Seconds after which the hub wants to be asked again.
    package let retryAfter: Int?

    package init(status: Int, document: JSON, retryAfter: Int? = nil) {
        self.status = status
        self.document = document
        self.retryAfter = retryAfter
        code = document["code"]?.string ?? "HTTP_\(status)"
        detail = document["detail"]?.string ?? document["title"]?.string ?? "The hub answered \(status)"
        requestId = document["requestId"]?.string
        errors = (document["errors"]?.array ?? []).map { error in
            JSON.Problem(pointer: error["pointer"]?.string ?? "", message: error["message"]?.string ?? "is wrong")
        }
    }

    /// Nothing was wrong with the request: it may be said again.
    var isPassing: Bool {
        status == 429 || status == 502 || status == 503 || status == 504
    }
}

extension Trouble {
    /// The hub's no with what stands in the way and what to do about it.
    package init(_ refused: Refused) {
        self.init(
            refused.detail,
            code: refused.code,
            details: refused.errors.map(\.description) + Self.obstacles(in: refused.document),
            advice: Self.advice(for: refused),
            status: refused.status == 401 ? .notAuthenticated : .failed
        )
    }

    /// The members of a problem that name objects, a line each.
    private static func obstacles(in document: JSON) -> [String] {
        func texts(_ value: JSON?) -> String {
            (value?.array ?? []).compactMap { $0.string ?? $0.integer.map { "\($0)" } }.joined(separator: ", ")
        }
        func text(_ value: JSON?) -> String { value?.string ?? "?" }
        var lines: [String] = []
        for conflict in document["conflicts"]?.array ?? [] {
            let what = "\(text(conflict["kind"])) \(text(conflict["id"])) is \(text(conflict["status"]))"
            lines.append("\(what) and uses \(texts(conflict["serverIds"]))")
        }
        for server in document["servers"]?.array ?? [] {
            lines.append("\(text(server["serverId"])) belongs to \(text(server["groupName"]))")
        }
        for plan in document["plans"]?.array ?? [] { lines.append("used by \(text(plan["planName"]))") }
        if let servers = document["serverIds"] { lines.append("servers: \(texts(servers))") }
        if let cycle = document["cycle"] { lines.append("waves: \(texts(cycle))") }
        if let execution = document["executionId"]?.string { lines.append("execution: \(execution)") }
        return lines
    }

    private static func advice(for refused: Refused) -> String? {
        switch refused.code {
        case "UNAUTHENTICATED": "Sign in with: muster sign-in"
        case "PERMISSION_MISSING", "OUTSIDE_SCOPE":
            "muster whoami shows your roles and accounts; an administrator can give you more."
        case "NOT_FOUND": "The list command of the same noun shows what there is."
        case "REVISION_STALE": "Somebody changed it meanwhile: look at it again, then repeat the command."
        case "NAME_TAKEN": "Choose another name, or change the one that has it."
        case "DELIVERY_NOT_DEAD": "muster notification deliveries shows how messages stand."
        case "SERVER_ASSIGNED": "A server belongs to at most one group: take it out of the other one first."
        case "SERVER_CONFLICT":
            "Wait for what runs, or cancel it; a recovery may cancel waiting drills with --cancel-drills."
        case "CONFIRMATION_MISSING": "Repeat the plan's name with --confirm."
        case "UNKNOWN_SERVER": "muster server list shows the servers that are known."
        case "UNKNOWN_ACCOUNT": "muster account list shows the accounts that are registered."
        case "UNKNOWN_PLAN": "muster plan list shows the plans that exist."
        case "UNKNOWN_GROUP": "muster group list shows the groups that exist."
        case "NOT_PAUSED", "NOT_WAITING_FOR_APPROVAL", "EXECUTION_ENDED", "EXECUTION_ACTIVE":
            "muster execution show tells how it stands."
        case "GROUP_IN_ACTIVE_EXECUTION", "PLAN_IN_ACTIVE_EXECUTION", "TERMINATION_IN_PROGRESS":
            "Try again when it has ended: muster execution watch shows when."
        case "TOO_MANY_REQUESTS", "UNAVAILABLE", "OVERLOADED": "Try again in \(refused.retryAfter ?? 5) s."
        case "INTERNAL_ERROR":
            refused.requestId.map { "This is a fault of the hub; its log has the request as \($0)." }
        case _: nil
        }
    }
}
