import AWS
import Ambient
import Testing

@Suite struct `A signature` {
    private let credentials = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )

    private func signed(
        _ request: SignableRequest,
        token: String? = nil,
        at text: String = "2015-08-30T12:36:00Z"
    ) throws
        -> SignableRequest
    {
        let credentials = Credentials(
            accessKeyID: credentials.accessKeyID,
            secretAccessKey: credentials.secretAccessKey,
            sessionToken: token
        )
        var request = request
        request.headers += SignatureV4.sign(
            request,
            credentials: credentials,
            region: "us-east-1",
            service: "service",
            at: try #require(Instant(text)),
            hashesBody: !request.body.isEmpty
        )
        return request
    }

    @Test(arguments: Vector.all) func `is the one that AWS publishes`(vector: Vector) throws {
        let request = try signed(vector.request, token: vector.token)
        #expect(try SignatureV4.authorization(of: request).signature == vector.signature)
    }

    @Test(arguments: Vector.all) func `is verified by the server's half`(vector: Vector) throws {
        let request = try signed(vector.request, token: vector.token)
        let now = try #require(Instant("2015-08-30T12:40:00Z"))
        try SignatureV4.verify(request, secretAccessKey: credentials.secretAccessKey, at: now)
    }

    @Test func `has the canonical request and the text that AWS shows`() throws {
        var request = SignableRequest(method: "GET", headers: [("Host", "example.amazonaws.com")])
        request.headers.append(("X-Amz-Date", "20150830T123600Z"))
        let canonical = SignatureV4.canonicalRequest(request, signing: ["x-amz-date", "host"])
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let headers = "host:example.amazonaws.com\nx-amz-date:20150830T123600Z\n"
        #expect(canonical == "GET\n/\n\n\(headers)\nhost;x-amz-date\n\(empty)")
        let scope = SignatureV4.Scope(date: "20150830", region: "us-east-1", service: "service")
        let text = SignatureV4.stringToSign(canonical, at: "20150830T123600Z", scope: scope)
        #expect(text.hasPrefix("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"))
    }

    @Test func `encodes an encoded path once more`() {
        #expect(SignatureV4.canonicalPath("/tags/arn%3Aaws%2Fx") == "/tags/arn%253Aaws%252Fx")
        #expect(SignatureV4.canonicalPath("/a/./b/../c/") == "/a/c/")
        #expect(SignatureV4.canonicalPath("") == "/")
    }

    @Test func `fails for any change, whatever part it is in`() throws {
        let now = try #require(Instant("2015-08-30T12:36:00Z"))
        let request = try signed(SignableRequest(headers: [("host", "a.example")], body: [1]), token: "token")
        var changed = Array(repeating: request, count: 5)
        changed[0].method = "PUT"
        changed[1].path = "/other"
        changed[2].query = [("a", "b")]
        changed[3].body = [2]
        changed[4].headers[0] = ("host", "b.example")
        for request in changed {
            #expect(throws: SignatureV4.Mismatch.signature) {
                try SignatureV4.verify(request, secretAccessKey: credentials.secretAccessKey, at: now)
            }
        }
        var extended = request
        extended.headers.append(("X-Amz-Target", "Other"))
        #expect(throws: SignatureV4.Mismatch.unsigned("x-amz-target")) {
            try SignatureV4.verify(extended, secretAccessKey: credentials.secretAccessKey, at: now)
        }
        #expect(throws: SignatureV4.Mismatch.time) {
            try SignatureV4.verify(request, secretAccessKey: credentials.secretAccessKey, at: now + .seconds(901))
        }
    }

    @Test(arguments: [
        "", "AWS4-HMAC-SHA256", "Basic x", "AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, Signature=1",
        "AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=host, Signature=1, Signature=2",
        "AWS4-HMAC-SHA256 Credential=A/20150830/r/aws4_request, SignedHeaders=host, Signature=1",
    ]) func `of a malformed header is none`(header: String) {
        #expect(SignatureV4.Authorization(header) == nil)
    }

    @Test func `names the second it was made in`() throws {
        let instant = try #require(Instant("2026-11-26T18:54:40.999Z"))
        #expect(SignatureV4.amzDate(instant) == "20261126T185440Z")
        #expect(SignatureV4.instant(ofAmzDate: "20261126T185440Z") == Instant("2026-11-26T18:54:40Z"))
        #expect(SignatureV4.instant(ofAmzDate: "2026-11-26T18:54") == nil)
    }

    @Test func `leaves no secret in a text or a dump`() {
        let secret = Credentials(accessKeyID: "AKID", secretAccessKey: "s3cret", sessionToken: "t0ken")
        var dumped = ""
        dump(secret, to: &dumped)
        let shown = "\(secret) \(String(reflecting: secret)) \(dumped) \([secret])"
        #expect(!shown.contains("s3cret") && !shown.contains("t0ken"))
    }
}
