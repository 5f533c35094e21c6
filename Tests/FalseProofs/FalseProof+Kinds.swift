import AWS
import Ambient

extension FalseProof {
    /// What was signed is no POST of GetCallerIdentity to `/` at the challenge's host.
    static let otherRequests: [FalseProof] = [
        .request("another method, GET") { $0.method = "GET" },
        .request("another method, PUT") { $0.method = "PUT" },
        .request("another path") { $0.path = "/x" },
        .request("a query") { $0.query = [("Action", "GetCallerIdentity")] },
        .request("another action in the query") { $0.query = [("Action", "AssumeRole")] },
        .request("another action") { $0.body = Array("Action=GetSessionToken&Version=2011-06-15".utf8) },
        .request("another version") { $0.body = Array("Action=GetCallerIdentity&Version=2010-05-08".utf8) },
        .request("an extra parameter") { $0.body += Array("&DurationSeconds=900".utf8) },
        .request("a repeated parameter") { $0.body += Array("&Action=GetCallerIdentity".utf8) },
        .request("a parameter of another case") { $0.body += Array("&action=AssumeRole".utf8) },
        .request("parameters in another order") {
            $0.body = Array("Version=2011-06-15&Action=GetCallerIdentity".utf8)
        },
        .request("no body") { $0.body = [] },
        .request("another content type") { $0.headers[0].value = "text/plain" },
        .request("a header more") { $0.headers.append(("x-amz-target", "AWSSecurityTokenService.AssumeRole")) },
        .request("a repeated header") { $0.headers.append(("x-muster-nonce", "AAAA")) },
        .request("no header with the hub") { $0.headers.removeAll { $0.name == "x-muster-hub" } },
        .request("no header with the nonce") { $0.headers.removeAll { $0.name == "x-muster-nonce" } },
        .request("another service", service: "iam") { _ in },
        .request("another Region", region: "ap-southeast-2") { _ in },
    ]

    /// What was signed was meant for somebody else, or for another time.
    static let otherNames: [FalseProof] = [
        .challenge("another hub") {
            .init(stsHost: $0.stsHost, region: $0.region, hub: "https://other.example.com", nonce: $0.nonce)
        },
        .challenge("the hub with a slash") {
            .init(stsHost: $0.stsHost, region: $0.region, hub: $0.hub + "/", nonce: $0.nonce)
        },
        .challenge("the hub in upper case") {
            .init(stsHost: $0.stsHost, region: $0.region, hub: $0.hub.uppercased(), nonce: $0.nonce)
        },
        .challenge("another STS") {
            .init(stsHost: "sts.example.com", region: $0.region, hub: $0.hub, nonce: $0.nonce)
        },
        .challenge("an STS whose name begins the same") {
            .init(stsHost: $0.stsHost + ".example.com", region: $0.region, hub: $0.hub, nonce: $0.nonce)
        },
        .challenge("another nonce") {
            .init(stsHost: $0.stsHost, region: $0.region, hub: $0.hub, nonce: String($0.nonce.reversed()))
        },
        .challenge("the nonce of another case") {
            .init(stsHost: $0.stsHost, region: $0.region, hub: $0.hub, nonce: $0.nonce.lowercased())
        },
        .challenge("no nonce") { .init(stsHost: $0.stsHost, region: $0.region, hub: $0.hub, nonce: "") },
    ]

    /// Signed by somebody who is not who they say.
    static let otherSigners: [FalseProof] = [
        FalseProof(name: "signer: another secret", isAsked: true) { honest in
            let guessed = Credentials(accessKeyID: honest.credentials.accessKeyID, secretAccessKey: "guessed")
            return .answering(honest.challenge, with: guessed, at: honest.now)
        },
        FalseProof(name: "signer: no secret", isAsked: true) { honest in
            let empty = Credentials(accessKeyID: honest.credentials.accessKeyID, secretAccessKey: "")
            return .answering(honest.challenge, with: empty, at: honest.now)
        },
        .changed("the key of nobody", isAsked: true) { $0.with(accessKeyId: "AKIANOBODY0000000000") },
        FalseProof(name: "signer: nobody at all", isAsked: true) { honest in
            let nobody = Credentials(accessKeyID: "AKIANOBODY0000000000", secretAccessKey: "secret")
            return .answering(honest.challenge, with: nobody, at: honest.now)
        },
    ]

