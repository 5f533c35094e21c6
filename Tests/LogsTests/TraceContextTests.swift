import Ambient
import JSON
import Logging
import Logs
import Testing

@Suite struct `A step of a trace` {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    @Test func `is read and written as the W3C has it`() throws {
        for flags in ["00", "01"] {
            let text = "00-\(Self.trace)-\(Self.span)-\(flags)"
            let step = try #require(TraceContext(text))
            #expect(step.description == text)
            #expect(step.isSampled == (flags == "01"))
        }
        // Of flags that this version does not know nothing is said on.
        #expect(TraceContext("00-\(Self.trace)-\(Self.span)-fd")?.description.hasSuffix("-01") == true)
        // A later version may say more; what is known of it is taken.
        #expect(TraceContext("cc-\(Self.trace)-\(Self.span)-01-what-comes")?.traceId == Self.trace)
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-01-more", "ff-\(trace)-\(span)-01",
        "00-\(trace.uppercased())-\(span)-01", "00-\(trace)0-\(span)-01", "00-\(trace)-\(span.dropLast())g-01",
        "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01", "00-\(trace)-\(span)-1",
        "00-\(trace)-\(span)-+1", "cc-\(trace)-\(span)-01-" + String(repeating: "x", count: 600),
        "00-\(trace)-\(span)-01\n",
    ])
    func `is none where anything else stands`(text: String) {
        #expect(TraceContext(text) == nil)
    }

    @Test func `is of the same trace as the one that caused it, and another step`() {
        let chance = SeededChance(seed: 3)
        let first = TraceContext(by: chance)
        let second = first.child(by: chance)
        #expect(TraceContext(first.description) == first)
        #expect(second.traceId == first.traceId)
        #expect(second.spanId != first.spanId)
        #expect(TraceContext(by: Zeros()).description == "00-\(String(repeating: "0", count: 31))1-0000000000000001-01")
    }

    private struct Zeros: Chance {
        func next() -> UInt64 { 0 }
    }

    @Test func `stands on every line that is logged while it is taken, and on no other`() async throws {
        let step = try #require(TraceContext("00-\(Self.trace)-\(Self.span)-01"))
        let log = LineLog(label: "spoke", level: .info, format: .json, time: SystemTime())
        @Sendable func line() throws -> JSON {
            let event = LogEvent(
                level: .info,
                message: "x",
                metadata: ["kind": "LAUNCH"],
                source: "",
                file: "",
                function: "",
                line: 1
            )
            return try JSON(parsing: log.line(for: event).utf8)
        }
        let inside = try await TraceContext.$current.withValue(step) {
            try await LogFacts.$current.withValue(["command": "c-1", "kind": "another"]) {
                async let deep = line()
                return try await deep
            }
        }
        let names = ["trace", "span", "command", "kind"]
        #expect(names.map { inside[$0]?.string } == [Self.trace, Self.span, "c-1", "LAUNCH"])
        #expect(try line()["trace"] == nil)
    }
}
