internal import Foundation
internal import JSON
internal import Recovery

/// Reads what a command is given as a file, `-` for standard input.
enum InputFile {
    /// A secret in a file, without the end of its line.
    ///
    /// - Throws: `Trouble`, which does not show it.
    static func line(_ path: String) throws -> String {
        let text = String(decoding: try bytes(path), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        guard let line = lines.first, lines.count == 1 else {
            throw Trouble("\(path) does not hold one line", code: "INVALID_INPUT")
        }
        return String(line)
    }

    /// The JSON document in a file.
    ///
    /// - Throws: `Trouble` with the place of what is wrong.
    static func json(_ path: String) throws -> JSON {
        do {
            return try JSON(parsing: try bytes(path))
        } catch let error as JSON.SyntaxError {
            throw Trouble("\(path) is not JSON", code: "MALFORMED_JSON", details: [error.description])
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            let file = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
            bytes = Array(try file.read(upToCount: Limits.bodyBytes + 1) ?? Data())
        } catch {
            throw Trouble("\(path) cannot be read", code: "FILE_UNREADABLE", details: [error.localizedDescription])
        }
        guard bytes.count <= Limits.bodyBytes else {
            throw Trouble("\(path) has more than \(Limits.bodyBytes) bytes", code: "BODY_TOO_LARGE")
        }
        return bytes
    }

    /// The document as a body of a call, checked here so that a field that no hub knows is not lost without a word.
    static func body<Body: Decodable>(_ document: JSON, _ path: String, _ shape: Shape?) throws -> Body {
        let problems = shape?.problems(in: document) ?? []
        guard problems.isEmpty else { throw Trouble.invalid(path, problems) }
        do {
            return try document.decoded(as: Body.self)
        } catch {
            throw Trouble("\(path) cannot be taken", code: "INVALID_INPUT", details: ["\(error)"])
        }
    }
}
