import Foundation
import Hub
import Measures
import Recovery
import Testing

/// Pages that name what the code has.
@Suite struct `The documents` {
    private func page(_ path: String) throws -> String {
        try String(contentsOf: SourceFile.root.appending(path: path), encoding: .utf8)
    }

    @Test func `list every code of a refusal, a problem, a verdict and a readiness`() throws {
        let errors = try page("Docs/Errors.md")
        let codes =
            Refusal.Code.allCases.map(\.rawValue) + ProblemCode.allCases.map(\.rawValue)
            + Verdict.Code.allCases.map(\.rawValue) + ReadinessCode.allCases.map(\.rawValue)
        #expect(codes.filter { !errors.contains("`\($0)`") } == [])
    }

    @Test func `give each code the status that it has`() throws {
        let lines = try page("Docs/Errors.md").split(separator: "\n")
        let statuses =
            Refusal.Code.allCases.map { ($0.rawValue, $0.status) }
            + ProblemCode.allCases.map { ($0.rawValue, $0.status) }
        for (code, status) in statuses {
            let line = lines.first { $0.hasPrefix("| `\(code)` |") }
            #expect(line?.hasPrefix("| `\(code)` | \(status) |") == true, "\(code)")
        }
    }

    @Test func `list every metric as the program has it`() throws {
        // `muster-hub metrics` prints it.
        #expect(try page("Docs/Metrics.md").contains("\n\(Measure.table)\n"))
    }

    @Test func `list every key of the hub's configuration as the program has it`() throws {
        // `muster-hub configuration` prints it.
        #expect(try page("Docs/Configuration.md").contains("\n\(HubKey.table)\n"))
    }

    @Test func `lead to files that are there`() throws {
        let pages = ["README.md", "Docs/Architecture.md", "Docs/Operating.md", "Docs/Errors.md", "Docs/Security.md"]
        for path in pages {
            let folder = SourceFile.root.appending(path: path).deletingLastPathComponent()
            for link in try page(path).matches(of: /\]\(([^)#:]+)\)/).map({ String($0.output.1) }) {
                #expect(FileManager.default.fileExists(atPath: folder.appending(path: link).path), "\(path): \(link)")
            }
        }
    }
}
