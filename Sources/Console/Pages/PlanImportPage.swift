internal import Contract
package import Hypertext

/// A plan from a file that an export wrote, here or elsewhere.
package struct PlanImportPage: ConsolePage {
    package init() {}

    package var title: String { "Import recovery plan" }
    package var section: Section? { .plans }
    package var trail: [Crumb] { [Crumb("Recovery plans", "/recovery-plans")] }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            note: "Its protection groups are found by their names; if one is missing, nothing is made and it is named."
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        guard viewer.may(ImportRecoveryPlan.permission) else {
            return """
                <section class="card narrow" aria-label="Not allowed">\(Empty(
                    "Not with your roles",
                    "An import needs the permission CreateRecoveryPlan.",
                    action: Button("Recovery plans", link: "/recovery-plans").html
                ).html)</section>
                """
        }
        return """
            <section class="card narrow" aria-label="File">\(CallForm(
                Action(ImportRecoveryPlan.self),
                submit: "Import plan",
                then: "/recovery-plans/{planId}",
                done: "The plan is imported. Its readiness is not checked yet.",
                isInDialog: false,
                cancel: "/recovery-plans",
                fields: fields
            ).html)</section>
            """
    }

    private var fields: HTML {
        """
        <div class="fields"><div class="field"><label for="file">File</label><p class="hint" id="h-file">It is read into the \
        text below; nothing is sent before you import.</p><input id="file" type="file" accept=".json,application/json" \
        data-fills="plan" aria-describedby="h-file"></div>\
        <div class="field" data-field="plan"><label for="plan">Plan</label><p class="hint" id="h-plan">JSON, as an export or \
        the command <span class="code">muster plan show --as-file</span> writes it.</p><textarea id="plan" name="plan" \
        class="code" data-as="json" rows="14" required spellcheck="false" autocomplete="off" \
        aria-describedby="h-plan p-plan"></textarea><p class="problem" id="p-plan"></p></div>\
        \(Field.text(
            "planName",
            "Another name",
            as: .optional,
            hint: "Where the file's own is taken already, or should not be used."
        ))</div>
        """
    }
}
