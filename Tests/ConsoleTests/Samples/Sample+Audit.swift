import Ambient
import Console
import Contract
import JSON
import Recovery

extension Sample {
    static func audit(_ text: String? = nil) -> [AuditEventView] {
        [AuditOutcome.done, .refused].enumerated().map { index, outcome in
            AuditEventView(
                sequence: index == 0 ? 41 : nil,
                eventId: (text ?? "") + "01950000-0000-7000-8000-00000000000\(index)",
                at: now,
                principal: text ?? "1b9d6bcd@https://idp.example",
                action: text ?? "UpdateRecoveryPlan",
                outcome: outcome,
                subjectKind: text ?? "RecoveryPlan",
                subjectId: text ?? "01950000-0000-7000-8000-000000000001",
                accountIds: [label("111122223333")],
                sourceAddress: text ?? "192.0.2.7",
                requestId: text ?? "r-1",
                oldRevision: 13,
                newRevision: 14,
                detail: text,
                changes: [.init(field: text ?? "planName", before: text ?? "\"Pay\"", after: text ?? "\"Payments\"")],
                outsideScope: false
            )
        }
    }

    static func sessions(_ text: String? = nil) -> [SessionView] {
        [true, false].enumerated().map { index, isCurrent in
            SessionView(
                sessionId: id(90 + index),
                issuer: text ?? "https://idp.example",
                subject: text ?? "1b9d6bcd",
                name: text ?? "ana@example.com",
                email: text,
                groups: [],
                createdAt: instant("2026-11-23T07:00:00.000Z"),
                lastSeenAt: instant("2026-11-23T07:40:00.000Z"),
                endsAt: instant("2026-11-23T19:00:00.000Z"),
                sourceAddress: text ?? "192.0.2.7",
                userAgent: text ?? "Chromium on Linux",
                isCurrent: isCurrent
            )
        }
    }
}
