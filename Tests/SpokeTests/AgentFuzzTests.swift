import AWS
import Ambient
import AsyncHTTPClient
import Contract
import JSON
import NIOCore
import NIOHTTP1
import PostgreSQL
import Schema
import TestKit
import Testing

/// Bodies as no spoke writes them, from one that has proved who it is.
@Suite(.database(Schema.migrations)) struct `A spoke that sends nonsense` {
    private static let rounds = 150

    private static let samples: [String: [String]] = [
        "/agent/v1/progress": [
            #"{"reports":[],"holding":[{"commandId":"01a219e1-d23a-7244-9689-a3e72d916292","term":1}]}"#,
            #"{"reports":[{"commandId":"01a219e1-d23a-7244-9689-a3e72d916292","attempt":1,"term":1,"sequence":1,"#
                + #""at":"2026-11-26T22:00:00.000Z","event":{"kind":"DONE"}}]}"#,
            #"{"reports":[{"commandId":"01a219e1-d23a-7244-9689-a3e72d916292","attempt":1,"term":1,"sequence":1,"#
                + #""at":"2026-11-26T22:00:00.000Z","event":{"kind":"FAILED","code":"X","message":"m","isUnclear":false}}]}"#,
        ],
        "/agent/v1/inventory": [
            #"{"accountId":"111122223333","region":"us-east-1","syncToken":"a","page":0,"isLast":true,"#
                + #""isInitialized":true,"sourceServers":[{"sourceServerId":"s-00000000000000001","hostname":"web","#
                + #""tags":{"a":"b"},"replicationState":"CONTINUOUS","lagSeconds":3}],"recoveryInstances":[{"#
                + #""recoveryInstanceId":"i-1","isDrill":true,"state":"RUNNING"}],"jobs":[{"jobId":"drsjob-1","#
                + #""type":"LAUNCH","status":"STARTED","startedAt":"2026-11-26T22:00:00.000Z","#
                + #""sourceServerIds":["s-00000000000000001"]}],"quotas":{"jobs":20}}"#
        ],
        "/agent/v1/challenges": [#"{"region":"us-east-1"}"#],
        "/agent/v1/sessions": [
            #"{"name":"x","version":"1","accounts":[{"accountId":"111122223333","regions":["us-east-1"]}],"proof":{"#
                + #""nonce":"AAAA","accessKeyId":"AKIASPOKEEAST0000","amzDate":"20261126T220000Z","region":"us-east-1","#
                + #""signedHeaders":"host","signature":"00"}}"#
        ],
    ]

    @Test(arguments: samples.keys.sorted(), Seed.some(2))
    func `is told so, and never breaks the hub`(path: String, seed: Seed) async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register()
                let grant = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
                let token = try #require(grant.body["sessionToken"]?.string)
                let samples = (Self.samples[path] ?? []).map { Array($0.utf8) }
                var mutator = Mutator(seed)
                var statuses: [Int: Int] = [:]
                for _ in 0..<Self.rounds {
                    let body = mutator.spoilt(samples)
                    // Without the session, or it would be renewed or lost.
                    let answer = try await send(
                        body,
                        to: hub.origin + path,
                        token: path.hasSuffix("sessions") ? nil : token
                    )
                    statuses[answer.status, default: 0] += 1
                    let shown = String(decoding: body.prefix(600), as: UTF8.self)
                    #expect((200..<500).contains(answer.status), "\(answer.status) for \(shown.debugDescription)")
                    guard answer.status >= 400 else { continue }
                    #expect(answer.type == "application/problem+json", "\(shown.debugDescription)")
                }
                #expect(statuses.keys.contains { $0 >= 400 }, "some of it must be refused")
                let after = try await hub.post("/agent/v1/progress", ["reports": []], token: token)
                #expect(after.status == 200, "the hub goes on, and so does the session")
            }
        }
    }

    private func send(_ body: [UInt8], to url: String, token: String?) async throws -> (status: Int, type: String?) {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        request.body = .bytes(ByteBuffer(bytes: body))
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        _ = try await answer.body.collect(upTo: 4 << 20)
        return (Int(answer.status.code), answer.headers.first(name: "content-type"))
    }
}
