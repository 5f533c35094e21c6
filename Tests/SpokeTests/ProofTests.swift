import AWS
import Ambient
import Contract
import JSON
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `A proof of identity` {
    private func serve(
        origins: [String]? = nil,
        _ body: @escaping @Sendable (HubUnderTest, Cloud) async throws -> Void
    ) async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud, origins: origins) { hub in
                try await hub.register()
                try await body(hub, cloud)
            }
        }
    }

    @Test func `begins a session of the registered accounts and says which it refuses`() async throws {
        try await serve { hub, cloud in
            var forgery = try await Forgery(hub, cloud)
            forgery.accounts.append("999988887777")
            let answer = try await hub.post("/agent/v1/sessions", forgery.request())
            #expect(answer.status == 200)
            let grant = try answer.body.decoded(as: SessionGrant.self)
            #expect(grant.accounts == [ServedAccount(accountId: Cloud.account, regions: [Cloud.home.region])])
            #expect(grant.refused.map(\.accountId.rawValue) == ["999988887777"])
            #expect(grant.heartbeatSeconds == 15)
            let progress = try await hub.post("/agent/v1/progress", ["reports": []], token: grant.sessionToken)
            #expect(progress.status == 200)
        }
    }

    @Test func `is good once`() async throws {
        try await serve { hub, cloud in
            let forgery = try await Forgery(hub, cloud)
            #expect(try await hub.post("/agent/v1/sessions", forgery.request()).status == 200)
            #expect(try await hub.post("/agent/v1/sessions", forgery.request()).status == 401)
        }
    }

    @Test func `is used up by an attempt that failed`() async throws {
        try await serve { hub, cloud in
            let forgery = try await Forgery(hub, cloud)
            let wrong = forgery.request(["signature": .string(String(repeating: "0", count: 64))])
            #expect(try await hub.post("/agent/v1/sessions", wrong).status == 401)
            #expect(try await hub.post("/agent/v1/sessions", forgery.request()).status == 401)
        }
    }

    @Test func `made for another hub is refused`() async throws {
        try await serve { hub, cloud in
            let forgery = try await Forgery(hub, cloud, hubOrigin: "https://other.example.com")
            #expect(try await hub.post("/agent/v1/sessions", forgery.request()).status == 401)
        }
    }

    @Test func `made for this hub is refused by one that is known under other names`() async throws {
        try await serve(origins: ["https://hub.example.com"]) { hub, cloud in
            let forgery = try await Forgery(hub, cloud)
            #expect(try await hub.post("/agent/v1/sessions", forgery.request()).status == 401)
            let named = try await Forgery(hub, cloud, hubOrigin: "https://hub.example.com")
            #expect(try await hub.post("/agent/v1/sessions", named.request()).status == 200)
        }
    }

    @Test func `made for another STS host is refused`() async throws {
        try await serve { hub, cloud in
            let forgery = try await Forgery(hub, cloud, stsHost: "sts.us-east-1.amazonaws.com")
            #expect(try await hub.post("/agent/v1/sessions", forgery.request()).status == 401)
        }
    }

    @Test(arguments: [
        "content-type;host;x-amz-date", "content-type;host;x-amz-date;x-muster-nonce",
        "content-type;host;x-amz-date;x-muster-hub", "content-type;host;x-amz-date;x-muster-hub;x-muster-nonce;x-other",
        "content-type;host;x-amz-date;x-muster-hub;x-muster-nonce;", "host;x-amz-date;x-muster-hub;x-muster-nonce",
        "Content-Type;host;x-amz-date;x-muster-hub;x-muster-nonce", "",
    ])
    func `with another list of signed headers is refused`(names: String) async throws {
        try await serve { hub, cloud in
            let forgery = try await Forgery(hub, cloud)
            let calls = cloud.calls("sts:GetCallerIdentity")
            let answer = try await hub.post("/agent/v1/sessions", forgery.request(["signedHeaders": .string(names)]))
            #expect(answer.status == 401)
            #expect(cloud.calls("sts:GetCallerIdentity") == calls)
        }
    }

    @Test(arguments: [
        ("accessKeyId", "AKIA\r\nhost: evil.example.com"), ("accessKeyId", "AKIASPOKEEAST0000/20260101"),
        ("amzDate", "20200101T000000Z"), ("amzDate", "now"), ("signature", "x"), ("sessionToken", "a b"),
        ("nonce", "AAAA"), ("region", "us-west-2"),
    ])
    func `with a part that means more than itself is refused unasked`(part: String, value: String) async throws {
        try await serve { hub, cloud in
            let forgery = try await Forgery(hub, cloud)
            let calls = cloud.calls("sts:GetCallerIdentity")
            let answer = try await hub.post("/agent/v1/sessions", forgery.request([part: .string(value)]))
            #expect(answer.status == 401)
            #expect(cloud.calls("sts:GetCallerIdentity") == calls)
        }
    }

    @Test func `of a principal that serves none of the accounts is forbidden and remembered`() async throws {
        try await serve { hub, cloud in
            let somebody = Credentials(accessKeyID: "AKIASOMEBODY00000", secretAccessKey: "hush")
            let forgery = try await Forgery(hub, cloud, credentials: somebody)
            let answer = try await hub.post("/agent/v1/sessions", forgery.request())
            #expect(answer.status == 403)
            #expect(try await hub.count("SELECT count(*) FROM audit_event WHERE action = 'REFUSE_SPOKE'") == 1)
        }
    }

    @Test(arguments: [
        "arn:aws:iam::999900001112:role/teams/MusterSpoke", "arn:aws-us-gov:iam::999900001111:role/MusterSpoke",
        "arn:aws:iam::999900001111:role/MusterSpok", "arn:aws:iam::999900001111:role/musterspoke",
        "arn:aws:iam::999900001111:user/MusterSpoke", "arn:aws:iam::999900001111:role/*",
        "arn:aws:iam::999900001111:root",
    ])
    func `does not hold for a principal that is only like the registered one`(registered: String) async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register(principals: [registered])
                let forgery = try await Forgery(hub, cloud)
                #expect(try await hub.post("/agent/v1/sessions", forgery.request()).status == 403)
            }
        }
    }

    @Test func `that STS cannot be asked about is no proof, but a live session goes on`() async throws {
        try await serve { hub, cloud in
            let first = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
            let token = try #require(first.body["sessionToken"]?.string)
            cloud.addFault(["action": "DROP_REQUEST", "operation": "GetCallerIdentity"])
            let stranger = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
            #expect(stranger.status == 503)
            let known = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request(), token: token)
            #expect(known.status == 200)
            #expect(try await hub.count("SELECT count(*) FROM audit_event WHERE action = 'EXTEND_SPOKE_SESSION'") == 1)
            #expect(try await hub.count("SELECT count(*) FROM agent_session") == 1)
        }
    }

    @Test func `given again with the session's token renews that session`() async throws {
        try await serve { hub, cloud in
            let first = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
            let token = try #require(first.body["sessionToken"]?.string)
            let second = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request(), token: token)
            #expect(second.status == 200)
            #expect(try await hub.count("SELECT count(*) FROM agent_session") == 1)
            #expect(try await hub.post("/agent/v1/progress", ["reports": []], token: token).status == 401)
        }
    }
}

