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

    /// Says what the signature is for, so that none of another purpose passes for one.
    static let kind = "MUSTER_DRILL_REPORT"

    /// Signs a report.
    ///
    /// - Throws: `OpenSSLError`.
    package init(_ report: Report, by keys: SealKeys) throws {
        let hash = Self.hash(of: report)
        let document: JSON = [
            "contentHash": .string(hash), "executionId": .string(report.identity.executionId.description),
            "interim": .bool(report.isInterim), "journalHead": .string(report.evidence.journalHead),
            "journalSequence": .integer(Int64(report.evidence.journalSequence)), "keyId": .string(keys.signingId),
            "kind": .string(Self.kind), "madeAt": .string(report.identity.madeAt.description),
            "planHash": .string(report.identity.planHash), "reportId": .string(report.identity.reportId),
            "version": .integer(Int64(report.identity.version)),
        ]
        self.document = document.canonicalText
        signature = Base64URL.encode(try keys.signing.sign(document.canonicalBytes))
        contentHash = hash
        keyId = keys.signingId
    }

    /// A seal as it is stored; nil for what is none.
    package init?(document: String, signature: String) {
        // Whoever altered it may have left anything.
        guard let json = try? JSON(parsing: document.utf8), json["kind"]?.string == Self.kind,
            let hash = json["contentHash"]?.string, let keyId = json["keyId"]?.string
        else { return nil }
        self.document = document
        self.signature = signature
        contentHash = hash
        self.keyId = keyId
    }

    /// SHA-256 of the report as RFC 8785 text.
    static func hash(of report: Report) -> String {
        Hex.encode(SHA256.digest(Array(report.text.utf8)))
    }
}

extension Report {
    /// The report as RFC 8785 text: what is stored, and hashed.
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
        self = try JSON(parsing: text.utf8).decoded(as: Report.self)
    }
}
