import Foundation
import Testing

/// The rules of the house that the compiler and the formatter do not know.
@Suite struct `The sources` {
    static let sources = SourceFile.all(below: "Sources") + SourceFile.all(below: "Database")

    private func expectNone(_ what: Comment, in files: [SourceFile] = sources, _ matches: (Substring) -> Bool) {
        #expect(files.flatMap { $0.places(of: matches) } == [], what)
    }

    private func files(except modules: Set<String>) -> [SourceFile] {
        Self.sources.filter { !modules.contains($0.module) && !$0.module.hasPrefix("muster") }
    }

    @Test func `are found`() {
        #expect(Self.sources.count > 100)
    }

    @Test func `declare nothing public`() {
        expectNone("package is as far as anything is seen") { $0.hasPrefix("public ") || $0.contains(" public ") }
    }

    @Test func `take time and identity from Ambient`() {
        let outside = files(except: ["Ambient"])
        expectNone("time comes from a TimeSource", in: outside) {
            $0.contains("Date()") || $0.contains("ContinuousClock") || $0.contains("Task.sleep(")
        }
        expectNone("identifiers come from Ambient", in: outside) { $0.contains("UUID()") }
        expectNone("chance is a parameter", in: outside) {
            $0.contains(".random(") && !$0.contains("using:") || $0.contains(".randomElement()")
                || $0.contains(".shuffled()")
        }
    }

    @Test func `pass a failpoint around every outgoing call and every commit`() {
        let calling = files(except: ["Simulator", "Commands"]).filter { file in
            !file.places { $0.contains(".execute(") && $0.contains(/(client|streaming|exchange)\.execute\(/) }.isEmpty
        }
        #expect(!calling.isEmpty)
        #expect(calling.filter { $0.places { $0.contains("failpoints.around(") }.isEmpty }.map(\.path) == [])
        // Connections of their own commit without a pool's failpoints.
        let connecting = Self.sources.filter { !$0.places { $0.contains("Connection.open(") }.isEmpty }
        let without = connecting.filter { $0.places { $0.contains("failpoints.around(") }.isEmpty }.map(\.path)
        // These lend, listen, or make the embedded database, before there is anything to lose.
        #expect(Set(without).isSubset(of: Self.neverCommit), "\(without)")
    }

    private static let neverCommit: Set = ["Pool", "Listener", "EmbeddedServer", "EmbeddedCluster"]
        .reduce(into: []) { $0.insert("Sources/PostgreSQL/\($1).swift") }

    @Test func `never crash on purpose without a sentence`() {
        expectNone("try! hides an error") { $0.contains("try!") }
        expectNone("as! hides an error") { $0.contains(" as! ") }
        expectNone("preconditionFailure with a sentence, not fatalError") { $0.contains("fatalError(") }
    }

    @Test func `print only where a person reads`() {
        expectNone("logs, not prints", in: files(except: ["Commands"])) {
            $0.hasPrefix("print(") || $0.contains(" print(")
        }
    }

    @Test func `start no task that nobody waits for`() {
        expectNone("structured concurrency") { $0.contains("Task.detached") }
    }

    @Test func `keep SQL in the store`() {
        let outside = files(except: ["Store", "PostgreSQL", "Schema.swift"])
        expectNone("statements live in Store", in: outside.filter { !$0.path.hasPrefix("Database/") }) { code in
            ["\"SELECT ", "\"INSERT INTO", "\"UPDATE ", "\"DELETE FROM"].contains { code.contains($0) }
        }
        expectNone("columns are written out") { $0.contains("SELECT *") && !$0.contains("server.*") }
    }

    @Test func `give the machine an answer to every pair`() {
        let machine = Self.sources.filter { $0.path.hasPrefix("Sources/Recovery/Execution") }
        #expect(!machine.isEmpty)
        expectNone("no default in the machine", in: machine) { $0.hasPrefix("default:") }
    }

    @Test func `share unchecked only where a reason stands beside it`() {
        let places = Self.sources.flatMap { file in
            file.lines.enumerated().filter { $0.element.contains("@unchecked Sendable") }.map { number, _ in
                (file.path, number > 0 ? file.lines[number - 1] : "")
            }
        }
        for (path, before) in places { #expect(before.contains("///") || before.contains("//"), "\(path)") }
        #expect(places.count <= 1)
    }

    @Test func `are files of one idea`() {
        let long = Self.sources.filter { $0.lines.count > 301 }.map { "\($0.path): \($0.lines.count - 1) lines" }
        #expect(long == [])
    }

    @Test func `leave nothing unsaid for later`() {
        let files = Self.sources + SourceFile.all(below: "Tests").filter { !$0.path.contains("TidyTests") }
        let marks = files.flatMap { file in
            file.lines.enumerated().filter { $0.element.contains("TODO") || $0.element.contains("FIXME") }
                .map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(marks == [])
    }
}
