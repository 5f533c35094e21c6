import Foundation
import Testing

/// The page of claims: each with the test that shows it, or a reason.
@Suite struct `The security page` {
    private static func page() throws -> [Substring] {
        try String(contentsOf: SourceFile.root.appending(path: "Docs/Security.md"), encoding: .utf8)
            .split(separator: "\n")
    }

    /// The names of the tests of a target, as they stand in back-ticks.
    private static func tests(of target: Substring) -> Set<String> {
        let files = SourceFile.all(below: "Tests/\(target)")
        let names = files.flatMap { file in
            file.lines.compactMap { line -> String? in
                let parts = line.split(separator: "`", omittingEmptySubsequences: false)
                return parts.count == 3 && parts[0].hasSuffix("func ") ? String(parts[1]) : nil
            }
        }
        return Set(names)
    }

    @Test func `names no test that is not there`() throws {
        var (missing, found, known) = ([String](), 0, [Substring: Set<String>]())
        for line in try Self.page() {
            for match in line.matches(of: /`(\w+Tests): ([^`]+)`/) {
                found += 1
                let target = match.output.1
                if known[target] == nil { known[target] = Self.tests(of: target) }
                if known[target]?.contains(String(match.output.2)) != true {
                    missing.append(String(match.output.0))
                }
            }
        }
        #expect(found >= 60)
        #expect(missing == [])
    }

    @Test func `names no file that is not there`() throws {
        for line in try Self.page() {
            for match in line.matches(of: /`((?:Tests|Deploy|Docs|Database|Sources)\/[^`:]+)`/) {
                let path = SourceFile.root.appending(path: String(match.output.1)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(match.output.1)")
            }
        }
    }

    @Test func `leaves no claim without a test or a reason`() throws {
        var isTable = false
        var bare: [String] = []
        for line in try Self.page() {
            if line.hasPrefix("## ") { isTable = false }
            if line.hasSuffix("| shown by |") || line.hasSuffix("| shown by, or why not |") { isTable = true }
            guard isTable, line.hasPrefix("| "), !line.hasSuffix("shown by |"), !line.hasSuffix("why not |") else {
                continue
            }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let isShown = line.contains(#/`\w+Tests:/#) || line.contains("`Tests/")
            if !isShown && !(cells.last?.hasPrefix("Not ") ?? false) { bare.append(String(line)) }
        }
        #expect(bare == [])
    }
}
