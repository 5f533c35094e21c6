import AWS
import Ambient
import FalseProofs
import JSON
import Testing

@Suite struct `A false proof of identity` {
    private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    private static func honest(
        _ key: String = "AKIAIOSFODNN7EXAMPLE",
        _ secret: String = secret,
        at endpoint: String = "sts.eu-west-1.amazonaws.com"
    ) -> FalseProof.Honest {
        FalseProof.Honest(
            challenge: .init(
                stsHost: endpoint,
                region: "eu-west-1",
                hub: "https://muster.example.com",
                nonce: "vT0jR2u5Kq-N_x8mYwEoZbA1cD3fG4hI6lM7pS9tUyQ"
            ),
            credentials: Credentials(accessKeyID: key, secretAccessKey: secret),
            now: SystemTime().now()
        )
    }

    @Test func `comes in more than forty kinds`() {
        #expect(FalseProof.all.count >= 40)
        #expect(Set(FalseProof.all.map(\.name)).count == FalseProof.all.count)
    }

    @Test(arguments: FalseProof.all)
    func `is refused unasked, or is not the request that was signed`(kind: FalseProof) throws {
        let honest = Self.honest()
        let good = try honest.proof.request(answering: honest.challenge, at: honest.now)
        try SignatureV4.verify(good, secretAccessKey: Self.secret, at: honest.now)
        let proof = kind.make(honest)
        do throws(GetCallerIdentityProof.Malformed) {
            let request = try proof.request(answering: honest.challenge, at: honest.now)
            #expect(kind.isAsked, "this should have been refused at once")
            // Whose secret it is, is what STS knows; of an unknown key it knows none.
            guard proof.accessKeyId == honest.credentials.accessKeyID, proof.sessionToken == nil else { return }
            #expect(throws: SignatureV4.Mismatch.self) {
                try SignatureV4.verify(request, secretAccessKey: Self.secret, at: honest.now)
            }
        } catch {
            #expect(!kind.isAsked, "\(error)")
        }
    }

    @Test func `is not worth a question when it is malformed, nor for an STS that was not named`() async throws {
        try await Bench.running { _, _ in
            .answer(status: 403)
        } _: { bench in
            let endpoint = try #require(Endpoint(address: bench.server.address, signingRegion: "eu-west-1"))
            let check = CallerIdentityCheck(exchange: bench.exchange)
            let honest = Self.honest(at: endpoint.authority)
            for kind in FalseProof.all {
                let (before, proof) = (bench.server.requests.count, kind.make(honest))
                let verdict = try await check.verdict(
                    on: proof,
                    answering: honest.challenge,
                    askedOf: endpoint,
                    at: honest.now
                )
                guard case .refused = verdict else {
                    Issue.record("\(kind): \(verdict)")
                    continue
                }
                #expect(bench.server.requests.count - before == (kind.isAsked ? 1 : 0), "\(kind)")
            }
            let elsewhere = Self.honest(at: "sts.example.com")
            let count = bench.server.requests.count
            let verdict = try await check.verdict(
                on: elsewhere.proof,
                answering: elsewhere.challenge,
                askedOf: endpoint,
                at: elsewhere.now
            )
            #expect(verdict == .refused("the proof is for another STS endpoint"))
            #expect(bench.server.requests.count == count)
        }
    }

    @Test func `is not read to the end of an answer that does not end`() async throws {
        let endless = String(repeating: " ", count: 1 << 20)
        try await Bench.running { _, _ in
            .answer(body: endless)
        } _: { bench in
            let endpoint = try #require(Endpoint(address: bench.server.address, signingRegion: "eu-west-1"))
            let honest = Self.honest(at: endpoint.authority)
            let verdict = try await CallerIdentityCheck(exchange: bench.exchange)
                .verdict(on: honest.proof, answering: honest.challenge, askedOf: endpoint, at: honest.now)
            guard case .unavailable(let reason) = verdict else {
                Issue.record("\(verdict)")
                return
            }
            #expect(reason.contains("more than \(CallerIdentity.longestAnswer) bytes"))
        }
    }

    /// Whatever a proof was, what goes to STS is the one request that there is.
    @Test func `never changes what STS is asked`() async throws {
        try await Bench.running { _, _ in
            .answer(status: 403)
        } _: { bench in
            let endpoint = try #require(Endpoint(address: bench.server.address, signingRegion: "eu-west-1"))
            let honest = Self.honest(at: endpoint.authority)
            for kind in FalseProof.all {
                _ = try await CallerIdentityCheck(exchange: bench.exchange)
                    .verdict(on: kind.make(honest), answering: honest.challenge, askedOf: endpoint, at: honest.now)
            }
            #expect(!bench.server.requests.isEmpty)
            for request in bench.server.requests {
                #expect(request.method == "POST" && request.target == "/")
                #expect(request.text == "Action=GetCallerIdentity&Version=2011-06-15")
                #expect(request.header("x-muster-nonce") == honest.challenge.nonce)
                #expect(request.header("x-muster-hub") == honest.challenge.hub)
                #expect(request.header("host") == endpoint.authority)
                let names = request.headers.map { $0.name.lowercased() }
                #expect(Set(names).count == names.count, "no header twice")
            }
        }
    }

    @Test(.enabled(if: Peers.python != nil)) func `is refused by an independent STS, which knows a good one`()
        async throws
    {
        try await Peers.withMoto { world in
            try await Bench.withClient { http in
                let check = CallerIdentityCheck(exchange: HTTPExchange(client: http, time: SystemTime()))
                let address = try #require(world["endpoint"]?.string)
                let endpoint = try #require(Endpoint(address: address, signingRegion: "eu-west-1"))
                func verdict(
                    _ key: String,
                    _ secret: String,
                    _ make: (FalseProof.Honest) -> GetCallerIdentityProof
                ) async throws -> CallerIdentityCheck.Verdict {
                    let key = try #require(world[key]?.string), secret = try #require(world[secret]?.string)
                    let honest = Self.honest(key, secret, at: endpoint.authority)
                    var verdict = CallerIdentityCheck.Verdict.unavailable("it was not asked")
                    // A busy machine's STS may give no answer in time, which says nothing about the proof.
                    for _ in 0..<5 {
                        guard case .unavailable = verdict else { break }
                        verdict = try await check.verdict(
                            on: make(honest),
                            answering: honest.challenge,
                            askedOf: endpoint,
                            at: honest.now
                        )
                    }
                    return verdict
                }
                func isIdentified(_ verdict: CallerIdentityCheck.Verdict) -> Bool {
                    if case .identified(let identity) = verdict { return identity.arn.hasSuffix(":user/spoke") }
                    return false
                }
                #expect(isIdentified(try await verdict("accessKey", "secret") { $0.proof }))
                for kind in FalseProof.all {
                    let verdict = try await verdict("accessKey", "secret", kind.make)
                    guard case .refused = verdict else {
                        Issue.record("\(kind): \(verdict)")
                        continue
                    }
                }
                guard case .refused = try await verdict("revokedKey", "revokedSecret", { $0.proof }) else {
                    Issue.record("the key that was taken away is believed")
                    return
                }
                #expect(isIdentified(try await verdict("accessKey", "secret") { $0.proof }))
            }
        }
    }
}
