internal import Ambient
package import Hypertext
internal import Recovery

/// The coverage as HTML: the page that stands for itself, and what is printed.
package struct CoverageForm: Sendable {
    package let coverage: Coverage
    /// What it is narrowed to, in words; empty: everything that the reader may see.
    package let narrowing: [(name: String, value: String)]
    package let madeFor: String
    package let medium: ReportPage.Medium

    package init(
        _ coverage: Coverage,
        narrowedTo narrowing: [(name: String, value: String)],
        for person: String,
        _ medium: ReportPage.Medium
    ) {
        self.coverage = coverage
        self.narrowing = narrowing
        madeFor = person
        self.medium = medium
    }

    /// Who reads a list of what is not proven knows where to strike.
    private static let classification = "Confidential"

    private var title: String { "Recovery coverage, \(Words.moment(coverage.asOf).prefix(10))" }

    package var document: HTML {
        let form = SectionForm(sections: coverage.sections, medium: medium)
        let cover = SectionForm.facts(
            [
                ("As of", Words.moment(coverage.asOf)), ("A proof counts for", "\(coverage.days) days"),
                ("Made for", madeFor),
                ("Covers", narrowing.isEmpty ? "every account that the reader may see" : "what is named below"),
            ] + narrowing
        )
        return ReportPage.document(
            titled: title,
            """
            <main class="report"><header class="cover">\
            <p class="classification">\(Self.classification)</p><h1>Recovery coverage</h1>\
            <p class="plan">What is proven recoverable, when last, and what is overdue</p>\
            <p class="mark">\(Words.moment(coverage.asOf))</p>\(cover)</header>\
            \(form.contents)\(form.html)</main>
            """
        )
    }
}
