package import Ambient
package import Recovery
package import Reporting

/// A final report of an execution, without its content.
package struct ReportVersionView: Codable, Sendable, Hashable {
    package var reportId: Identifier<Report>
    package var executionId: Execution.ID
    package var version: Int
    package var why: String
    package var madeBy: String
    package var madeAt: Instant
    /// SHA-256 of its content.
    package var contentHash: String
    /// The key that signed it.
    package var keyId: String
    /// Whether its PDF is there; else asking for it makes it.
    package var isPrinted: Bool

    package init(
        reportId: Identifier<Report>,
        executionId: Execution.ID,
        version: Int,
        why: String,
        madeBy: String,
        madeAt: Instant,
        contentHash: String,
        keyId: String,
        isPrinted: Bool
    ) {
        self.reportId = reportId
        self.executionId = executionId
        self.version = version
        self.why = why
        self.madeBy = madeBy
        self.madeAt = madeAt
        self.contentHash = contentHash
        self.keyId = keyId
        self.isPrinted = isPrinted
    }
}
