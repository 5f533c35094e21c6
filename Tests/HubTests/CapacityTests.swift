import Ambient
import Hub
import NIOCore
import NIOHTTP1
import NIOPosix
import Schema
import TestKit
import Testing

@Suite struct `A waiting line` {
    @Test func `lets so many in, so many wait, and turns the rest away`() {
        var line = WaitingLine(.init(inside: 2, waiting: 1))
        let replies = (1...4).map { line.ask($0) }
        #expect(replies == [.enters, .enters, .waits, .turnedAway])
        #expect((line.inside, line.length, line.turnedAway) == (2, 1, 1))
        let next = [line.leave(), line.leave()]
        #expect(next == [3, nil], "its turn")
        #expect((line.inside, line.length) == (1, 0))
    }

    @Test func `passes over those who gave up, and lets nobody in before those who wait`() {
        var line = WaitingLine(.init(inside: 1, waiting: 3))
        let replies = (1...4).map { line.ask($0) }
        #expect(replies == [.enters, .waits, .waits, .waits])
        let gaveUp = [line.giveUp(2), line.giveUp(2)]
        #expect(gaveUp == [true, false])
        let reply = line.tryEntering()
        #expect(reply == .waits, "there is room to wait, and none to go in")
        let order = (1...3).map { _ in line.leave() }
        #expect(order == [3, 4, nil])
        #expect(line.inside == 0)
    }

    @Test(arguments: Seed.some(50)) func `never has more in or waiting than it may, and serves in order`(_ seed: Seed) {
        var chance = SeededGenerator(seed)
        let limits = WaitingLine.Limits(inside: 3, waiting: 5)
        var (line, last, waiting) = (WaitingLine(limits), UInt64(0), [UInt64]())
        for _ in 0..<2000 {
            switch Int.random(in: 0...3, using: &chance) {
            case 0, 1:
                last += 1
                if line.ask(last) == .waits { waiting.append(last) }
            case 2 where line.inside > 0:
                let next = line.leave()
                #expect(next == waiting.first)
                if next != nil { waiting.removeFirst() }
            case 3 where !waiting.isEmpty:
                let gone = waiting.remove(at: Int.random(in: waiting.indices, using: &chance))
                let didWait = line.giveUp(gone)
                #expect(didWait)
            default: break
            }
            #expect(line.inside <= limits.inside && line.length == waiting.count && line.length <= limits.waiting)
            #expect(waiting.isEmpty || line.inside == limits.inside, "nobody waits where there is room")
        }
    }
}

@Suite struct `What the hub takes on at once` {
    private let time = SystemTime()

    /// Holds a place of people's until told to let it go.
    private func hold(_ capacity: Capacity, until gate: AsyncStream<Void>) async throws {
        try await capacity.withPlace(of: .people) { for await _ in gate { break } }
    }

    @Test func `is done in turn, and what is too much is turned away`() async throws {
        let capacity = Capacity(.init(people: 1, patience: .seconds(60)), time: time)
        let (gate, open) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hold(capacity, until: gate) }
            try await eventually("it is in") { capacity.load(of: .people).inFlight == 1 }
            for _ in 0..<16 { group.addTask { try await capacity.withPlace(of: .people) {} } }
            try await eventually("they wait") { capacity.load(of: .people).waiting == 16 }
            await #expect(throws: Problem.self) { try await capacity.withPlace(of: .people) {} }
            // Others have budgets of their own.
            for share in Share.allCases where share != .people { try await capacity.withPlace(of: share) {} }
            open.finish()
            try await group.waitForAll()
        }
        #expect(capacity.load(of: .people) == (0, 0, 1))
    }

    @Test func `waits no longer than its patience, and keeps no place of who gave up`() async throws {
        let capacity = Capacity(.init(people: 1, patience: .milliseconds(20)), time: time)
        let (gate, open) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hold(capacity, until: gate) }
            try await eventually("it is in") { capacity.load(of: .people).inFlight == 1 }
            let problem = await #expect(throws: Problem.self) { try await capacity.withPlace(of: .people) {} }
            #expect(problem?.status == 503 && problem?.code == "OVERLOADED")
            #expect(capacity.load(of: .people).waiting == 0)
            open.finish()
            try await group.waitForAll()
        }
        try await capacity.withPlace(of: .people) {}
        try await eventually("all are out") { capacity.load(of: .people).inFlight == 0 }
    }

    @Test func `counts live streams until nobody has them any more`() throws {
        let capacity = Capacity(.init(liveStreams: 1), time: time)
        var stream: Capacity.Place? = try capacity.openLiveStream()
        #expect(throws: Problem.self) { try capacity.openLiveStream() }
        #expect(stream != nil)
        stream = nil
        _ = try capacity.openLiveStream()
    }

    @Test func `belongs to who asks, by the path`() {
        #expect(Share(route: "/agent/v1/progress") == .work)
        #expect(Share(route: "/agent/v1/sessions") == .spokes)
        #expect(Share(route: "/health/ready") == .health)
        #expect(Share(route: "/api/v1/executions/{executionId}") == .people)
        #expect(Share(route: "/ui/live") == .people)
        #expect(Share(route: "/health/live") == nil)
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A hub with too much to do` {
    /// Connections that each begin a request and do not go on with it.
    private static func hold(_ count: Int, _ hub: HubUnderTest) async throws -> [any Channel] {
        let head = """
            POST /api/v1/accounts HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer \(try hub.admin())\r
            Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{
            """
        var channels: [any Channel] = []
        for _ in 0..<count {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: hub.port).get()
            try await channel.writeAndFlush(ByteBuffer(string: head))
            channels.append(channel)
        }
        return channels
    }

    @Test func `turns people away, hears its spokes and its operators, and goes on afterwards`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_REQUESTS_IN_FLIGHT": "1"]) { hub in
            let token = try hub.admin()
            // One is in flight and holds for 30 s, 16 wait for 10 s, and nobody else may even wait.
            var held: [any Channel] = []
            try await eventually("it turns people away") {
                held += try await Self.hold(17, hub)
                let answer = try await hub.ask(.GET, "/api/v1/accounts", token: token)
                guard answer.status != 200 else { return false }
                try hub.expectProblem(answer, 503, "OVERLOADED")
                #expect(answer.headers.first(name: "retry-after") == "1")
                return true
            }
            #expect(try await hub.ask(.GET, "/health/live", token: nil).status == 200)
            #expect(try await hub.ask(.GET, "/health/ready", token: nil).status == 200)
            // A spoke is heard, and told that it is not known.
            #expect(try await hub.ask(.POST, "/agent/v1/progress", token: "x", body: "{}").status == 401)
            for channel in held { channel.close(promise: nil) }
            try await eventually("it answers") {
                try await hub.ask(.GET, "/api/v1/accounts", token: token).status == 200
            }
        }
    }
}
