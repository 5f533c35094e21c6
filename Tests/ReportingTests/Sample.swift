import Ambient
import Audit
import Hypertext
import JSON
import OpenSSL
import Recovery
import Reporting
import TestKit

/// What would break a form if it were not made harmless.
enum Hostile {
    static let names = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=HYPERLINK(\"http://evil.example\",\"x\")",
        "+1+cmd|' /C calc'!A0", "@SUM(A1:A9)", "-2+3", "\t=1+1", "a,b\"c\r\nd;e", "\u{202E}gnp.exe", "名前 🚢", "</style>",
        "]]>", "  =1+1", "＝1+1", "%00", "&lt;b&gt;", "${jndi:ldap://x}", "' OR 1=1 --",
    ]
}

extension Report {
    /// A finished drill with something in every section; names are what is given.
    static func sample(
        _ seed: UInt64 = 5,
        names: [String] = ["db-1"],
        change: (inout ReportMaterial) -> Void = { _ in }
    ) -> Report {
        let drill = (0..<400).lazy.map { Drill(Seed(seed + $0)) }.first { $0.execution.endedAt != nil }
        guard let drill else { preconditionFailure("no drill of these seeds ends") }
        var material = drill.material()
        let text = { (index: Int) in names[index % names.count] }
        let execution = material.execution
        material.baseline = .init(
            takenAt: .sample,
            readiness: Readiness(state: .needsCheck, reasons: [.init(code: "LAG", text: text(0), serverCount: 2)]),
            checkedAt: .sample,
            servers: Dictionary(
                uniqueKeysWithValues: execution.servers.enumerated().map {
                    (
                        $1.sourceServerId,
                        ReportMaterial.Replication(state: "CONTINUOUS", lagSeconds: $0 * 10, asOf: .sample)
                    )
                }
            )
        )
        material.entries = ReportEntry.Kind.allCases.enumerated().map { index, kind in
            ReportEntry(
                entryId: .sample(index + 1),
                executionId: execution.id,
                kind: kind,
                text: text(index),
                name: text(index + 1),
                role: text(index + 2),
                by: text(index + 3),
                at: .sample
            )
        }
        material.findings = [
            ReportFinding(
                findingId: .sample(77),
                executionId: execution.id,
                planName: text(0),
                title: text(1),
                detail: text(2),
                severity: .high,
                cause: text(3),
                owner: text(4),
                dueOn: "2027-01-31",
                ticket: text(5),
                riskAcceptance: text(6),
                createdBy: text(7),
                createdAt: .sample,
                changedBy: text(8),
                changedAt: .sample
            )
        ]
        material.jobLog = [
            JobLogLine(at: .sample, jobId: "drsjob-1", event: "JOB_START", sourceServerId: nil, detail: text(0))
        ]
        material.application = text(2)
        material.owner = text(3)
        material.campaign = text(4)
        material.calls = [
            .sample(text(5), principal: text(6)), .sample("ResumeExecution", principal: "ada@muster:break-glass"),
        ]
        change(&material)
        return Report(material, .sample(at: drill.now))
    }
}

extension Report.AuditedCall {
    static func sample(_ action: String, principal: String, _ outcome: AuditEvent.Outcome = .done) -> Self {
        Self(
            AuditEvent(
                eventId: .sample(5),
                at: .sample,
                principal: principal,
                action: action,
                sourceAddress: "192.0.2.7",
                outcome: outcome
            )
        )
    }
}

extension ReportMaterial.Order {
    static func sample(at now: Instant, version: Int = 1) -> Self {
        Self(
            reportId: "0193a0b0-0000-7000-8000-000000000001",
            version: version,
            why: "the execution ended",
            madeBy: "muster",
            madeAt: now,
            hubVersion: "0.1"
        )
    }
}

extension SealKeys {
    static func sample() throws -> SealKeys {
        try SealKeys(seeds: [SecretBytes(taking: Array(repeating: 7, count: 32))])
    }
}