@Suite(.database(Schema.migrations)) struct `A session` {
    @Test func `loses an account whose registration changes`() async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register()
                let first = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
                let token = try #require(first.body["sessionToken"]?.string)
                try await hub.pool.execute(.init("UPDATE account SET spoke_principals = '{}'"))
                #expect(try await hub.post("/agent/v1/progress", ["reports": []], token: token).status == 200)
                #expect(try await hub.count("SELECT count(*) FROM agent_session_account") == 0)
                let page = InventoryPage(
                    accountId: Cloud.account,
                    region: Cloud.home.region,
                    syncToken: "a",
                    page: 0,
                    isLast: true,
                    isInitialized: true,
                    lookedUp: nil,
                    sourceServers: [],
                    recoveryInstances: [],
                    jobs: [],
                    quotas: nil
                )
                let answer = try await hub.post("/agent/v1/inventory", try JSON(encoding: page), token: token)
                #expect(answer.status == 403)
                #expect(
                    try await hub.count("SELECT count(*) FROM audit_event WHERE action = 'REPORT_FOREIGN_ACCOUNT'") == 1
                )
            }
        }
    }

    @Test(arguments: ["", "x", "Zm9v", String(repeating: "A", count: 43)])
    func `is asked for a token that the hub gave`(token: String) async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                let progress = try await hub.post("/agent/v1/progress", ["reports": []], token: token)
                let inventory = try await hub.post("/agent/v1/inventory", [:], token: token)
                #expect(progress.status == 401 && inventory.status == 401)
            }
        }
    }
}
