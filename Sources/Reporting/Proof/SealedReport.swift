internal import JSON
internal import OpenSSL

/// What is downloaded as JSON: a report with its seal.
package struct Sealed<Content: ReportDocument & Hashable>: Codable, Sendable, Hashable {
    package var report: Content
    package var seal: ReportSignature

    package init(_ report: Content, _ seal: ReportSeal) {
        self.report = report
        self.seal = ReportSignature(document: seal.document, signature: seal.signature)
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

/// A seal as a file has it.
package struct ReportSignature: Codable, Sendable, Hashable {
    /// What was signed, byte for byte.
    package var document: String
    /// Ed25519 over it, base64url.
    package var signature: String
}

package typealias SealedReport = Sealed<Report>
package typealias SealedCampaignReport = Sealed<CampaignReport>
