internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// What waits for a person, over all runs: answered from here.
package struct ApprovalsPage: ConsolePage {
    package let executions: [ExecutionView]

    package init(executions: [ExecutionView]) {
        self.executions = executions
    }

    package var title: String { "Approvals" }
    package var section: Section? { .approvals }
    package var topics: [String] { ["attention"] }

    private var waiting: [ExecutionView] { executions.filter(\.needsSomebody) }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: waiting.isEmpty ? nil : "\(waiting.count)",
            note: "Waves that wait for somebody, in every run."
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        guard !waiting.isEmpty else {
            return """
                <section class="card" aria-label="Nothing waits">\(Empty(
                    "Nothing waits for you",
                    "Waves with an approval gate or a pause appear here when their turn comes."
                ).html)</section>
                """
        }
        return waiting.html { execution in
            Card(
                execution.planName,
                note: """
                    \(execution.executionType.badge) Started \(Times.moment(execution.startedAt)) by \(execution.startedBy) \
                    \u{B7} <a href="\(Link.execution(execution.executionId))">open the run</a>
                    """,
                """
                \(ExecutionNeeds(execution: execution, viewer: viewer, prefix: execution.executionId.description).html)\
                \(Distribution(execution.counts.parts()).html)
                """
            ).html
        }
    }
}