    static let signatures: [FalseProof] = [
        .changed("a signature of zeros", isAsked: true) { $0.with(signature: String(repeating: "0", count: 64)) },
        .changed("a signature with its last digit changed", isAsked: true) {
            $0.with(signature: $0.signature.dropLast() + ($0.signature.hasSuffix("0") ? "1" : "0"))
        },
        .changed("a signature turned round", isAsked: true) { $0.with(signature: String($0.signature.reversed())) },
        .changed("a signature cut short") { $0.with(signature: String($0.signature.dropLast())) },
        .changed("a signature made longer") { $0.with(signature: $0.signature + "0") },
        .changed("a signature in upper case") { $0.with(signature: "A" + $0.signature.dropFirst().uppercased()) },
        .changed("a signature that begins another part") {
            $0.with(signature: "," + $0.signature.dropFirst())
        },
        .changed("no signature") { $0.with(signature: "") },
    ]

    static let headerLists: [FalseProof] = [
        ("the nonce unsigned", "content-type;host;x-amz-date;x-muster-hub"),
        ("the hub unsigned", "content-type;host;x-amz-date;x-muster-nonce"),
        ("the host unsigned", "content-type;x-amz-date;x-muster-hub;x-muster-nonce"),
        ("the date unsigned", "content-type;host;x-muster-hub;x-muster-nonce"),
        ("only the host signed", "host"), ("nothing signed", ""),
        ("a header more", "content-type;host;x-amz-date;x-muster-hub;x-muster-nonce;x-other"),
        ("a header twice", "content-type;host;host;x-amz-date;x-muster-hub;x-muster-nonce"),
        ("headers in upper case", "Content-Type;Host;X-Amz-Date;X-Muster-Hub;X-Muster-Nonce"),
        ("headers in another order", "host;content-type;x-amz-date;x-muster-hub;x-muster-nonce"),
        ("a semicolon at the end", "content-type;host;x-amz-date;x-muster-hub;x-muster-nonce;"),
        ("a token that is not there", "content-type;host;x-amz-date;x-amz-security-token;x-muster-hub;x-muster-nonce"),
    ].map { name, list in .changed("list: " + name) { $0.with(signedHeaders: list) } }

    static let dates: [FalseProof] = [
        FalseProof(name: "date: 16 minutes old", isAsked: false) { honest in
            .answering(honest.challenge, with: honest.credentials, at: honest.now - .seconds(960))
        },
        FalseProof(name: "date: in 16 minutes", isAsked: false) { honest in
            .answering(honest.challenge, with: honest.credentials, at: honest.now + .seconds(960))
        },
        FalseProof(name: "date: of yesterday", isAsked: false) { honest in
            .answering(honest.challenge, with: honest.credentials, at: honest.now - .seconds(86_400))
        },
        FalseProof(name: "date: a minute from the one signed", isAsked: true) { honest in
            honest.proof.with(amzDate: SignatureV4.amzDate(honest.now - .seconds(60)))
        },
        .changed("a date that is none") { $0.with(amzDate: "now") },
        .changed("no date") { $0.with(amzDate: "") },
        .changed("a day without a time") { $0.with(amzDate: String($0.amzDate.prefix(8))) },
        .changed("a date with a line after it") { $0.with(amzDate: $0.amzDate + "\r\nhost: example.com") },
        .changed("a 31st of February") { $0.with(amzDate: $0.amzDate.prefix(4) + "0231T000000Z") },
    ]

    /// Parts that would mean more than themselves.
    static let texts: [FalseProof] = [
        .changed("a key with a scope in it") { $0.with(accessKeyId: $0.accessKeyId + "/20261126") },
        .changed("a key with a line after it") { $0.with(accessKeyId: $0.accessKeyId + "\r\nhost: example.com") },
        .changed("a key with a comma") { $0.with(accessKeyId: $0.accessKeyId + ",SignedHeaders=host") },
        .changed("a key in lower case") { $0.with(accessKeyId: $0.accessKeyId.lowercased()) },
        .changed("a key too short") { $0.with(accessKeyId: "AKIA") },
        .changed("a key too long") { $0.with(accessKeyId: String(repeating: "A", count: 129)) },
        .changed("a Region with a scope in it") { $0.with(region: $0.region + "/iam") },
        .changed("another Region") { $0.with(region: "eu-north-1") },
        .changed("a token nobody signed") { $0.with(sessionToken: "invented") },
        .changed("a token with a blank") { $0.withToken("a b") },
        .changed("a token with a line after it") { $0.withToken("a\r\nhost: example.com") },
        .changed("a token too long") { $0.withToken(String(repeating: "a", count: 8193)) },
        .changed("an empty token") { $0.withToken("") },
        .changed("a token that is invented, and listed", isAsked: true) { $0.withToken("invented") },
    ]
}

extension GetCallerIdentityProof {
    /// With a session token and the list of headers that goes with one.
    fileprivate func withToken(_ token: String) -> GetCallerIdentityProof {
        with(
            signedHeaders: "content-type;host;x-amz-date;x-amz-security-token;x-muster-hub;x-muster-nonce",
            sessionToken: token
        )
    }
}
