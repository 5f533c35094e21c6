import AWS
import Ambient
import Commands
import Contract
import Foundation
import JSON
import Recovery
import Simulator
import Spoke
import Testing

extension Fuzzed {
    private static func known<Value: Label>(_ text: String) -> Value {
        guard let label = Value(rawValue: text) else { preconditionFailure("\(text) is not \(Value.rule)") }
        return label
    }

    private static let at = Instant(milliseconds: 1_795_719_280_000)
    private static let server: SourceServerID = known("s-00000000000000001")
    private static let served = ServedAccount(accountId: known("111122223333"), regions: [known("eu-west-1")])

    private static func identifier<Subject>() -> Identifier<Subject> {
        Identifier(at: at, by: SeededGeneratorChance())
    }

    private static var commands: [AgentCommand] {
        let works: [AgentCommand.Work] = [
            .syncInventory(.init(serverIds: [server])),
            .launch(
                .init(
                    key: "e/0/1",
                    executionId: identifier(),
                    waveNumber: 0,
                    isDrill: true,
                    servers: [.init(sourceServerId: server, recoverySnapshotId: nil)],
                    settleSeconds: 5
                )
            ),
            .terminateInstances(
                .init(
                    key: "e/t",
                    executionId: identifier(),
                    jobIds: ["drsjob-1"],
                    servers: [.init(sourceServerId: server, recoveryInstanceId: "i-1")]
                )
            ),
            .validateAccess(.init()), .publish(.init(topicArn: "arn:aws:sns:x", subject: "s", message: "m")),
        ]
        return works.map {
            AgentCommand(
                commandId: identifier(),
                attempt: 1,
                term: 2,
                accountId: served.accountId,
                region: served.regions[0],
                deadline: at,
                work: $0
            )
        }
    }

    private static var reports: [ProgressReport] {
        let events: [ProgressEvent] = [
            .jobAccepted(.init(jobId: "drsjob-1", status: "PENDING", sourceServerIds: [server])),
            .startDeferred(.init(code: "ConflictException", message: "busy", retryAfterSeconds: 3)),
            .logItems([.init(at: at, event: "JOB_START", sourceServerId: server, detail: "x")]),
            .jobEnded(.init(jobId: "drsjob-1", endedAt: at)), .servers([]), .instances([]),
            .access([.init(action: "drs:StartRecovery", result: .denied)]), .done,
            .failed(.init(code: "X", message: "y")),
        ]
        return events.enumerated().map { index, event in
            ProgressReport(commandId: identifier(), attempt: 1, term: 1, sequence: index + 1, at: at, event: event)
        }
    }

    private static var page: InventoryPage {
        InventoryPage(
            accountId: served.accountId,
            region: served.regions[0],
            syncToken: "token",
            page: 0,
            isLast: true,
            isInitialized: true,
            lookedUp: [server],
            sourceServers: [
                .init(
                    sourceServerId: server,
                    hostname: "web-1",
                    tags: ["app": "shop"],
                    replicationState: "CONTINUOUS",
                    lagSeconds: 3,
                    recoveryInstanceId: nil,
                    lastLaunch: nil
                )
            ],
            recoveryInstances: [
                .init(
                    recoveryInstanceId: "i-1",
                    sourceServerId: server,
                    jobId: "drsjob-1",
                    isDrill: true,
                    state: "RUNNING"
                )
            ],
            jobs: [
                .init(
                    jobId: "drsjob-1",
                    type: "LAUNCH",
                    status: "STARTED",
                    startedAt: at,
                    sourceServerIds: [server],
                    commandKey: nil
                )
            ],
            quotas: nil
        )
    }

    private static var enrolment: SessionRequest {
        SessionRequest(
            name: "east",
            version: "1",
            accounts: [served],
            proof: .init(
                nonce: "bm9uY2U",
                accessKeyId: "ASIAIOSFODNN7EXAMPLE",
                amzDate: "20261126T185440Z",
                region: served.regions[0],
                signedHeaders: "content-type;host;x-amz-date",
                signature: String(repeating: "a", count: 64),
                sessionToken: "token"
            )
        )
    }

    /// The agent protocol, both ways; all of it is JSON that one side wrote and the other must not trust.
    static let messages: [Fuzzed] = [
        try? .message(commands), try? .message([ProgressBatch(reports: reports, holding: nil)]), try? .message([page]),
        try? .message([enrolment]), try? .message([ChallengeRequest(region: served.regions[0])]),
        try? .message([Challenge(nonce: "bm9uY2U", stsEndpoint: "https://sts.eu-west-1.amazonaws.com")]),
        try? .message([
            SessionGrant(
                sessionToken: "t",
                expiresAt: at,
                spokeId: identifier(),
                heartbeatSeconds: 15,
                accounts: [served],
                refused: [.init(accountId: served.accountId, reason: "no")]
            )
        ]),
        Fuzzed(
            "command stream",
            (try? [commands.map { try JSON(encoding: $0).text }.joined(separator: "\n\r\n") + "\n"]) ?? []
        ) { bytes in
            var splitter = LineSplitter()
            var lines: [[UInt8]] = []
            // In pieces of any length, as a network cuts them.
            for start in stride(from: 0, to: bytes.count, by: 7) {
                do throws(HubFailure) {
                    lines += try splitter.append(bytes[start..<min(start + 7, bytes.count)])
                } catch {
                    return
                }
            }
            #expect(lines.allSatisfy { !$0.isEmpty && !$0.contains(UInt8(ascii: "\n")) })
        },
        Fuzzed("event stream", ["id: 1\nevent: journal\ndata: {\"a\":1}\n\n: alive\n\ndata: x\r\ndata: y\r\n\r\n"]) {
            bytes in
            var (whole, pieces) = (ServerSentEvents(), ServerSentEvents())
            let events = try whole.receive(bytes)
            var same: [ServerSentEvents.Event] = []
            for byte in bytes { same += try pieces.receive([byte]) }
            #expect(events == same, "however the bytes come, the events are the same")
        },
    ].compactMap(\.self)

