import AWS
import Ambient
import AsyncHTTPClient
import Configuration
import Contract
import Hub
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Recovery
import ServiceLifecycle
import TestKit
import Testing

/// A hub as the program makes it, over a real socket and a real database, with an issuer to sign its callers' tokens.
struct HubUnderTest: Sendable {
    let issuer: IssuerUnderTest
    let port: Int
    let client: HTTPClient
    let bindings: Bindings

    /// Runs a hub for the time of the closure.
    static func run(
        keys: [String: String] = [:],
        databaseURL: String? = nil,
        _ body: @escaping @Sendable (HubUnderTest) async throws -> Void
    ) async throws {
        let url = try databaseURL ?? TestDatabase.current.hubConnectionString
        try await IssuerUnderTest.run { issuer in
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPExchange.configuration)
            do {
                try await run(issuer, client, keys, url, body)
            } catch {
                try await client.shutdown()
                throw error
            }
            try await client.shutdown()
        }
    }

    private static func run(
        _ issuer: IssuerUnderTest,
        _ client: HTTPClient,
        _ keys: [String: String],
        _ databaseURL: String,
        _ body: @escaping @Sendable (HubUnderTest) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let hub = try Hub.build(
            try configuration(keys, issuer: issuer),
            databaseURL: databaseURL,
            client: client,
            ambient: Ambient(),
            logger: .quiet,
            onListening: { port.yield($0) }
        )
        try await running(hub.services) {
            for await port in ports {
                try await body(HubUnderTest(issuer: issuer, port: port, client: client, bindings: hub.bindings))
                return
            }
        }
    }

    static func configuration(_ keys: [String: String], issuer: IssuerUnderTest) throws -> HubConfiguration {
        let standard = [
            "MUSTER_LISTEN": "127.0.0.1:0", "MUSTER_COGNITO_ISSUER": issuer.url,
            "MUSTER_COGNITO_CLIENT_ID": IssuerUnderTest.client, "HOME": "/tmp",
            "MUSTER_SECRET_KEY": "bXVzdGVyJ3MgdGVzdHMgbmVlZCAzMiBieXRlcyBub3c=",
        ]
        var environment = standard.merging(keys) { $1 }
        let isInFile = keys["MUSTER_SECRET_KEY_FILE"] != nil && keys["MUSTER_SECRET_KEY"] == nil
        if isInFile { environment["MUSTER_SECRET_KEY"] = nil }
        return try HubConfiguration(
            reading: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
        )
    }

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let bytes: [UInt8]

        var json: JSON {
            get throws { try JSON(parsing: bytes) }
        }

        var code: String? { (try? json)?["code"]?.string }
        var pointers: [String] { (try? json)?["errors"]?.array?.compactMap { $0["pointer"]?.string } ?? [] }
    }

    /// Asks; `token` nil: without one.
    func ask(
        _ method: HTTPMethod,
        _ path: String,
        token: String?,
        body: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        try await ask(method, path, token: token, bytes: body.map { Array($0.utf8) }, headers: headers)
    }

    func ask(
        _ method: HTTPMethod,
        _ path: String,
        token: String?,
        bytes: [UInt8]?,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let bytes {
            request.body = .bytes(ByteBuffer(bytes: bytes))
            if !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
                request.headers.add(name: "content-type", value: "application/json")
            }
        }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let answer = try await client.execute(request, timeout: .seconds(120))
        let received = try await answer.body.collect(upTo: 1 << 24)
        return Answer(status: Int(answer.status.code), headers: answer.headers, bytes: Array(buffer: received))
    }

    func admin(_ name: String = "ada") throws -> String {
        try issuer.token(.admin, name: name)
    }

    /// Checks that an answer says no as the contract has it.
    func expectProblem(
        _ answer: Answer,
        _ status: Int,
        _ code: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(answer.status == status, sourceLocation: sourceLocation)
        #expect(
            answer.headers.first(name: "content-type") == "application/problem+json",
            sourceLocation: sourceLocation
        )
        let problem = try answer.json
        #expect(problem["status"]?.integer == Int64(status), sourceLocation: sourceLocation)
        for member in ["type", "title", "detail", "code", "requestId"] {
            #expect(problem[member]?.string?.isEmpty == false, "\(member)", sourceLocation: sourceLocation)
        }
        #expect(
            problem["requestId"]?.string == answer.headers.first(name: "x-request-id"),
            sourceLocation: sourceLocation
        )
        if let code { #expect(problem["code"]?.string == code, sourceLocation: sourceLocation) }
    }
}
