import AWS
import Ambient
import Contract
import Forgeries
import Hub
import JSON
import OpenSSL
import Recovery
import Store
import Testing
import WebToken

extension Fuzzed {
    static let all: [Fuzzed] = tokens + messages + headers + names + answers + files

    private static let json = [
        #"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00\n",true,false,null,{"b":{}}],"c":"","d":9007199254740993}"#,
        #"[[[[]]],"\\\"/\b\f"]"#, "0",
    ]

    /// Tokens and keys.
    private static let tokens: [Fuzzed] = [
        Fuzzed("JSON", json) { bytes in
            let value: JSON
            do throws(JSON.SyntaxError) {
                value = try JSON(parsing: bytes)
            } catch {
                #expect((0...bytes.count).contains(error.offset))
                return
            }
            let (again, canonical) = (try JSON(parsing: value.bytes), try JSON(parsing: value.canonicalBytes))
            #expect(again == value && canonical == value)
        },
        .text("TokenRules", (try? good(1)) ?? []) { text in
            do throws(InvalidToken) {
                let token = try rules.read(text, at: now)
                #expect(token.unverified.issuer == Forge.issuer && !token.keyID.isEmpty && !token.signature.isEmpty)
            } catch {
                return
            }
        },
        // Claims as anybody can write them: the rules read them before a signature can be verified.
        Fuzzed("TokenRules, claims", (try? [JSON.object(Forge(now: now).claims).text]) ?? []) { bytes in
            let header = Base64URL.encode(Array(#"{"kid":"key-1","alg":"RS256"}"#.utf8))
            do throws(InvalidToken) {
                let token = try rules.read("\(header).\(Base64URL.encode(bytes)).AAAA", at: now)
                #expect(token.unverified.issuer == Forge.issuer && !token.unverified.subject.isEmpty)
                #expect(token.unverified.expires > now - TokenRules.leeway)
            } catch {
                return
            }
        },
        Fuzzed("KeySet", (try? [String(decoding: Forge.keySet(["a": Forge.keys.get()[0]]), as: UTF8.self)]) ?? []) {
            bytes in
            do {
                let keys = try KeySet(parsing: bytes)
                #expect(!keys.keys.isEmpty)
            } catch is KeySet.Unusable {
                return
            }
        },
    ]

    private static let now = Instant(milliseconds: 1_795_719_280_000)
    private static let rules = TokenRules(issuers: Forge.issuers)

    private static func good(_ count: Int) throws -> [String] {
        let forge = try Forge(now: now)
        return try (0..<count).map { try forge.token(claims: forge.claims(["jti": .integer(Int64($0))])) }
    }

    /// Names that AWS and we give things.
    private static let names: [Fuzzed] = [
        .text(
            "Principal",
            [
                "arn:aws:iam::111122223333:role/teams/MusterSpoke", "arn:aws:sts::111122223333:assumed-role/Spoke/one",
                "arn:aws-us-gov:iam::111122223333:user/ada", "arn:aws:iam::111122223333:root",
            ],
            as: { AWS.Principal(arn: $0) },
            writing: \.description
        ),
        .text(
            "Instant",
            ["2026-11-26T18:54:40.125Z", "2022-12-07T19:15:38.846723+00:00", "2026-11-26 18:54:40.125+00"],
            as: { Instant($0) },
            writing: \.description
        ),
        .text("Identifier", ["01a219e1-d23a-7244-9689-a3e72d916292"], as: { Execution.ID($0) }, writing: \.description),
        .text("AccountNumber", ["111122223333"], as: { AccountNumber(rawValue: $0) }, writing: \.rawValue),
        .text("Region", ["eu-west-1", "us-gov-west-1"], as: { Region(rawValue: $0) }, writing: \.rawValue),
        .text("SourceServerID", ["s-00000000000000001"], as: { SourceServerID(rawValue: $0) }, writing: \.rawValue),
        .text("Endpoint", ["https://sts.eu-west-1.amazonaws.com", "http://127.0.0.1:9090/x"]) { text in
            guard let endpoint = Endpoint(address: text, signingRegion: "eu-west-1") else { return }
            #expect(!endpoint.authority.isEmpty && ["http", "https"].contains(endpoint.scheme))
        },
        .text(
            "Cursor",
            [
                Cursor(order: "plans", keys: ["Shop", "01a2"]).token,
                Cursor(order: "plans", keys: ["", "é\u{1F600}"]).token,
            ],
            as: { Cursor($0, order: "plans", keys: 2) },
            writing: \.token
        ),
    ]

    /// Fields of HTTP.
    private static let headers: [Fuzzed] = [
        .text("Date", ["Thu, 26 Nov 2026 22:01:32 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"]) { text in
            guard let instant = Instant(httpDate: text) else { return }
            #expect(Instant(instant.description) == instant)
        },
        .text("x-amz-date", ["20261126T220132Z"]) { text in
            guard let instant = SignatureV4.instant(ofAmzDate: text) else { return }
            #expect(SignatureV4.instant(ofAmzDate: SignatureV4.amzDate(instant)) == instant)
        },
        .text(
            "Authorization of SigV4",
            [
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6"
            ]
        ) { text in
            guard let parts = SignatureV4.Authorization(text) else { return }
            #expect(parts.signedHeaders.allSatisfy { !$0.isEmpty })
            #expect(!parts.accessKeyID.isEmpty && !parts.scope.region.isEmpty)
        },
        .text("If-Match", [#""1""#, "*", #"W/"2", "3" , "17""#]) { text in
            do {
                if case .revisions(let revisions) = try Precondition([text]) { #expect(revisions.count <= 100) }
            } catch is Problem {
                return
            }
        },
        .text("X-Forwarded-For", ["203.0.113.7, 10.0.0.1", "2001:db8::1, ::1", "10.1.2.3"]) { text in
            let proxies = TrustedProxies(["10.0.0.0/8", "::1/128", "2001:db8::/32"])
            let address = proxies?.address(peer: "10.0.0.9", forwarded: [text]) ?? ""
            #expect(address == "10.0.0.9" || text.contains(address), "an address that nobody sent")
        },
        .text("MUSTER_TRUSTED_PROXIES", ["10.0.0.0/8", "::1/128", "192.168.1.1"]) { text in
            _ = TrustedProxies([text])?.address(peer: "10.0.0.9", forwarded: ["1.2.3.4"])
        },
        .text("MUSTER_RATE_LIMITS", ["failures=1000/50,requests=2000/500", "off"]) { text in
            guard let rates = RateLimits.Rates(text) else { return }
            for rate in [rates.failures, rates.requests].compactMap(\.self) {
                #expect(rate.burst >= 1 && rate.perSecond > 0 && rate.burst.isFinite)
            }
        },
        .text("path", ["/api/v1/recovery-plans/a%20b", "%C3%A9+x"]) { text in
            guard let decoded = PercentCoding.decode(text) else { return }
            #expect(!decoded.utf8.contains(0))
            #expect(PercentCoding.decode(PercentEncoding.encode(decoded)) == decoded)
        },
        .text("query", ["Action=GetCallerIdentity&Version=2011-06-15", "a=b&a=%2F&c"]) { text in
            guard let pairs = PercentEncoding.query(text) else { return }
            let again = PercentEncoding.query(SignableRequest(query: pairs).queryText) ?? []
            #expect(again.map(\.name) == pairs.map(\.name) && again.map(\.value) == pairs.map(\.value))
        },
    ]
}
