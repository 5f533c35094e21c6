package import Hypertext

/// The way to the first drill, with how far one is.
package struct GettingStartedPage: ConsolePage {
    /// What has been done already.
    package struct Progress: Sendable, Hashable {
        package var hasAccount: Bool
        package var hasSpoke: Bool
        package var hasGroup: Bool
        package var hasPlan: Bool
        package var hasDrill: Bool

        package init(hasAccount: Bool, hasSpoke: Bool, hasGroup: Bool, hasPlan: Bool, hasDrill: Bool) {
            self.hasAccount = hasAccount
            self.hasSpoke = hasSpoke
            self.hasGroup = hasGroup
            self.hasPlan = hasPlan
            self.hasDrill = hasDrill
        }
    }

    package let progress: Progress

    package init(progress: Progress) {
        self.progress = progress
    }

    package var title: String { "Getting started" }
    package var section: Section? { .gettingStarted }

    private var steps: [(isDone: Bool, title: String, text: String, label: String, link: Link)] {
        [
            (
                progress.hasAccount && progress.hasSpoke, "Connect an account",
                "Register the account whose servers DRS replicates, and start a spoke with its external ID.",
                "Accounts", "/accounts"
            ),
            (
                progress.hasGroup, "Make a protection group",
                "Put servers of one account and Region together, by name or by tag.", "Create group",
                "/protection-groups/new"
            ),
            (
                progress.hasPlan, "Write a recovery plan",
                "Put groups into waves: databases first, then what needs them. Add gates where a person must decide.",
                "Create plan", "/recovery-plans/new"
            ),
            (
                progress.hasDrill, "Run your first drill",
                "Instances are launched beside production, which goes on untouched. Terminate them when you have seen enough.",
                "Choose a plan", "/recovery-plans"
            ),
        ]
    }

    package func heading(for viewer: Viewer) -> HTML {
        let done = steps.count(where: \.isDone)
        return Heading(title, note: "\(done) of \(steps.count) steps are done.").html
    }

    package func content(for viewer: Viewer) -> HTML {
        let next = steps.firstIndex { !$0.isDone }
        return """
            <section class="card narrow" aria-label="Steps"><ol class="steps">\(steps.enumerated().html { index, step in
                """
                <li\(attribute: "class", step.isDone ? "done" : nil)><div class="what"><h2>\(step.title)</h2>\
                <p>\(step.text)</p></div><div class="actions">\(if: step.isDone, Status(.success, "Done").html)\
                \(Button(step.label, index == next ? .primary : .ordinary, link: step.link).html)</div></li>
                """
            })</ol></section>
            """
    }
}
