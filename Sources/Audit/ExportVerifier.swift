internal import Ambient

/// Verifies an export line by line, with nothing but the public keys.
package struct ExportVerifier: Sendable {
    private let keys: AuditKeys
    private let witnesses: [SignedHead]
    private var verifier: AuditVerifier?
    /// Where the export begins.
    package private(set) var start: AuditVerifier.Start?
    /// Whether an archive that is named in the export ends where the export begins.
    package private(set) var isStartProved = false
    /// The first line that is none of an export.
    package private(set) var unreadableLine: Int?
    /// Events that are shown; the others are digests only.
    package private(set) var shown = 0
    private var lines = 0

    package init(keys: AuditKeys, witnesses: [SignedHead] = []) {
        self.keys = keys
        self.witnesses = witnesses
    }

    package mutating func take(line: some Sequence<UInt8>) {
        lines += 1
        guard unreadableLine == nil else { return }
        switch (AuditExport(line: line), verifier) {
        case (.start(let start)?, nil):
            self.start = start
            isStartProved = start == .beginning
            verifier = AuditVerifier(keys: keys, from: start, witnesses: witnesses)
        case (.link(let link)?, .some):
            verifier?.take(link)
            if case .text(let text) = link.content {
                shown += 1
                // Most events are none, and reading each would cost more than following it.
                if text.contains(AuditArchive.action),
                    let archive = AuditEvent(text: text).flatMap({ AuditArchive($0, signedBy: keys) }),
                    archive.end == start
                {
                    isStartProved = true
                }
            }
        case (.head(let head)?, .some):
            verifier?.take(head)
        case (.start?, .some), (.link?, nil), (.head?, nil), (nil, _):
            unreadableLine = lines
        }
    }

    /// The verdict, once every line was taken; nil where there was no line of an export at all.
    package mutating func finish() -> AuditVerifier? {
        verifier?.finish()
        return verifier
    }
}