    /// Answers of AWS.
    static let answers: [Fuzzed] = [
        Fuzzed(
            "CallerIdentity",
            [
                """
                <?xml version="1.0"?>
                <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
                <Arn>arn:aws:sts::111122223333:assumed-role/Spoke/s</Arn><UserId>A:s</UserId>
                <Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
                """
            ]
        ) { bytes in
            do throws(CallerIdentity.Unreadable) {
                let identity = try CallerIdentity(parsing: bytes)
                #expect(identity.principal?.account == identity.account)
                #expect(String(decoding: bytes, as: UTF8.self).contains(identity.account))
            } catch {
                return
            }
        },
        Fuzzed(
            "AssumeRole",
            [
                """
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
                <Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>wJalrXUtnFEMI/K7MDENG\
                </SecretAccessKey><SessionToken>AQoDYXdzEPT</SessionToken><Expiration>2026-11-26T19:54:40Z</Expiration>
                </Credentials></AssumeRoleResult></AssumeRoleResponse>
                """
            ]
        ) { bytes in
            // Of an error of the XML reader nothing is asked but that it is one.
            guard let credentials = try? STSClient.credentials(in: bytes) else { return }
            for text in [credentials.accessKeyID, credentials.secretAccessKey, credentials.sessionToken ?? ""] {
                #expect(!text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) })
            }
            #expect(credentials.expiration != nil)
        },
        Fuzzed(
            "DescribeInstances",
            [
                """
                <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item>
                <instancesSet><item><instanceId>i-0123456789abcdef0</instanceId><instanceState><code>16</code>
                <name>running</name></instanceState><instanceType>t3.micro</instanceType>
                <launchTime>2026-11-26T18:54:40.000Z</launchTime><privateIpAddress>10.0.0.7</privateIpAddress></item>
                <item><instanceId>i-2</instanceId></item></instancesSet></item></reservationSet>
                <nextToken>more</nextToken></DescribeInstancesResponse>
                """,
                "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>",
            ]
        ) { bytes in
            guard let page = try? EC2Client.page(in: bytes) else { return }
            #expect(page.instances.count <= bytes.count)
        },
        .text("lag", ["P0D", "P2DT1H32M12.136909S", "PT5M"]) { text in
            guard let seconds = ReplicationLag.seconds(text) else { return }
            #expect((0..<3_200_000_000).contains(seconds))
        },
    ]

    /// Files that an operator writes.
    static let files: [Fuzzed] = [
        .text(
            "spoke file",
            [
                """
                name: recovery-east
                accounts:
                  - accountId: "111122223333"
                    roleArn: arn:aws:iam::111122223333:role/MusterRecovery
                    externalId: 7c1f
                    regions: [us-east-1, us-west-2]
                """
            ]
        ) { text in
            let path = FileManager.default.temporaryDirectory.appending(path: "muster-fuzz-\(UUID().uuidString).yaml")
            try Data(text.utf8).write(to: path)
            defer { try? FileManager.default.removeItem(at: path) }
            do {
                let configuration = try SpokeConfiguration(
                    environment: ["MUSTER_HUB_URL": "https://hub.example.com", "MUSTER_SPOKE_CONFIG": path.path]
                )
                #expect(!configuration.accounts.isEmpty)
            } catch is ConfigurationProblem {
                return
            }
        },
        .text(
            "world file",
            [
                """
                seed: 11
                settings: {clockScale: 40, pageSize: 2, timeline: {jitter: 0}, rates: {default: {perSecond: 50}}}
                accounts:
                  - id: "111122223333"
                    externalId: secret
                    roles: [{name: MusterRecovery}]
                    regions:
                      us-east-1: {servers: [{hostname: web, count: 3}]}
                principals:
                  - {arn: "arn:aws:iam::999900001111:role/Spoke", accessKeyId: AKIASPOKEEAST0000, secretAccessKey: hush}
                """
            ]
        ) { text in
            do throws(FieldProblem) {
                _ = try WorldFile(parsing: text)
            } catch {
                #expect(!error.description.isEmpty)
            }
        },
    ]
}

/// Always the same identifiers, so that samples are.
private struct SeededGeneratorChance: Chance {
    func next() -> UInt64 { 0x0123_4567_89AB_CDEF }
}
