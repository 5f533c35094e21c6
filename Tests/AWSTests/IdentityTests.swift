import AWS
import Ambient
import Testing

@Suite struct `A principal` {
    private let role = "arn:aws:iam::111122223333:role/muster/MusterSpoke"

    @Test func `in a session matches its role without the path`() throws {
        let caller = try #require(Principal(arn: "arn:aws:sts::111122223333:assumed-role/MusterSpoke/i-0abc"))
        #expect(caller.matches(try #require(Principal(arn: role))))
    }

    @Test(arguments: [
        "arn:aws:sts::999922223333:assumed-role/MusterSpoke/x",
        "arn:aws-us-gov:sts::111122223333:assumed-role/MusterSpoke/x",
        "arn:aws:sts::111122223333:assumed-role/musterspoke/x", "arn:aws:sts::111122223333:assumed-role/MusterSpoke2/x",
        "arn:aws:sts::111122223333:federated-user/MusterSpoke", "arn:aws:iam::111122223333:user/muster/MusterSpoke",
        "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/other/MusterSpoke",
    ]) func `matches nothing else`(arn: String) throws {
        #expect(!(try #require(Principal(arn: arn))).matches(try #require(Principal(arn: role))))
    }

    @Test(arguments: [
        "", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::11112222333:role/X", "arn:aws:iam::111122223333:role/",
        "arn:aws:iam:us-east-1:111122223333:role/X", "arn:aws:sts::111122223333:assumed-role/X",
        "arn:aws:sts::111122223333:assumed-role/X/y/z", "arn:aws:s3::111122223333:role/X",
        "arn:aws:iam::111122223333:role//X", "xrn:aws:iam::111122223333:role/X",
        "arn:aws:iam::11112222333x:role/X", "arn::iam::111122223333:role/X",
        "arn:aws:iam::111122223333:role/" + String(repeating: "x", count: 1024),
        "arn:aws:iam::111122223333:role/X\n", "arn:aws:iam::111122223333:role/X:y", "arn:aws:iam::１11122223333:role/X",
    ]) func `is not read from`(arn: String) {
        #expect(Principal(arn: arn) == nil)
    }
}

@Suite struct `An answer of GetCallerIdentity` {
    private static func answer(_ result: String, root: String = "GetCallerIdentityResponse") -> String {
        """
        <?xml version="1.0"?>
        <\(root) xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\(result)<ResponseMetadata><RequestId>1</RequestId>\
        </ResponseMetadata></\(root)>
        """
    }

    private static let arn = "<Arn>arn:aws:sts::111122223333:assumed-role/Spoke/s</Arn>"
    private static let user = "<UserId>AROA:s</UserId>"
    private static let account = "<Account>111122223333</Account>"

    private static func result(_ members: String) -> String {
        "<GetCallerIdentityResult>\(members)</GetCallerIdentityResult>"
    }

    @Test func `says who it was`() throws {
        let text = Self.answer(Self.result(Self.arn + Self.user + Self.account))
        let identity = try CallerIdentity(parsing: Array(text.utf8))
        #expect(identity.account == "111122223333" && identity.userID == "AROA:s")
        #expect(identity.principal?.kind == .assumedRole(name: "Spoke", session: "s"))
    }

    static let lies: [String] = [
        answer(result(arn + arn + user + account)), answer(result(arn + user)), answer(result(user + account)),
        answer(result(arn + user + account) + result(arn + user + account)), answer(""), "",
        answer(result(arn + user + "<Account>999922223333</Account>")),
        answer(result(arn + user + account), root: "GetCallerIdentityResponseX"),
        answer(result("<!-- x -->" + arn + user + account)),
        answer(result("<?x y?>" + arn + user + account)),
        answer(result(arn + user + user + account)), answer(result(arn + user + account + account)),
        answer(result("<Arn>arn:aws:s3::111122223333:bucket/x</Arn>" + user + account)),
        answer(result(arn + "<UserId></UserId>" + account)),
        answer(result(arn + user + account) + "<GetCallerIdentityResponse></GetCallerIdentityResponse>"),
        answer(result("<Arn><![CDATA[arn:aws:iam::111122223333:root]]></Arn>" + user + account)),
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + answer(result(arn + user + account)),
        String(answer(result(arn + user + account)).dropLast(12)),
        answer(result(arn + user + account)) + "<more/>",
        answer(result(arn + user + account + String(repeating: " ", count: 8192))),
        "{\"Arn\":\"arn:aws:iam::111122223333:root\"}",
    ]

