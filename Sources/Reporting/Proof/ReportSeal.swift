internal import Ambient
package import Audit
internal import JSON
internal import OpenSSL
internal import Recovery

/// What is signed of a report: which it is, the hash of its content, and the hashes of what it was made from.
package struct ReportSeal: Sendable, Hashable {
    /// RFC 8785 text, byte for byte as it is signed.
    package let document: String
    /// Ed25519, base64url.
    package let signature: String
    package let contentHash: String
    package let keyId: String
    /// The content as it was hashed, where it is at hand: it is not written again then.
    package let content: String?

    /// Says what a signature is for, so that none of another purpose passes for one.
    package enum Kind: String, Sendable {
        case drill = "MUSTER_DRILL_REPORT"
        case campaign = "MUSTER_CAMPAIGN_REPORT"
    }

    /// Signs a report.
    ///
    /// - Throws: `OpenSSLError`.
    package init(_ report: Report, by keys: SealKeys) throws {
        let content = report.text
        let hash = Self.hash(of: content)
        let document: JSON = [
            "contentHash": .string(hash), "executionId": .string(report.identity.executionId.description),
            "interim": .bool(report.isInterim), "journalHead": .string(report.evidence.journalHead),
            "journalSequence": .integer(Int64(report.evidence.journalSequence)), "keyId": .string(keys.signingId),
            "kind": .string(Kind.drill.rawValue), "madeAt": .string(report.identity.madeAt.description),
            "planHash": .string(report.identity.planHash), "reportId": .string(report.identity.reportId),
            "version": .integer(Int64(report.identity.version)),
        ]
        try self.init(document, of: content, contentHash: hash, by: keys)
    }

    /// Signs a campaign's report.
    ///
    /// - Throws: `OpenSSLError`.
    package init(_ report: CampaignReport, by keys: SealKeys) throws {
        let content = report.text
        let hash = Self.hash(of: content)
        let document: JSON = [
            "campaignId": .string(report.identity.campaignId.description), "contentHash": .string(hash),
            "interim": .bool(report.isInterim), "keyId": .string(keys.signingId),
            "kind": .string(Kind.campaign.rawValue), "madeAt": .string(report.identity.madeAt.description),
            "reportId": .string(report.identity.reportId), "version": .integer(Int64(report.identity.version)),
        ]
        try self.init(document, of: content, contentHash: hash, by: keys)
    }

    private init(_ document: JSON, of content: String, contentHash: String, by keys: SealKeys) throws {
        self.content = content
        self.document = document.canonicalText
        signature = Base64URL.encode(try keys.signing.sign(document.canonicalBytes))
        self.contentHash = contentHash
        keyId = keys.signingId
    }

    /// A seal as it is stored; nil for what is none, or is none of that kind.
    ///
    /// - Parameters:
    ///   - kind: What it must be of.
    ///   - document: What was signed.
    ///   - signature: Over it.
    ///   - content: The report's text, as it is stored beside it.
    package init?(_ kind: Kind = .drill, document: String, signature: String, of content: String? = nil) {
        // Whoever altered it may have left anything.
        guard let json = try? JSON(parsing: document.utf8), json["kind"]?.string == kind.rawValue,
            let hash = json["contentHash"]?.string, let keyId = json["keyId"]?.string
        else { return nil }
        self.document = document
        self.signature = signature
        self.content = content
        contentHash = hash
        self.keyId = keyId
    }

    /// SHA-256 of a report as RFC 8785 text.
    static func hash(of text: String) -> String {
        Hex.encode(SHA256.digest(Array(text.utf8)))
    }

    /// Whether a file's own member `report` is what was signed, by one of the keys: nil, or what is wrong.
    ///
    /// The file's member and not what was read of it, so that a member which this version does not know is not passed over.
    func problem(with raw: [UInt8], _ keys: AuditKeys) -> String? {
        guard let key = keys[keyId] else { return "The key \(keyId), which signed it, is none of the given ones." }
        guard key.verifies(signature: Base64URL.decode(signature) ?? [], of: Array(document.utf8)) else {
            return "The signature is not that of the key \(keyId)."
        }
        let content = (try? JSON(parsing: raw))?["report"]
        let hash = content.map { Hex.encode(SHA256.digest($0.canonicalBytes)) }
        return hash == contentHash ? nil : "The content is not what was signed."
    }
}

/// A report that is kept as RFC 8785 text, and hashed so.
package protocol ReportDocument: Codable, Sendable {}

extension ReportDocument {
    /// The report as RFC 8785 text.
    package var text: String {
        do {
            return try JSON(encoding: self).canonicalText
        } catch {
            preconditionFailure("a report cannot be written as JSON: \(error)")
        }
    }

    /// Reads a stored report.
    ///
    /// - Throws: `SyntaxError`, `DecodingError`.
    package init(text: String) throws {
        self = try JSON(parsing: text.utf8).decoded(as: Self.self)
    }
}

extension Report: ReportDocument {}
extension CampaignReport: ReportDocument {}
