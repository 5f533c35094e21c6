import Foundation

/// The program as it was built, run as a shell runs it.
struct BuiltProgram {
    struct Run: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    var environment: [String: String]

    /// Beside the tests, which are built into the same directory.
    private static let file = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "muster")

    init(hub: String, token: String? = "secret", home: String = "/nowhere") {
        environment = ["MUSTER_HUB_URL": hub, "HOME": home, "LANG": "C.UTF-8"]
        environment["MUSTER_TOKEN"] = token
    }

    func run(_ arguments: String..., input: String = "") async throws -> Run {
        try await run(list: arguments, input: input)
    }

    func run(list arguments: [String], input: String = "") async throws -> Run {
        try await withDirectory { directory in
            // Files and not pipes: an end of a pipe that another child inherits would keep its reader waiting.
            func file(_ name: String) throws -> FileHandle {
                let url = directory.appending(path: name)
                try Data((name == "input" ? input : "").utf8).write(to: url)
                return try FileHandle(forUpdating: url)
            }
            let (process, output, errors) = (Process(), try file("output"), try file("errors"))
            process.executableURL = Self.file
            process.arguments = arguments
            process.environment = environment
            process.standardInput = try file("input")
            (process.standardOutput, process.standardError) = (output, errors)
            try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
                process.terminationHandler = { _ in ended.resume() }
                do {
                    try process.run()
                } catch {
                    process.terminationHandler = nil
                    ended.resume(throwing: error)
                }
            }
            func text(_ file: FileHandle) throws -> String {
                try file.seek(toOffset: 0)
                return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
            }
            return Run(status: process.terminationStatus, output: try text(output), errors: try text(errors))
        }
    }
}
