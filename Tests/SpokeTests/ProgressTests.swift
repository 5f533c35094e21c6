import AWS
import Ambient
import Contract
import Hub
import JSON
import OrderedCollections
import Recovery
import Spoke
import TestKit
import Testing

@Suite struct `What is told of a job` {
    private let cadence = Cadence.ordinary

    private func job(_ status: String, _ servers: [(Int, String)], ended: Instant? = nil) throws -> DRS.Job {
        var json: JSON = [
            "jobID": "drsjob-1", "status": .string(status),
            "participatingServers": .array(
                servers.map {
                    ["sourceServerID": .string(SourceServerID.sample($0.0).rawValue), "launchStatus": .string($0.1)]
                }
            ),
        ]
        if let ended, var members = json.object {
            members["endDateTime"] = .string(ended.description)
            json = .object(members)
        }
        return try json.decoded()
    }

    private func instance(_ server: Int, job: String = "drsjob-1") throws -> DRS.RecoveryInstance {
        let json: JSON = [
            "recoveryInstanceID": .string("i-\(server)"), "jobID": .string(job),
            "sourceServerID": .string(SourceServerID.sample(server).rawValue),
        ]
        return try json.decoded()
    }

    private func log(_ event: String, server: Int? = nil, data: [String: JSON] = [:]) throws -> DRS.JobLogItem {
        var members: [(String, JSON)] = data.map { ($0.key, $0.value) }
        if let server { members.append(("sourceServerID", .string(SourceServerID.sample(server).rawValue))) }
        let json: JSON = [
            "logDateTime": .string(Instant.sample.description), "event": .string(event),
            "eventData": .object(.init(uniqueKeysWithValues: members)),
        ]
        return try json.decoded()
    }

    @Test func `is only what changed`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe(try job("STARTED", [(1, "PENDING"), (2, "IN_PROGRESS")]), at: .zero)
        #expect(progress.events(at: .zero).servers.count == 2)
        progress.observe(try job("STARTED", [(1, "IN_PROGRESS"), (2, "IN_PROGRESS")]), at: .seconds(3))
        #expect(progress.events(at: .seconds(3)).servers.keys.sorted() == [.sample(1)])
        #expect(progress.events(at: .seconds(6)).isEmpty)
    }

    @Test func `calls a server launched only with the instance that DRS shows for this job`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe(try job("STARTED", [(1, "LAUNCHED")]), at: .zero)
        #expect(progress.serversWithoutInstance == [.sample(1)])
        progress.observe([try instance(1, job: "drsjob-0")])
        #expect(progress.events(at: .zero).isEmpty)
        progress.observe([try instance(1)])
        let report = try #require(progress.events(at: .seconds(3)).servers[.sample(1)])
        #expect(report == ServerReport(sourceServerId: .sample(1), launchStatus: "LAUNCHED", recoveryInstanceId: "i-1"))
        #expect(progress.serversWithoutInstance.isEmpty)
    }

    @Test func `says after five minutes that the instance was not seen, with the one that the log names`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe(try job("STARTED", [(1, "LAUNCHED")]), at: .zero)
        progress.observe(
            [try log("LAUNCH_END", server: 1, data: ["targetInstanceID": "i-77"])],
            at: .zero,
            now: .sample
        )
        #expect(progress.events(at: .seconds(299)).servers.isEmpty)
        progress.observe(try job("COMPLETED", [(1, "LAUNCHED")]), at: .seconds(200))
        #expect(progress.events(at: .seconds(299)).isEmpty, "with the job's end it would have failed")
        let last = progress.events(at: .seconds(300))
        #expect(last.kinds == [.servers, .jobEnded])
        let report = last.servers[.sample(1)]
        #expect(report?.note == "INSTANCE_NOT_SEEN")
        #expect(report?.recoveryInstanceId == "i-77")
        #expect(progress.serversWithoutInstance.isEmpty)
    }

    @Test func `ends with JOB_END, or 30 s after the job without it`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe(try job("COMPLETED", [(1, "FAILED")], ended: .sample), at: .zero)
        #expect(progress.isLogDue(at: .zero))
        progress.observe([], at: .zero, now: .sample)
        #expect(progress.events(at: .seconds(29)).kinds == [.servers])
        var late = progress
        #expect(late.events(at: .seconds(30)) == [.jobEnded(.init(jobId: "drsjob-1", endedAt: .sample))])
        #expect(late.hasEnded)
        progress.observe([try log("JOB_END")], at: .seconds(29), now: .sample)
        #expect(progress.events(at: .seconds(29)).kinds == [.logItems, .jobEnded])
        #expect(progress.hasEnded && !progress.isLogDue(at: .seconds(60)))
    }

    /// The log, read between two looks at the job, may show the end before the job does.
    @Test func `is its end only after what became of each of its servers`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe(try job("STARTED", [(1, "IN_PROGRESS"), (2, "IN_PROGRESS"), (3, "PENDING")]), at: .zero)
        _ = progress.events(at: .zero)
        progress.observe([try log("JOB_END")], at: .zero, now: .sample)
        #expect(progress.events(at: .zero).kinds == [.logItems])
        progress.observe(try job("COMPLETED", [(1, "FAILED"), (2, "LAUNCHED"), (3, "PENDING")]), at: .seconds(3))
        #expect(progress.events(at: .seconds(3)).isEmpty)
        let failure = try log("SNAPSHOT_FAIL", server: 1)
        progress.observe([failure, try log("JOB_END")], at: .seconds(3), now: .sample)
        #expect(progress.events(at: .seconds(3)).kinds == [.servers, .logItems])
        #expect(!progress.isLogDue(at: .seconds(6)))
        progress.observe([try instance(2)])
        #expect(progress.events(at: .seconds(6)).kinds == [.servers, .jobEnded])
        #expect(progress.hasEnded)
    }

    @Test func `waits with a failure for the log that explains it`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe([], at: .zero, now: .sample)
        #expect(!progress.isLogDue(at: .seconds(3)))
        progress.observe(try job("STARTED", [(1, "FAILED")]), at: .seconds(3))
        #expect(progress.isLogDue(at: .seconds(3)))
        #expect(progress.events(at: .seconds(3)).isEmpty)
        progress.missedLog(at: .seconds(3))
        #expect(progress.events(at: .seconds(3)).isEmpty, "it may be read at the next look")
        #expect(progress.isLogDue(at: .seconds(6)))
        progress.observe(
            [try log("LAUNCH_FAILED", server: 1, data: ["rawError": "no\ncapacity"])],
            at: .seconds(18),
            now: .sample
        )
        #expect(progress.events(at: .seconds(18)).servers[.sample(1)]?.error == "LAUNCH_FAILED: no capacity")
    }

    @Test func `tells a failure without its reason when the log cannot be read for half a minute`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe(try job("STARTED", [(1, "FAILED")]), at: .seconds(3))
        progress.missedLog(at: .seconds(32))
        #expect(progress.events(at: .seconds(32)).isEmpty)
        progress.missedLog(at: .seconds(33))
        let told = progress.events(at: .seconds(33)).servers[.sample(1)]
        #expect(told?.launchStatus == "FAILED" && told?.error == nil)
        progress.observe([try log("LAUNCH_FAILED", server: 1)], at: .seconds(36), now: .sample)
        #expect(progress.events(at: .seconds(36)).servers[.sample(1)]?.error == "LAUNCH_FAILED", "and its reason later")
    }

    @Test func `keeps words that nobody knew when this was written`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.observe(try job("PAUSED_BY_AWS", [(1, "WARMING_UP")]), at: .zero)
        #expect(progress.events(at: .zero).servers[.sample(1)]?.launchStatus == "WARMING_UP")
    }

    @Test func `is that the job is gone when DRS does not show it for five minutes`() throws {
        var progress = LaunchProgress(jobId: "drsjob-1", cadence: cadence)
        progress.missed(at: .zero)
        progress.observe(try job("STARTED", [(1, "PENDING")]), at: .seconds(100))
        progress.missed(at: .seconds(200))
        #expect(progress.events(at: .seconds(499)).kinds == [.servers])
        #expect(progress.events(at: .seconds(500)).problem?.code == SpokeProblem.jobGone.rawValue)
        #expect(progress.hasEnded)
    }
}

