import AWS
import Ambient
import Contract
import JSON
import Recovery
import Spoke
import TestKit
import Testing

@Suite struct `An outbox` {
    private func command(_ number: Int, term: Int = 1) -> AgentCommand {
        AgentCommand(
            commandId: .sample(number),
            attempt: term,
            term: term,
            accountId: Cloud.account,
            region: Cloud.home.region,
            deadline: .sample,
            work: .validateAccess(ValidateAccess())
        )
    }

    private func add(_ event: ProgressEvent = .done, of command: AgentCommand, to outbox: inout Outbox) {
        outbox.append(event, of: command.reported, attempt: command.attempt, at: .sample)
    }

    @Test func `numbers the reports of each command and term from 1 without gaps`() {
        var outbox = Outbox()
        for number in [1, 2, 1, 1] { add(of: command(number), to: &outbox) }
        add(of: command(1, term: 2), to: &outbox)
        #expect(outbox.batch.map(\.sequence) == [1, 1, 2, 3, 1])
    }

    @Test func `keeps what is not acknowledged, in order`() {
        var outbox = Outbox()
        for number in [1, 2, 1] { add(of: command(number), to: &outbox) }
        let first = outbox.acknowledge([.init(commandId: .sample(1), term: 1, sequence: 1)])
        #expect(first)
        #expect(outbox.batch.map(\.commandId) == [.sample(2), .sample(1)])
        let again = outbox.acknowledge([.init(commandId: .sample(1), term: 1, sequence: 1)])
        let other = outbox.acknowledge([.init(commandId: .sample(1), term: 7, sequence: 9)])
        #expect(!again && !other)
        #expect(outbox.count == 2)
    }

    @Test func `forgets everything of a term that no longer holds`() {
        var outbox = Outbox()
        add(of: command(1), to: &outbox)
        add(of: command(1, term: 2), to: &outbox)
        outbox.drop(command(1).reported)
        #expect(outbox.batch.map(\.term) == [2])
    }

    @Test func `gives out batches that the hub's limit of 1 MiB takes`() {
        var outbox = Outbox()
        let item = JobLogItem(at: .sample, event: "X", sourceServerId: nil, detail: String(repeating: "x", count: 4000))
        for _ in 0..<20 { add(.logItems(Array(repeating: item, count: 50)), of: command(1), to: &outbox) }
        #expect((1..<3).contains(outbox.batch.count))
    }
}

@Suite struct `A watched value` {
    @Test(.timeLimit(.minutes(1))) func `wakes those who wait and lets the cancelled go`() async throws {
        let watched = Watched(0)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for wanted in 1...3 { group.addTask { try await watched.when { $0 >= wanted ? wanted : nil } } }
            for value in 1...3 {
                watched.change { $0 = value }
                let woken = try await group.next()
                #expect(woken == value)
            }
            group.addTask { try await watched.when { _ in nil } }
            group.cancelAll()
            do {
                _ = try await group.next()
                Issue.record("a cancelled task went on waiting")
            } catch {
                #expect(error is CancellationError)
            }
        }
    }
}

@Suite struct `Lines of a stream` {
    @Test func `are cut wherever the pieces end`() throws {
        var lines = LineSplitter()
        var found: [String] = []
        for piece in ["{}", "\n{\"a\"", ":1}\r\n\n{", "}\n"] {
            found += try lines.append(piece.utf8).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found == ["{}", "{\"a\":1}", "{}"])
    }

    @Test func `have a limit`() {
        var lines = LineSplitter()
        do {
            _ = try lines.append(repeatElement(UInt8(ascii: "x"), count: LineSplitter.longestLine + 1))
            Issue.record("a line without end was taken")
        } catch {
            #expect(error == .unreadable("a line of more than \(LineSplitter.longestLine) bytes"))
        }
    }
}

@Suite struct `A replication lag` {
    @Test(
        arguments: zip(
            ["P0D", "PT2M3.5S", "P2DT1H32M12.136909S", "P1W", "PT0S"],
            [0, 123, 178_332, 604_800, 0]
        )
    )
    func `is read in seconds`(text: String, seconds: Int) {
        #expect(ReplicationLag.seconds(text) == seconds)
    }

    @Test(arguments: ["", "P", "PT", "5", "P1Y", "PT1D", "P1DT", "P1X", "PTS", "P-1D", "2022-12-07T19:15:38Z"])
    func `that is none is nil`(text: String) {
        #expect(ReplicationLag.seconds(text) == nil)
    }
}

@Suite struct `The jobs in progress` {
    private func job(_ id: String, _ status: String, created: Instant) throws -> DRS.Job {
        let json: JSON = [
            "jobID": .string(id), "status": .string(status), "creationDateTime": .string(created.description),
        ]
        return try json.decoded()
    }

    @Test func `are asked for from ten minutes before the oldest one, and all of them once an hour`() throws {
        var jobs = ActiveJobs()
        let start = Instant.sample
        #expect(jobs.window(at: .zero) == nil)
        let active = jobs.read(
            [
                try job("old", "COMPLETED", created: start - .seconds(9000)),
                try job("long", "STARTED", created: start - .seconds(3000)),
            ],
            since: nil,
            at: start,
            elapsed: .zero
        )
        #expect(active.map(\.jobID) == ["long"])
        #expect(jobs.window(at: .seconds(60)) == start - .seconds(3600))
        _ = jobs.read([], since: start, at: start + .seconds(60), elapsed: .seconds(60))
        #expect(jobs.window(at: .seconds(120)) == start + .seconds(60) - .seconds(600))
        #expect(jobs.window(at: .seconds(3600)) == nil)
    }
}

@Suite struct `Inventory pages` {
    private func pages(servers: Int, tag: Int) -> InventoryPages {
        var pages = InventoryPages(place: Cloud.home, syncToken: "t", isInitialized: true, lookedUp: nil)
        pages.servers = (0..<servers).map {
            .init(
                sourceServerId: .sample($0),
                hostname: "h",
                tags: ["k": String(repeating: "v", count: tag)],
                replicationState: "CONTINUOUS",
                lagSeconds: 0,
                recoveryInstanceId: nil,
                lastLaunch: nil
            )
        }
        return pages
    }

    @Test(arguments: [(0, 1, 1), (500, 1, 1), (501, 1, 2), (3000, 1, 6), (600, 4000, 5)])
    func `are cut by number and by weight`(servers: Int, tag: Int, count: Int) {
        let pages = pages(servers: servers, tag: tag).pages
        #expect(pages.count == count)
        #expect(pages.map(\.page) == Array(0..<count))
        #expect(pages.map(\.isLast) == Array(repeating: false, count: count - 1) + [true])
        #expect(pages.flatMap(\.sourceServers).map(\.sourceServerId) == (0..<servers).map { .sample($0) })
    }
}
