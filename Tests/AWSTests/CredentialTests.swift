import AWS
import Ambient
import Foundation
import Testing

@Suite struct `Refreshing credentials` {
    private struct Broken: Error {}

    private func fresh(_ number: Int, lasting duration: Duration = .seconds(3600)) -> Credentials {
        Credentials(
            accessKeyID: "AKID\(number)",
            secretAccessKey: "secret",
            sessionToken: "token",
            expiration: SystemTime().now() + duration
        )
    }

    private func ask(_ source: RefreshingCredentials, callers: Int) async -> [Result<Credentials, any Error>] {
        await withTaskGroup(of: Result<Credentials, any Error>.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    do { return .success(try await source.credentials()) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `are fetched once for a hundred callers`() async throws {
        let arrived = Counter()
        let source = CountedSource { number in
            try await eventually { arrived.count == 100 }
            return fresh(number)
        }
        let refreshing = RefreshingCredentials(source, ambient: Ambient(time: QuickTime()))
        let answers = await withTaskGroup(of: Credentials?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    arrived.increment()
                    return try? await refreshing.credentials()
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0?.accessKeyID == "AKID1" } && answers.count == 100)
        #expect(source.count == 1)
    }

    @Test func `that fail are given to those who waited, and the next caller gets new ones`() async throws {
        let source = CountedSource { number in
            guard number > 1 else { throw Broken() }
            return fresh(number)
        }
        let refreshing = RefreshingCredentials(source, ambient: Ambient(time: QuickTime()))
        await #expect(throws: Broken.self) { try await refreshing.credentials() }
        for answer in await ask(refreshing, callers: 100) { #expect(try answer.get().accessKeyID == "AKID2") }
        #expect(source.count == 2)
    }

    @Test func `that are still good are used while new ones cannot be had`() async throws {
        let source = CountedSource { number in
            guard number == 1 else { throw Broken() }
            return fresh(number, lasting: .seconds(200))
        }
        let refreshing = RefreshingCredentials(source, ambient: Ambient(time: QuickTime()))
        for _ in 0..<5 { #expect(try await refreshing.credentials().accessKeyID == "AKID1") }
        #expect(source.count >= 2)
    }

    @Test func `are fetched anew shortly before they expire`() async throws {
        let source = CountedSource { number in fresh(number, lasting: number == 1 ? .seconds(20) : .seconds(3600)) }
        let refreshing = RefreshingCredentials(source, ambient: Ambient(time: QuickTime()))
        for expected in ["AKID1", "AKID2", "AKID2"] {
            let credentials = try await refreshing.credentials()
            #expect(credentials.accessKeyID == expected)
        }
        #expect(source.count == 2)
    }

    @Test func `go on when the caller who was fetching is cancelled`() async throws {
        let source = CountedSource { number in
            if number == 1 { try await SystemTime().sleep(for: .seconds(60)) }
            return fresh(number)
        }
        let refreshing = RefreshingCredentials(source, ambient: Ambient(time: QuickTime()))
        try await withThrowingTaskGroup(of: Credentials.self) { leader in
            leader.addTask { try await refreshing.credentials() }
            try await eventually { source.count == 1 }
            try await withThrowingTaskGroup(of: Credentials.self) { follower in
                follower.addTask { try await refreshing.credentials() }
                leader.cancelAll()
                let found = try await follower.next()
                #expect(found?.accessKeyID == "AKID2")
            }
        }
    }

    @Test func `let a waiting caller be cancelled`() async throws {
        let source = CountedSource { number in
            try await SystemTime().sleep(for: .seconds(60))
            return fresh(number)
        }
        let refreshing = RefreshingCredentials(source, ambient: Ambient(time: QuickTime()))
        await withTaskGroup(of: Result<Credentials, any Error>.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do { return .success(try await refreshing.credentials()) } catch { return .failure(error) }
                }
            }
            group.cancelAll()
            for await result in group { #expect(throws: CancellationError.self) { try result.get() } }
        }
    }
}

@Suite struct `The chain of credentials` {
    private static let given = """
        {"Code":"Success","AccessKeyId":"ASIA1","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}
        """

    @Test func `takes the environment first, and only whole`() async throws {
        let chain = CredentialChain([
            EnvironmentCredentials(environment: ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"]),
            CountedSource { _ in throw CancellationError() },
        ])
        let found = try await chain.credentials().accessKeyID
        #expect(found == "A")
        await #expect(throws: CredentialsFailed.self) {
            try await EnvironmentCredentials(environment: ["AWS_ACCESS_KEY_ID": "A"]).credentials()
        }
        await #expect(throws: CredentialsAbsent.self) {
            try await EnvironmentCredentials(environment: [:]).credentials()
        }
    }

    @Test func `asks the container's endpoint with its token from the file`() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("muster-\(UUID().uuidString)").path
        try "file-token\n".write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await Bench.running { request, number in
            if number == 1 { return .answer(status: 500, body: "") }
            guard request.target == "/role?x=1", request.header("authorization") == "file-token" else {
                return .answer(status: 403)
            }
            return .answer(body: Self.given)
        } _: { bench in
            let environment = [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(bench.server.address)/role?x=1",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other",
            ]
            let credentials = try await CredentialChain(environment: environment, exchange: bench.exchange)
                .credentials()
            #expect(credentials.accessKeyID == "ASIA1" && credentials.expiration == Instant("2099-01-01T00:00:00Z"))
        }
    }

    @Test(arguments: ["http://10.0.0.1/x", "http://169.254.170.2.evil.com/", "ftp://127.0.0.1/", "http://example.com"])
    func `asks no host that could be anyone's`(address: String) async throws {
        try await Bench.running { _, _ in
            .answer()
        } _: { bench in
            let environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": address]
            let source = ContainerCredentials(environment: environment, exchange: bench.exchange)
            await #expect(throws: CredentialsFailed.self) { try await source.credentials() }
        }
    }

    @Test func `asks the instance's metadata with a session token`() async throws {
        try await Bench.running { request, _ in
            switch (request.method, request.target) {
            case ("PUT", "/latest/api/token"):
                request.header("x-aws-ec2-metadata-token-ttl-seconds") == "21600"
                    ? .answer(body: "imds-token") : .answer(status: 400)
            case ("GET", "/latest/meta-data/iam/security-credentials/")
            where request.header("x-aws-ec2-metadata-token") == "imds-token":
                .answer(body: "SpokeRole\n")
            case ("GET", "/latest/meta-data/iam/security-credentials/SpokeRole"): .answer(body: Self.given)
            default: .answer(status: 401, body: "")
            }
        } _: { bench in
            let environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": bench.server.address]
            let credentials = try await CredentialChain(environment: environment, exchange: bench.exchange)
                .credentials()
            #expect(credentials.sessionToken == "t" && bench.server.requests.count == 3)
        }
    }

    @Test func `says every source it missed, and asks nobody when metadata is turned off`() async throws {
        try await Bench.running { _, _ in
            .answer()
        } _: { bench in
            let environment = [
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_EC2_METADATA_SERVICE_ENDPOINT": bench.server.address,
            ]
            let chain = CredentialChain(environment: environment, exchange: bench.exchange)
            let failed = await #expect(throws: CredentialsFailed.self) { try await chain.credentials() }
            #expect(failed?.description.contains("AWS_ACCESS_KEY_ID") == true && bench.server.requests.isEmpty)
        }
    }
}
