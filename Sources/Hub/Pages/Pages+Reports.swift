internal import Console
internal import Contract
internal import Hypertext
internal import Recovery
internal import Reporting

extension Pages {
    /// What drills show: their reports, what they found, and what is proven.
    func bindReports(_ calls: inout Bindings) {
        bindReport(&calls)
        bindFindings(&calls)
        bindCoverage(&calls)
    }

    /// The drill report, and what people add to it.
    private func bindReport(_ calls: inout Bindings) {
        page("/executions/{executionId}/report", &calls) { visit in
            let id: Execution.ID = try visit.parameter("executionId", of: "execution")
            let most = Limits.pageSize.upperBound
            return DrillReportPage(
                execution: try await visit.ask(GetExecution(executionId: id)),
                versions: try await visit.ask(ListReports(executionId: id, limit: most)).items,
                entries: try await visit.ask(ListReportEntries(executionId: id, limit: most)).items,
                findings: try await visit.ask(ListFindings(executionId: id, limit: most)).items
            )
        }
    }

    /// Gaps that drills showed, over all executions.
    private func bindFindings(_ calls: inout Bindings) {
        page("/findings", &calls) { visit in
            let narrowed = FindingsPage.Narrowed(
                state: visit.choice("state"),
                severity: visit.choice("severity"),
                isOverdue: visit.query["overdue"] == "true"
            )
            let answer = try await visit.ask(
                ListFindings(
                    state: narrowed.state,
                    severity: narrowed.severity,
                    overdue: narrowed.isOverdue ? true : nil,
                    nextToken: visit.query["nextToken"]
                )
            )
            let query = ListQuery(
                "/findings",
                sort: "newest",
                filters: narrowed.filters,
                token: visit.query["nextToken"],
                nextToken: answer.nextToken
            )
            return FindingsPage(findings: answer.items, query: query, narrowed: narrowed)
        }
    }

    /// What is proven, over everything that the visitor may see.
    private func bindCoverage(_ calls: inout Bindings) {
        page("/coverage", &calls) { visit in
            var asked = GetCoverage()
            asked.accountId = visit.choice("accountId")
            asked.region = visit.choice("region")
            asked.application = visit.text("application")
            asked.owner = visit.text("owner")
            asked.days = visit.query["days"].flatMap { Int($0) }.flatMap { (1...3650).contains($0) ? $0 : nil }
            // What it can be narrowed to does not depend on what it is narrowed to.
            let all = try await visit.ask(GetCoverage(days: asked.days))
            let accounts = all.accounts.map { row in
                (value: row.accountId.rawValue, label: row.accountName ?? row.accountId.rawValue)
            }
            let places = try await visit.ask(ListRegions(limit: Limits.pageSize.upperBound)).items
            return CoveragePage(
                coverage: asked.narrowing.isEmpty ? all : try await visit.ask(asked),
                asked: asked,
                choices: CoveragePage.Choices(
                    accounts: accounts,
                    regions: Set(places.map(\.region.rawValue)).sorted(),
                    applications: all.applications.compactMap(\.name),
                    owners: all.owners.compactMap(\.name)
                )
            )
        }
    }
}
