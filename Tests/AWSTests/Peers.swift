import Foundation
import JSON
import Testing

/// Programs that know AWS and share no code with Muster; there where `MUSTER_BOTOCORE_PYTHON` names a Python that has them.
enum Peers {
    /// A Python with botocore 1.44.5 or newer, and moto.
    static let python = ProcessInfo.processInfo.environment["MUSTER_BOTOCORE_PYTHON"]

    private static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Peers/\(name)").path
    }

    /// What botocore's model says against these requests; empty when nothing.
    static func problems(ofDRSRequests requests: [TestServer.Request]) async throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("muster-drs-\(UUID().uuidString)")
        let lines = requests.map { request in
            let operation = request.method == "GET" ? "ListTagsForResource" : String(request.target.dropFirst())
            let line: JSON = [
                "operation": .string(operation), "method": .string(request.method), "target": .string(request.target),
                "body": .string(request.text),
            ]
            return line.text
        }
        try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await running(script("validate_drs_requests.py"), arguments: [file.path]) { output in
            var text = ""
            while let line = await output.next() { text += "\(line)\n" }
            return text
        }
    }

    /// Runs something with a moto server, whose world is given.
    static func withMoto<Answer>(_ body: (JSON) async throws -> Answer) async throws -> Answer {
        try await running(script("moto_world.py"), arguments: []) { output in
            let line = try #require(await output.next())
            return try await body(try JSON(parsing: line))
        }
    }

    /// Runs a program whose input ends when the body does.
    private static func running<Answer>(
        _ script: String,
        arguments: [String],
        _ body: (inout Lines) async throws -> Answer
    ) async throws -> Answer {
        let (process, input, output) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: try #require(python))
        process.arguments = [script] + arguments
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, FileHandle.nullDevice)
        try process.run()
        defer { try? input.fileHandleForWriting.close() }
        var lines = Lines(output.fileHandleForReading)
        return try await body(&lines)
    }

    /// The lines of a program's output, as they come.
    struct Lines {
        private let chunks: AsyncStream<Data>
        private var rest: [UInt8] = []

        init(_ file: FileHandle) {
            // A peer prints a few lines; its whole output fits.
            let (stream, continuation) = AsyncStream.makeStream(
                of: Data.self,
                bufferingPolicy: .bufferingOldest(10_000)
            )
            file.readabilityHandler = { handle in
                let chunk = handle.availableData
                if chunk.isEmpty {
                    handle.readabilityHandler = nil
                    continuation.finish()
                } else {
                    continuation.yield(chunk)
                }
            }
            chunks = stream
        }

        mutating func next() async -> String? {
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { rest.removeSubrange(...end) }
                    return String(decoding: rest[..<end], as: UTF8.self)
                }
                guard let chunk = await chunks.first(where: { _ in true }) else { return nil }
                rest += chunk
            }
        }
    }
}
