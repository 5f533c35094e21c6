internal import Ambient
internal import JSON
internal import OpenSSL

/// What was moved out of the database: a piece of the chain from its beginning, in a file whose digest is itself sealed.
package struct AuditArchive: Sendable, Hashable {
    /// Where the archived piece ends: the chain in the database goes on from there.
    package var end: AuditVerifier.Start
    /// The SHA-256 of the file.
    package var fileDigest: String
    package var file: String

    package init(end: AuditVerifier.Start, fileDigest: String, file: String) {
        self.end = end
        self.fileDigest = fileDigest
        self.file = file
    }

    /// The action of the audit event by which an archive is known.
    package static let action = "ARCHIVE_AUDIT"
    /// Archives that are looked through for the one where the database begins: it is the newest, or the one before.
    package static let most = 100

    private var document: JSON {
        [
            "file": .string(file), "hash": .string(end.place.hash), "head": .integer(Int64(end.head)),
            "headDigest": .string(end.headDigest), "kind": "MUSTER_AUDIT_ARCHIVE",
            "sequence": .integer(Int64(end.place.sequence)), "sha256": .string(fileDigest),
        ]
    }

    /// What the event of the archive says: signed, so that nobody cuts the beginning off and calls that an archive.
    ///
    /// - Throws: `OpenSSLError`.
    package func change(signedBy keys: SealKeys) throws -> FieldChange {
        let signature = try keys.signing.sign(document.canonicalBytes)
        return FieldChange(
            "archive",
            before: .null,
            after: [
                "document": document, "keyId": .string(keys.signingId),
                "signature": .string(Base64URL.encode(signature)),
            ]
        )
    }

    /// Reads it from its event; nil for another event, and for one that none of the keys has signed.
    package init?(_ event: AuditEvent, signedBy keys: AuditKeys) {
        guard event.action == Self.action, let change = event.changes.first(where: { $0.field == "archive" })?.after,
            let said = change["document"], let key = change["keyId"]?.string.flatMap({ keys[$0] }),
            let signature = change["signature"]?.string.flatMap(Base64URL.decode),
            key.verifies(signature: signature, of: said.canonicalBytes), said["kind"]?.string == "MUSTER_AUDIT_ARCHIVE",
            let sequence = said["sequence"]?.integer, let hash = said["hash"]?.string,
            let head = said["head"]?.integer, let headDigest = said["headDigest"]?.string,
            let digest = said["sha256"]?.string, let file = said["file"]?.string
        else { return nil }
        self.init(
            end: AuditVerifier.Start(
                place: ChainPlace(sequence: Int(sequence), hash: hash),
                head: Int(head),
                headDigest: headDigest
            ),
            fileDigest: digest,
            file: file
        )
    }
}
