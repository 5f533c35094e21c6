internal import JSON
internal import OpenSSL

/// What is downloaded as JSON: a report with its seal.
package struct Sealed<Content: ReportDocument & Hashable>: Codable, Sendable, Hashable, WrittenJSON {
    package var report: Content { didSet { content = nil } }
    package var seal: ReportSignature
    /// The report as it was hashed, where it is at hand.
    private var content: String?

    private enum CodingKeys: CodingKey {
        case report, seal
    }

    /// - Parameters:
    ///   - report: The content.
    ///   - seal: Of this very content.
    package init(_ report: Content, _ seal: ReportSeal) {
        self.report = report
        self.seal = ReportSignature(document: seal.document, signature: seal.signature)
        content = seal.content
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        report = try members.decode(Content.self, forKey: .report)
        seal = try members.decode(ReportSignature.self, forKey: .seal)
        content = nil
    }

    /// RFC 8785 text: of a thousand servers, writing it takes as long as making the report.
    package var jsonText: String {
        do {
            return "{\"report\":\(content ?? report.text),\"seal\":\(try JSON(encoding: seal).canonicalText)}"
        } catch {
            preconditionFailure("a seal cannot be written as JSON: \(error)")
        }
    }

    /// The bytes of a file.
    package var bytes: [UInt8] { Array(jsonText.utf8) }
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