@Suite struct `The hub's trust` {
    private func endpoint(_ list: [String], _ region: String) throws -> String? {
        try AgentTrust(origins: ["https://hub.example.com"], stsEndpoints: list).endpoint(for: known(region))?.origin
    }

    @Test func `is in AWS's regional endpoints where nothing is named`() throws {
        #expect(try endpoint([], "eu-west-1") == "https://sts.eu-west-1.amazonaws.com")
        #expect(try endpoint([], "eusc-de-east-1") == "https://sts.eusc-de-east-1.amazonaws.eu")
        #expect(try endpoint([], "xx-west-1") == nil)
    }

    @Test func `is in the listed endpoints alone where some are`() throws {
        let list = ["https://sts.eu-west-1.amazonaws.com", "http://127.0.0.1:9090"]
        #expect(try endpoint(list, "eu-west-1") == "https://sts.eu-west-1.amazonaws.com")
        #expect(try endpoint(list, "us-east-1") == "http://127.0.0.1:9090")
        #expect(try endpoint([list[0]], "us-east-1") == nil)
    }

    @Test(arguments: ["http://sts.example.com", "https://sts.example.com/path", "sts.example.com", "ftp://a"])
    func `is not in what is no https origin`(address: String) {
        #expect(throws: AgentTrust.Misconfigured.self) {
            try AgentTrust(origins: ["https://hub.example.com"], stsEndpoints: [address])
        }
    }

    @Test func `in its own names follows the host that was asked`() throws {
        let trust = try AgentTrust(origins: ["https://A.example.com", "https://b.example.com:8443"], stsEndpoints: [])
        #expect(trust.origins(forHost: "b.example.com:8443") == ["https://b.example.com:8443"])
        #expect(trust.origins(forHost: "proxy").count == 2)
        #expect(trust.origins(forHost: "example.com").count == 2)
    }
}
