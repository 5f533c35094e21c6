import Ambient
import Commands
import Contract
import JSON
import NIOCore
import Recovery
import Synchronization
import Testing

@Suite struct `A stream of events` {
    private static let text = """
        : alive\r
        \r
        id: 1\r
        event: journal\r
        data: {"a":\r
        data:1}\r
        \r
        data: ä\rid: 3\r\rid: lost

        """

    private static let events: [ServerSentEvents.Event] = [
        .init(id: "1", name: "journal", data: "{\"a\":\n1}"), .init(id: "3", name: "message", data: "ä"),
    ]

    @Test func `is read the same wherever it is cut into pieces`() throws {
        let bytes = Array(Self.text.utf8)
        for cut in bytes.indices {
            var reader = ServerSentEvents()
            let events = try reader.receive(bytes[..<cut]) + reader.receive(bytes[cut...])
            #expect(events == Self.events, "cut at \(cut)")
        }
    }

    @Test func `is no stream when a line never ends`() {
        var reader = ServerSentEvents()
        #expect(throws: ServerSentEvents.LineTooLong.self) {
            _ = try reader.receive(repeatElement(UInt8(ascii: "x"), count: 2_000_000))
        }
    }

    @Test func `resumes after the last event, over hubs that restart`() async throws {
        let play: PlayedHub.Play = { request, number in
            let last = request.header("last-event-id").flatMap { Int($0) } ?? 0
            // The second hub is away; the others say one event each.
            if number == 2 { return .drop }
            let data = Sample.entry(last + 1, "WAVE_STARTED", "").text
            return .stream(["id: \(last + 1)\nevent: journal\n", "data: \(data)\n\n: alive\n\n"])
        }
        struct Enough: Error {}
        try await PlayedHub.running(play) { hub in
            let id = try #require(Execution.ID(Sample.executionId))
            var seen: [Int] = []
            await #expect(throws: Enough.self) {
                try await HubClient.of(hub) { client in
                    try await client.streams(id, after: 4) { entry in
                        seen.append(entry.sequence)
                        if seen.count == 3 { throw Enough() }
                    }
                }
            }
            #expect(seen == [5, 6, 7])
            #expect(hub.requests.map { $0.header("last-event-id") } == ["4", "5", "5", "6"])
            #expect(hub.requests.allSatisfy { $0.header("accept") == "text/event-stream" })
        }
    }

    @Test func `wakes whoever follows, who then reads what happened`() async throws {
        let waves = [Sample.wave(0, "Database", .completed, [.launched])]
        let isOver = Mutex(false)
        let play: PlayedHub.Play = { request, _ in
            if request.header("accept") == "text/event-stream" {
                let data = Sample.entry(2, "WAVE_SETTLED", "COMPLETED").text
                return .endlessStream(["id: 2\nevent: journal\ndata: \(data)\n\n"], after: .milliseconds(500))
            }
            guard request.target.contains("/events") else {
                let status = isOver.withLock { $0 } ? ExecutionStatus.completed : .running
                return .answer(Sample.execution(status, waves: waves).text)
            }
            // Whoever asks for what follows the first event has been woken by the second.
            let isFirst = request.target.contains("after=0")
            isOver.withLock { $0 = true }
            return .answer(Sample.page([Sample.entry(isFirst ? 1 : 2, "WAVE_STARTED", "")]))
        }
        try await PlayedHub.running(play) { hub in
            let id = try #require(Execution.ID(Sample.executionId))
            let start = SystemTime().elapsed()
            let sequences = try await HubClient.of(hub, time: SystemTime()) { client in
                var sequences: [Int] = []
                try await Follower(client, id, readsJournal: true).run(every: .seconds(60)) { sight in
                    sequences += sight.news.map(\.sequence)
                    return !sight.execution.status.isTerminal
                }
                return sequences
            }
            #expect(sequences == [1, 2])
            #expect(SystemTime().elapsed() - start < .seconds(30), "polling alone would have taken a minute")
        }
    }
}