    @Test func `is not believed when it is not UTF-8`() {
        let text = Self.answer(Self.result(Self.arn + "<UserId>AROA:_</UserId>" + Self.account))
        let bytes = text.utf8.map { $0 == UInt8(ascii: "_") ? 0xFF : $0 }
        #expect(throws: CallerIdentity.Unreadable.self) { try CallerIdentity(parsing: bytes) }
    }

    @Test(arguments: lies) func `is not believed when it is odd`(text: String) {
        #expect(throws: CallerIdentity.Unreadable.self) { try CallerIdentity(parsing: Array(text.utf8)) }
    }
}

@Suite struct `A proof of identity` {
    private let challenge = GetCallerIdentityProof.Challenge(
        stsHost: "sts.eu-west-1.amazonaws.com",
        region: "eu-west-1",
        hub: "https://muster.example.com",
        nonce: "bm9uY2U"
    )
    private let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    private let now = Instant(milliseconds: 1_795_719_280_000)

    private func proof(token: String? = "token") -> GetCallerIdentityProof {
        let credentials = Credentials(accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: secret, sessionToken: token)
        return .answering(challenge, with: credentials, at: now)
    }

    @Test(arguments: ["token", nil]) func `is rebuilt into the request that was signed`(token: String?) throws {
        let request = try proof(token: token).request(answering: challenge, at: now)
        try SignatureV4.verify(request, secretAccessKey: secret, at: now)
        #expect(request.body == Array("Action=GetCallerIdentity&Version=2011-06-15".utf8))
        #expect(request.method == "POST" && request.path == "/" && request.query.isEmpty)
        let signed = try SignatureV4.authorization(of: request).signedHeaders.joined(separator: ";")
        let middle = token == nil ? "" : "x-amz-security-token;"
        #expect(signed == "content-type;host;x-amz-date;\(middle)x-muster-hub;x-muster-nonce")
    }

    @Test func `is worthless for another hub, nonce or host`() throws {
        let others = [
            GetCallerIdentityProof.Challenge(
                stsHost: challenge.stsHost,
                region: "eu-west-1",
                hub: "https://evil",
                nonce: "bm9uY2U"
            ),
            GetCallerIdentityProof.Challenge(
                stsHost: challenge.stsHost,
                region: "eu-west-1",
                hub: challenge.hub,
                nonce: "other"
            ),
            GetCallerIdentityProof.Challenge(
                stsHost: "sts.evil",
                region: "eu-west-1",
                hub: challenge.hub,
                nonce: "bm9uY2U"
            ),
        ]
        for other in others {
            let request = try proof().request(answering: other, at: now)
            #expect(throws: SignatureV4.Mismatch.signature) {
                try SignatureV4.verify(request, secretAccessKey: secret, at: now)
            }
        }
    }

    @Test func `is refused when a part is anything but itself`() throws {
        let good = proof()
        func changed(
            key: String? = nil,
            date: String? = nil,
            region: String? = nil,
            headers: String? = nil,
            signature: String? = nil,
            token: String? = "token"
        ) -> GetCallerIdentityProof {
            GetCallerIdentityProof(
                accessKeyId: key ?? good.accessKeyId,
                amzDate: date ?? good.amzDate,
                region: region ?? good.region,
                signedHeaders: headers ?? good.signedHeaders,
                signature: signature ?? good.signature,
                sessionToken: token
            )
        }
        let bad: [(GetCallerIdentityProof, String)] = [
            (changed(key: "ASIA/x"), "accessKeyId"), (changed(key: ""), "accessKeyId"),
            (changed(date: "20261126T185440Z\r\nX: y"), "amzDate"), (changed(date: "20200101T000000Z"), "amzDate"),
            (changed(region: "us-east-1"), "region"), (changed(headers: "host;x-amz-date"), "signedHeaders"),
            (changed(headers: good.signedHeaders + ";x-other"), "signedHeaders"),
            (changed(token: nil), "signedHeaders"),
            (changed(signature: good.signature.uppercased() + "A"), "signature"),
            (changed(signature: "zz"), "signature"),
            (changed(token: "a b"), "sessionToken"), (changed(token: "a\r\nb"), "sessionToken"),
            (changed(token: ""), "sessionToken"),
            (changed(token: String(repeating: "a", count: 8193)), "sessionToken"),
        ]
        for (proof, part) in bad {
            #expect(throws: GetCallerIdentityProof.Malformed(part: part)) {
                try proof.request(answering: challenge, at: now)
            }
        }
        #expect(throws: GetCallerIdentityProof.Malformed(part: "amzDate")) {
            try good.request(answering: challenge, at: now + .seconds(901))
        }
    }
}
