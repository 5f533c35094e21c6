internal import Ambient
package import Hypertext
internal import Recovery

/// A campaign's report as HTML: the page that stands for itself, and what is printed.
package struct CampaignForm: Sendable {
    package let report: CampaignReport
    package let seal: ReportSeal
    package let medium: ReportPage.Medium

    package init(_ report: CampaignReport, _ seal: ReportSeal, _ medium: ReportPage.Medium) {
        self.report = report
        self.seal = seal
        self.medium = medium
    }

    /// The whole document.
    package var document: HTML {
        let identity = report.identity
        let form = SectionForm(sections: report.sections, medium: medium)
        return ReportPage.document(
            titled: "Campaign report: \(identity.campaignName), \(Words.moment(identity.startedAt).prefix(10))",
            """
            <main class="report drill"><header class="cover"><p class="classification">\(identity.classification)</p>\
            <h1>Campaign report</h1><p class="plan">\(identity.campaignName)</p><p class="mark">\(mark)</p>\
            \(ReportPage.verdict(report.summary.verdict?.result))\(stamp)\(cover)</header>\
            \(form.contents)\(form.html)</main>
            """
        )
    }

    private var mark: String {
        let version = report.isInterim ? "interim" : "version \(report.identity.version)"
        return "\(report.identity.campaignId), \(version)"
    }

    private var stamp: HTML {
        guard report.isInterim else { return .empty }
        return """
            <p class="interim">Interim: made while the campaign was \(report.identity.status.rawValue), or its drills' \
            reports were not made. A final report is made by itself.</p>
            """
    }

    private var cover: HTML {
        let identity = report.identity
        return SectionForm.facts([
            ("Started", Words.moment(identity.startedAt)),
            ("Ended", identity.endedAt.map { Words.moment($0) } ?? "it has not ended"),
            ("Report", report.isInterim ? "interim" : "version \(identity.version), final"),
            ("Made", Words.moment(identity.madeAt)), ("Content hash (SHA-256)", seal.contentHash),
            ("Signed with key", seal.keyId), ("Signature (Ed25519)", seal.signature),
        ])
    }
}
