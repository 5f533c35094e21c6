import Foundation
import Testing

/// The list by which `Tests/Mutants/run` takes checks away.
@Suite struct `The checks of strangers` {
    private struct Mutant: Decodable {
        let file: String
        let check: String
        let text: String
        /// What is put in its place; nil where a second check refuses the same.
        let with: String?
        /// The check with both texts, of which `PLANTED` chooses, where the tool cannot write that by itself.
        let `switch`: String?
        /// Why its loss alone changes nothing; every entry has one of the two.
        let spare: String?
    }

    /// What decides who is let in.
    private static let files = [
        "Sources/WebToken/TokenRules.swift", "Sources/WebToken/TokenRules+Identity.swift",
        "Sources/WebToken/TokenVerifier.swift", "Sources/WebToken/VerifiedTokens.swift",
        "Sources/WebToken/KeySet.swift", "Sources/AWS/Identity/GetCallerIdentityProof+Request.swift",
        "Sources/AWS/Identity/CallerIdentityCheck.swift", "Sources/AWS/Identity/CallerIdentity.swift",
        "Sources/AWS/Identity/Principal.swift", "Sources/Hub/Browser/SameOrigin.swift",
        "Sources/Hub/Browser/ReturnPath.swift", "Sources/Hub/Browser/BrowserSessions+Person.swift",
    ]

    private static let mutants = Result {
        let list = SourceFile.root.appending(path: "Tests/Mutants/mutants.json")
        return try JSONDecoder().decode([Mutant].self, from: Data(contentsOf: list))
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: SourceFile.root.appending(path: path), encoding: .utf8)
    }

    /// The numbers, from 0, of the lines on which something may be refused.
    private static func checks(in lines: [Substring]) -> [Int] {
        var (found, isInGuard) = ([Int](), false)
        for (number, line) in lines.enumerated() {
            let code = line.drop { $0 == " " }
            guard !code.hasPrefix("//") else { continue }
            if code.hasPrefix("guard ") { isInGuard = true }
            // A value that is only taken out has nothing that could be left away.
            let isBinding = code.hasPrefix("let ") && !code.contains("==") && !code.contains("!")
            let isRefusal =
                code.hasPrefix("if ") && ["{ throw", "{ return nil", "{ return ."].contains { code.contains($0) }
            let isRest = code.hasPrefix("else") || code.hasPrefix("throw") || code.hasPrefix("}")
            if (isInGuard && !isBinding && !isRest) || isRefusal || code.hasPrefix("try check(") {
                found.append(number)
            }
            if code.contains("else") { isInGuard = false }
        }
        return found
    }

    @Test func `are all on the list of those that are taken away one by one`() throws {
        let mutants = try Self.mutants.get()
        var missing: [String] = []
        for path in Self.files {
            let text = try Self.text(path)
            var covered: Set<Int> = []
            for mutant in mutants where mutant.file == path {
                guard let range = text.firstRange(of: mutant.text) else { continue }
                let first = text[..<range.lowerBound].count { $0 == "\n" }
                covered.formUnion(first...first + mutant.text.dropLast().count { $0 == "\n" })
            }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            missing += Self.checks(in: lines).filter { !covered.contains($0) }
                .map { "\(path):\($0 + 1): \(lines[$0].trimmingCharacters(in: .whitespaces))" }
        }
        #expect(missing == [], "a check without an entry in Tests/Mutants/mutants.json")
    }

    @Test func `stand in the sources as the list has them`() throws {
        let mutants = try Self.mutants.get()
        #expect(mutants.count >= 160)
        #expect(Set(mutants.map { $0.file + $0.check }).count == mutants.count)
        #expect(mutants.count { $0.spare != nil } <= 6, "two checks for one thing are the exception")
        for mutant in mutants {
            let times = try Self.text(mutant.file).ranges(of: mutant.text).count
            #expect(times == 1, "\(mutant.file): \(mutant.check)")
            #expect(mutant.text != mutant.with && (mutant.with == nil) != (mutant.spare == nil), "\(mutant.check)")
            #expect(mutant.switch?.contains("PLANTED") != false, "\(mutant.check)")
        }
    }
}
