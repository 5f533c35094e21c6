import Ambient
import Console
import Contract
import Hypertext
import Recovery
import Reporting

extension Sample {
    static func report(of execution: ExecutionView, _ text: String? = nil) -> DrillReportPage {
        DrillReportPage(
            execution: execution,
            versions: [
                ReportVersionView(
                    reportId: id(60),
                    executionId: execution.executionId,
                    version: 1,
                    why: text ?? "the execution ended",
                    madeBy: text ?? "muster",
                    madeAt: now,
                    contentHash: text ?? String(repeating: "ab", count: 32),
                    keyId: text ?? "0011223344556677",
                    isPrinted: true
                )
            ],
            entries: [
                ReportEntry(
                    entryId: id(61),
                    executionId: execution.executionId,
                    kind: .participant,
                    text: text ?? "led the drill",
                    name: text ?? "A. Lovelace",
                    role: text ?? "incident lead",
                    by: text ?? "ada",
                    at: now,
                    withdrawnBy: text,
                    withdrawnAt: text == nil ? nil : now
                )
            ],
            findings: [finding(of: execution, text)]
        )
    }

    private static func finding(of execution: ExecutionView, _ text: String?) -> ReportFinding {
        ReportFinding(
            findingId: id(62),
            executionId: execution.executionId,
            planName: text ?? "Payments",
            title: text ?? "The runbook names a host that is gone",
            detail: text,
            severity: .high,
            cause: text,
            owner: text ?? "ops",
            dueOn: text ?? "2027-01-31",
            ticket: text,
            riskAcceptance: text,
            isRepeat: true,
            createdBy: text ?? "ada",
            createdAt: now,
            changedBy: text ?? "ada",
            changedAt: now
        )
    }

    static func findings(_ text: String? = nil, isEmpty: Bool = false) -> FindingsPage {
        FindingsPage(
            findings: isEmpty ? [] : [finding(of: execution(), text)],
            query: ListQuery("/findings", sort: "newest"),
            narrowed: .init(state: .open)
        )
    }
}
