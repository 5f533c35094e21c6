import AWS
import Ambient
import Contract
import FalseProofs
import JSON
import PostgreSQL
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `A false proof of identity at the hub` {
    private func serve(_ body: @escaping @Sendable (HubUnderTest, Cloud) async throws -> Void) async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register()
                try await body(hub, cloud)
            }
        }
    }

    /// A proof of this kind that answers a challenge of the hub's.
    private func forgery(_ kind: FalseProof, _ hub: HubUnderTest, _ cloud: Cloud) async throws -> Forgery {
        var forgery = try await Forgery(hub, cloud)
        let honest = FalseProof.Honest(
            challenge: .init(
                stsHost: String(cloud.origin.dropFirst("http://".count)),
                region: "us-east-1",
                hub: hub.origin,
                nonce: forgery.nonce
            ),
            credentials: Cloud.credentials,
            now: Ambient().now
        )
        forgery.proof = kind.make(honest)
        return forgery
    }

    @Test func `begins no session, whatever its kind, and STS is asked only about what could be one`() async throws {
        try await serve { hub, cloud in
            for kind in FalseProof.all {
                let forgery = try await forgery(kind, hub, cloud)
                let calls = cloud.calls("sts:GetCallerIdentity")
                let answer = try await hub.post("/agent/v1/sessions", forgery.request())
                // A Region with more than a Region in it is no message of the protocol at all.
                #expect([400, 401].contains(answer.status), "\(kind): \(answer.body.text)")
                #expect(answer.body["sessionToken"] == nil)
                if !kind.isAsked { #expect(cloud.calls("sts:GetCallerIdentity") == calls, "\(kind)") }
            }
            #expect(try await hub.count("SELECT count(*) FROM agent_session") == 0)
            let good = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
            #expect(good.status == 200, "after all that an honest proof is believed")
        }
    }

    @Test func `cannot be made of the nonce of another, an old one, or one in other letters`() async throws {
        try await serve { hub, cloud in
            let (first, second) = (try await Forgery(hub, cloud), try await Forgery(hub, cloud))
            func status(_ changes: [String: JSON], of forgery: Forgery) async throws -> Int {
                try await hub.post("/agent/v1/sessions", forgery.request(changes)).status
            }
            #expect(try await status(["nonce": .string(second.nonce)], of: first) == 401, "another's nonce")
            #expect(try await status([:], of: second) == 401, "which is used up by that")
            #expect(try await status(["nonce": .string(first.nonce + "=")], of: first) == 401, "with padding")
            #expect(try await status(["nonce": .string(" " + first.nonce)], of: first) == 401, "with a blank")
            try await hub.pool.execute(.init("UPDATE agent_challenge SET expires_at = now() - interval '1 second'"))
            #expect(try await status([:], of: first) == 401, "older than its minute")
            #expect(try await hub.count("SELECT count(*) FROM agent_session") == 0)
        }
    }

    @Test func `of a principal whose registration was taken back is forbidden from then on`() async throws {
        try await serve { hub, cloud in
            let good = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
            #expect(good.status == 200)
            try await hub.pool.execute(.init("UPDATE account SET spoke_principals = '{}'"))
            let revoked = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
            #expect(revoked.status == 403)
        }
    }

    @Test func `cannot tell the hub what to ask, whom, or how`() async throws {
        try await serve { hub, cloud in
            let forgery = try await Forgery(hub, cloud)
            let (action, url) = ("Action=AssumeRole", "http://127.0.0.1:1/")
            let members: [String: JSON] = [
                "method": "GET", "url": .string(url), "iam_request_url": .string(url), "path": "/x",
                "host": "127.0.0.1:1",
                "headers": ["x-amz-target": "x"], "body": .string(action), "iam_request_body": .string(action),
                "query": "Action=AssumeRole", "stsEndpoint": .string(url),
            ]
            let calls = cloud.calls("sts:GetCallerIdentity")
            let answer = try await hub.post("/agent/v1/sessions", forgery.request(members))
            #expect(answer.status == 200, "what the protocol does not know means nothing")
            #expect(cloud.calls("sts:GetCallerIdentity") == calls + 1)
            #expect(cloud.calls("sts:AssumeRole") == 0)
        }
    }
}
