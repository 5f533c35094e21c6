internal import JSON
internal import OpenSSL

/// A report with its seal: what is downloaded as JSON.
package struct SealedReport: Codable, Sendable, Hashable {
    package var report: Report
    package var seal: Signed

    package struct Signed: Codable, Sendable, Hashable {
        /// What was signed, byte for byte.
        package var document: String
        /// Ed25519 over it, base64url.
        package var signature: String
    }

    package init(_ report: Report, _ seal: ReportSeal) {
        self.report = report
        self.seal = Signed(document: seal.document, signature: seal.signature)
    }

    /// The bytes of a file.
    package var bytes: [UInt8] {
        do {
            return try JSON(encoding: self).canonicalBytes
        } catch {
            preconditionFailure("a report cannot be written as JSON: \(error)")
        }
    }
}
