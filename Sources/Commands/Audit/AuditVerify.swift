internal import Ambient
internal import ArgumentParser
internal import Audit
internal import Foundation
internal import JSON

struct AuditVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify an export or an archive, without any hub.",
        discussion: """
            Ends with 0 when every event is as it was sealed and signed, with 1 when not, naming the first event that is \
            not. A cut-off end shows only against a signed head that was kept elsewhere (--head): that of an earlier \
            muster audit check --format json, or of a report.
            """
    )

    @Argument(help: "The export; - for standard input.") var file: String
    @Option(help: "The verification keys, as muster audit keys prints them.") var keys: String
    @Option(help: "A JSON file with a signed head, or an answer that has one under \"head\".") var head: [String] = []

    func run() throws {
        let verifier = try verdict()
        guard let verdict = verifier.verdict else {
            throw Trouble("\(file) is no export of an audit", code: "NO_EXPORT")
        }
        if let line = verifier.unreadableLine {
            throw Trouble("Line \(line) of \(file) is none of an export", code: "EXPORT_UNREADABLE")
        }
        if let first = verdict.firstBreak {
            throw Trouble(
                "The audit is not as it was sealed",
                code: first.kind.rawValue,
                details: [first.description] + (first.eventId.map { ["event \($0)"] } ?? []),
                advice: "Everything before event \(first.sequence) is as it was sealed."
            )
        }
        print("\(verdict.events) events are as they were sealed; \(verifier.shown) of them are shown.")
        if let last = verdict.lastHead { print("The last head, \(last.number), was signed at \(last.at).") }
        if let start = verifier.start, !verifier.isStartProved {
            print(
                "It begins after event \(start.place.sequence), where the archive before it must end: \(start.place.hash)"
            )
        }
    }

    private func verdict() throws -> (
        verdict: AuditVerifier?, start: AuditVerifier.Start?, isStartProved: Bool, unreadableLine: Int?, shown: Int
    ) {
        let known: AuditKeys
        do {
            known = try AuditKeys(document: InputFile.json(keys).bytes)
        } catch let error as Trouble {
            throw error
        } catch {
            throw Trouble("\(keys) has no verification keys", code: "NO_KEYS", details: ["\(error)"])
        }
        let witnesses = try head.map { path -> SignedHead in
            let document = try InputFile.json(path)
            guard let head = SignedHead(json: document["head"] ?? document) else {
                throw Trouble("\(path) has no signed head", code: "NO_HEAD")
            }
            return head
        }
        var verifier = ExportVerifier(keys: known, witnesses: witnesses)
        try FileLines.each(of: file) { verifier.take(line: $0) }
        let verdict = verifier.finish()
        return (verdict, verifier.start, verifier.isStartProved, verifier.unreadableLine, verifier.shown)
    }
}

/// The lines of a file of any size.
enum FileLines {
    /// Bytes that are read at once.
    private static let piece = 1 << 20

    /// Calls the closure with each line, without its end.
    ///
    /// - Throws: `Trouble` when the file cannot be read.
    static func each(of path: String, _ take: (ArraySlice<UInt8>) -> Void) throws {
        do {
            let file = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
            var rest: [UInt8] = []
            while let data = try file.read(upToCount: piece), !data.isEmpty {
                rest.append(contentsOf: data)
                var start = rest.startIndex
                while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                    take(rest[start..<end])
                    start = end + 1
                }
                rest.removeSubrange(..<start)
            }
            if !rest.isEmpty { take(rest[...]) }
        } catch {
            throw Trouble("\(path) cannot be read", code: "FILE_UNREADABLE", details: [error.localizedDescription])
        }
    }
}
