package import Ambient
package import Audit
internal import Foundation
package import Logging
internal import NIOCore
internal import OpenSSL
package import PostgreSQL
internal import Store

/// Moves the beginning of the audit into a file that is verified like an export, and whose digest is itself sealed.
///
/// It runs as the owner of the tables, on the host: the hub's own role can delete nothing. First the file is whole and
/// on the disk, then the audit says so under its seal, and only then the rows go; so whatever stops it, nothing is lost.
package struct Archiving: Sendable {
    private let pool: Pool
    private let keys: SealKeys
    private let ambient: Ambient
    private let logger: Logger

    package init(pool: Pool, keys: SealKeys, ambient: Ambient, logger: Logger) {
        self.pool = pool
        self.keys = keys
        self.ambient = ambient
        self.logger = logger
    }

    /// Why nothing was archived.
    package struct Refused: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Archives everything that happened before a moment.
    ///
    /// - Parameters:
    ///   - moment: What happened before it goes.
    ///   - path: The file, which must not exist yet.
    /// - Returns: The archive; nil when nothing is so old.
    /// - Throws: `Refused` when the audit is not as it was sealed, or the file is there; `PostgresFailure`.
    package func archive(before moment: Instant, to path: String) async throws -> AuditArchive? {
        guard let head = try await pool.first(AuditArchiveStatements.lastHead(before: moment)) else { return nil }
        guard try await pool.first(AuditArchiveStatements.mayRemove) == true else {
            throw Refused("this role may not remove what is archived: MUSTER_DATABASE_OWNER_URL must name who owns it")
        }
        let finding = try await AuditVerification(pool: pool, keys: keys.publicKeys).run()
        if let first = finding.firstBreak { throw Refused("the audit is not as it was sealed: \(first)") }
        guard let start = try await AuditVerification.start(in: pool, signedBy: keys.publicKeys),
            let last = head.signed.verified(by: keys.publicKeys)
        else { throw Refused("the audit does not begin where its archives end") }
        let digest = try await write(AuditStream(pool: pool, start: start, end: last) { _ in true }, to: path)
        let archive = AuditArchive(
            end: AuditVerifier.Start(place: last.place, head: last.number, headDigest: head.signed.digest),
            fileDigest: Hex.encode(digest),
            file: URL(filePath: path).lastPathComponent
        )
        try await record(archive)
        try await pool.transaction { transaction in
            try await transaction.execute(AuditArchiveStatements.remove(through: head))
        }
        logger.info("audit archived", metadata: ["file": "\(path)", "through": "\(last.place.sequence)"])
        return archive
    }

    /// Writes the file and answers its digest; half of one never has its name.
    private func write(_ stream: AuditStream, to path: String) async throws -> [UInt8] {
        let files = FileManager.default
        let part = path + ".part"
        guard !files.fileExists(atPath: path) else { throw Refused("\(path) exists already") }
        guard files.createFile(atPath: part, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: part)
        else { throw Refused("\(path) cannot be written") }
        var digest = SHA256.Running()
        for try await piece in stream {
            digest.take(Array(piece.readableBytesView))
            try file.write(contentsOf: Data(piece.readableBytesView))
        }
        try file.synchronize()
        try file.close()
        try files.moveItem(atPath: part, toPath: path)
        return digest.finish()
    }

    /// Puts the archive into the audit, under its seal.
    private func record(_ archive: AuditArchive) async throws {
        let event = AuditEvent(
            eventId: ambient.identifier(),
            at: ambient.now,
            principal: "muster",
            action: AuditArchive.action,
            subjectKind: "audit",
            subjectId: archive.file,
            changes: [try archive.change(signedBy: keys)]
        )
        try await pool.execute(event.insert)
        let sealer = Sealer(pool: pool, keys: keys, ambient: ambient, logger: logger)
        while try await sealer.seal(allJournals: false, waiting: true).isFull {}
    }
}
