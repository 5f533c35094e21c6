internal import Recovery

/// How long what stands in some tables is kept.
///
/// `Docs/Operating.md` has all of it as a table. A test holds it against the schema (no table without its line) and
/// against the statements (what is for ever is deleted nowhere, what is not is).
package struct Keeping: Sendable, Hashable {
    package enum Time: Sendable, Hashable {
        case forEver
        /// Until somebody deletes it.
        case untilDeleted
        /// As it is now: whoever looks next replaces it.
        case untilReplaced
        /// Until what it serves is over.
        case untilDone
        case hours(Int)
        case days(Int)
        /// Until somebody moves what is older to a file.
        case archivedAfterYears(Int)

        package var text: String {
            switch self {
            case .forEver: "for ever"
            case .untilDeleted: "until somebody deletes it"
            case .untilReplaced: "as it is now; the next look replaces it"
            case .untilDone: "until it is over"
            case .hours(let hours): hours == 1 ? "1 hour" : "\(hours) hours"
            case .days(let days): days == 1 ? "1 day" : "\(days) days"
            case .archivedAfterYears(let years): "until what is older than \(years) years is moved to a file"
            }
        }
    }

    package let what: String
    package let time: Time
    package let tables: [String]

    private init(_ what: String, _ time: Time, _ tables: String...) {
        (self.what, self.time, self.tables) = (what, time, tables)
    }

    package static let all = [
        Keeping(
            "executions: waves, servers, jobs, commands, the plan as it was, what DRS's job log said",
            .forEver,
            "execution",
            "execution_baseline",
            "execution_job",
            "execution_place",
            "execution_plan",
            "execution_server",
            "execution_wave",
            "command",
            "job_log_item"
        ),
        Keeping("their journals", .forEver, "journal_event", "journal_mark"),
        Keeping(
            "drill reports with their PDF, what people add to them, findings",
            .forEver,
            "report",
            "report_print",
            "report_entry",
            "report_entry_withdrawal",
            "finding"
        ),
        Keeping("campaigns and their reports", .forEver, "campaign", "campaign_item", "campaign_report"),
        Keeping("the versions of plans", .forEver, "recovery_plan_version"),
        Keeping("who came as a spoke; which migrations were applied", .forEver, "spoke", "schema_migration"),
        Keeping(
            "the audit: events, seals, signed heads",
            .archivedAfterYears(Limits.auditYears),
            "audit_event",
            "audit_seal",
            "audit_head"
        ),
        Keeping(
            "accounts, groups, plans, schedules, role bindings, notification targets",
            .untilDeleted,
            "account",
            "protection_group",
            "group_member",
            "recovery_plan",
            "plan_group",
            "schedule",
            "role_binding",
            "notification_target"
        ),
        Keeping("what became of a schedule's times", .days(Limits.scheduledRunDays), "schedule_run"),
        Keeping(
            "what people are told, from its being said; messages, from their end",
            .days(Limits.deliveryDays),
            "notification",
            "notification_delivery"
        ),
        Keeping(
            "inventory, jobs of others, readiness, what roles may do, issuers' keys",
            .untilReplaced,
            "source_server",
            "recovery_instance",
            "inventory_sync",
            "server_finding",
            "access_finding",
            "observed_job",
            "native_execution",
            "plan_readiness",
            "group_conflict",
            "jwks"
        ),
        Keeping("commands of no execution (syncs, checks), from their end", .hours(Limits.answerHours), "command"),
        Keeping("answers under an idempotency key", .hours(Limits.idempotencyHours), "idempotency_key"),
        Keeping(
            "spokes' sessions, from their end",
            .hours(Limits.spokeSessionHours),
            "agent_session",
            "agent_session_account"
        ),
        Keeping("codes for break-glass, from their end", .days(Limits.breakGlassDays), "break_glass_code"),
        Keeping(
            "people's sessions, sign-ins, links to a wall, spokes' challenges",
            .untilDone,
            "browser_session",
            "sign_in",
            "wall_link",
            "agent_challenge"
        ),
        Keeping(
            "work under way: claims, timers, pages of an inventory, events to be sealed",
            .untilDone,
            "server_claim",
            "timer",
            "inventory_page",
            "audit_pending"
        ),
    ]

    /// The table of the documents.
    package static var table: String {
        let rows = all.map { keeping in
            let tables = keeping.tables.map { "`\($0)`" }.joined(separator: " ")
            return "| \(keeping.what) | \(keeping.time.text) | \(tables) |"
        }
        return (["| what | how long | tables |", "|---|---|---|"] + rows).joined(separator: "\n")
    }
}
