package import Hypertext
internal import Recovery

/// The report as HTML: the page, and what is printed.
///
/// It stands for itself: its style is in it, and it asks for nothing from anywhere.
package struct ReportPage: Sendable {
    package let report: Report
    package let seal: ReportSeal
    package let medium: Medium

    package enum Medium: Sendable {
        /// Every row.
        case page
        /// Long tables show their exceptions; the rest is attached.
        case print
    }

    package init(_ report: Report, _ seal: ReportSeal, _ medium: Medium) {
        self.report = report
        self.seal = seal
        self.medium = medium
    }

    /// The whole document.
    package var document: HTML { Self.document(titled: title, content) }

    /// A page that stands for itself.
    static func document(titled title: String, _ content: HTML) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="generator" content="Muster">
        \(ReportStyle.element)</head><body>\(content)</body></html>
        """
    }

    package var title: String {
        "\(kind): \(report.identity.planName), \(Words.moment(report.identity.startedAt).prefix(10))"
    }

    /// A recovery is no drill, and must not be taken for one.
    private var kind: String { report.identity.executionType == .recovery ? "Recovery report" : "Drill report" }

    private var mark: String {
        let identity = report.identity
        let version = identity.version == 0 ? "interim" : "version \(identity.version)"
        return "\(identity.executionId), \(version)"
    }

    private var form: SectionForm { SectionForm(sections: report.sections, medium: medium) }

    /// What stands between the edges, for a page that has some of its own.
    package var content: HTML {
        """
        <main class="report drill"><header class="cover"><p class="classification">\(report.identity.classification)</p>\
        <h1>\(kind)</h1><p class="plan">\(report.identity.planName)</p><p class="mark">\(mark)</p>\
        \(Self.verdict(report.summary.verdict?.result))\(stamp)\
        \(cover)</header>\
        \(form.contents)\(form.html)</main>
        """
    }

    private var stamp: HTML {
        guard report.isInterim else { return .empty }
        return """
            <p class="interim">Interim: made while the execution was \(report.identity.status.rawValue). \
            A final report is made at its end.</p>
            """
    }

    static func verdict(_ result: Verdict.Result?) -> HTML {
        let mood =
            switch result {
            case .pass: "verdict good"
            case .partial, .fail, .aborted: "verdict bad"
            case .passWithDeviations, nil: "verdict"
            }
        return "<p class=\"\(mood)\">\(result?.rawValue ?? "no verdict yet")</p>"
    }

    private var cover: HTML {
        let identity = report.identity
        return SectionForm.facts([
            ("Type", identity.executionType.rawValue),
            ("Started", Words.moment(identity.startedAt)),
            ("Ended", identity.endedAt.map { Words.moment($0) } ?? "it has not ended"),
            ("Report", identity.version == 0 ? "interim" : "version \(identity.version), final"),
            ("Made", Words.moment(identity.madeAt)), ("Content hash (SHA-256)", seal.contentHash),
            ("Signed with key", seal.keyId), ("Signature (Ed25519)", seal.signature),
        ])
    }
}
