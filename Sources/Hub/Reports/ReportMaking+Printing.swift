internal import Ambient
internal import HTTPTypes
internal import Hypertext
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Reporting
internal import Store

extension ReportMaking {
    /// The report as PDF, with its JSON and its table attached: as it was printed, or printed now.
    ///
    /// - Throws: `ReportPress.Failure`, `PostgresFailure`.
    func pdf(of report: Report, _ seal: ReportSeal, isStored: Bool) async throws -> [UInt8] {
        let id = Identifier<Report>(report.identity.reportId)
        if isStored, let id, let pdf = try await pool.first(ReportStatements.pdf(of: id)) { return pdf }
        let pdf = try await pdf(
            of: ReportPage(report, seal, .print).document,
            attaching: [("report.json", SealedReport(report, seal).bytes), ("servers.csv", Array(report.csv.utf8))]
        )
        if isStored, let id { try await pool.execute(ReportStatements.keep(pdf, of: id, at: ambient.now)) }
        return pdf
    }

    /// A page as PDF.
    ///
    /// - Throws: `ReportPress.Failure`.
    func pdf(of page: HTML, attaching attachments: [(name: String, bytes: [UInt8])]) async throws -> [UInt8] {
        try await press.pdf(
            of: page,
            attaching: attachments,
            as: ambient.identifier(for: ReportPress.self).description
        )
    }

    /// How long somebody waits for their turn: some prints of the usual size, and shorter than any client's patience.
    private static let turn = Duration.seconds(45)
    /// Between two looks whether it has come.
    private static let look = Duration.milliseconds(250)

    /// Prints for somebody who asked for it, as soon as it is their turn.
    ///
    /// - Throws: `Problem` where it cannot be printed: the other forms are there.
    func answering(_ making: () async throws -> [UInt8]) async throws -> [UInt8] {
        let began = ambient.time.elapsed()
        while true {
            do {
                return try await attempt(making)
            } catch ReportPress.Failure.busy where ambient.time.elapsed() - began < Self.turn {
                try await ambient.time.sleep(for: Self.look)
            } catch ReportPress.Failure.busy {
                throw Problem(.tooManyRequests, "Another report is being printed.", headers: [.retryAfter: "10"])
            }
        }
    }

    private func attempt(_ making: () async throws -> [UInt8]) async throws -> [UInt8] {
        do {
            return try await making()
        } catch ReportPress.Failure.busy {
            throw ReportPress.Failure.busy
        } catch ReportPress.Failure.missing {
            throw Problem(
                .pdfUnavailable,
                "WeasyPrint is not installed where the hub runs; HTML, JSON and CSV are there.",
                headers: [.retryAfter: "3600"]
            )
        } catch let failure as ReportPress.Failure {
            logger.error("a report was not printed", metadata: ["failure": "\(failure)"])
            throw Problem(
                .pdfUnavailable,
                "The report could not be printed; HTML, JSON and CSV are there, and the log says why.",
                headers: [.retryAfter: "60"]
            )
        }
    }
}
