import Ambient
import JSON
import Logging
import Logs
import Testing

@Suite struct `A line of the log` {
    private static let event = LogEvent(
        level: .warning,
        message: "the database failed a request",
        metadata: ["failure": "two\nlines of \"text\"", "count": "3", "message": "another"],
        source: "Hub",
        file: "",
        function: "",
        line: 1
    )

    private func line(_ format: LogFormat) -> String {
        var log = LineLog(label: "hub", level: .info, format: format, time: SystemTime())
        log[metadataKey: "request"] = "id-1"
        return log.line(for: Self.event)
    }

    @Test func `is one line for people, whatever its facts hold`() {
        let line = line(.text)
        #expect(!line.contains("\n"))
        #expect(line.contains(" warning  hub: the database failed a request count=3 "))
        #expect(line.contains(#"failure="two\nlines of \"text\"""#))
        #expect(line.hasSuffix(" request=id-1"))
    }

    @Test func `moves no terminal's cursor and turns no line, and says the same to programs`() throws {
        let trick = "a\u{1B}[2J\u{9B}31m\u{7F}\u{202E}b\u{2028}c\u{E0001}é"
        let event = LogEvent(
            level: .info,
            message: "x",
            metadata: ["name": "\(trick)"],
            source: "Hub",
            file: "",
            function: "",
            line: 1
        )
        for format in [LogFormat.text, .json] {
            let line = LineLog(label: "hub", level: .info, format: format, time: SystemTime()).line(for: event)
            #expect(line.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) || $0 == "é" }, "\(format)")
        }
        let json = LineLog(label: "hub", level: .info, format: .json, time: SystemTime()).line(for: event)
        #expect(try JSON(parsing: json.utf8)["name"]?.string == trick)
    }

    @Test func `is an object for programs, whose own members no fact can replace`() throws {
        let object = try JSON(parsing: line(.json).utf8)
        #expect(object["level"]?.string == "warning")
        #expect(object["message"]?.string == "the database failed a request")
        #expect(object["request"]?.string == "id-1")
        #expect(object["count"]?.string == "3")
        #expect(object["at"]?.string.flatMap { Instant($0) } != nil)
    }
}
