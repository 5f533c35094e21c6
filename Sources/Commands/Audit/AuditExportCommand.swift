internal import ArgumentParser
internal import Contract
internal import Foundation

struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the sealed audit to a file, for verification without the hub.",
        discussion: """
            The file has the whole chain. Events that you may not see, or that the filters leave out, are digests in it: \
            so it can be verified all the same.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var filter: AuditFilter
    @Argument(help: "The file, which must not exist; - for standard output.") var file: String

    func run() async throws {
        try await common.session { session in
            if file == "-" {
                let output = FileHandle.standardOutput
                try await session.client.export(filter.call) { try output.write(contentsOf: Data($0)) }
                return
            }
            // Written beside it first, so that half an export never passes for a whole one.
            let part = file + ".part"
            let files = FileManager.default
            guard !files.fileExists(atPath: file), files.createFile(atPath: part, contents: nil),
                let output = FileHandle(forWritingAtPath: part)
            else {
                throw Trouble("\(file) exists, or cannot be written", code: "FILE_UNWRITABLE")
            }
            do {
                try await session.client.export(filter.call) { try output.write(contentsOf: Data($0)) }
                try output.close()
                try files.moveItem(atPath: part, toPath: file)
            } catch {
                // Nothing half-done stays behind; where even that fails, the name says what it is.
                try? files.removeItem(atPath: part)
                throw error
            }
            session.output.report("Wrote \(file).")
        }
    }
}
