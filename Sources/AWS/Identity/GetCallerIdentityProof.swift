package import Ambient

/// The parts of a signed `sts:GetCallerIdentity` request, by which a spoke proves who it is without giving a secret away.
///
/// The spoke signs the request and sends only these parts; the hub rebuilds the request from what it knows itself and
/// asks STS. Forwarding what a client built is how others were broken (CVE-2020-16250), so nothing here names a method,
/// a path, a body, a host or a URL. The nonce and the hub's address are signed, so that a proof is good once and for one
/// hub. The challenge that it answers is not part of it: each side takes it from its own memory.
package struct GetCallerIdentityProof: Sendable, Hashable, Codable {
    package let accessKeyId: String

    /// The time of signing as `x-amz-date` has it.
    package let amzDate: String
    package let region: String

    /// The signed headers' names, joined by semicolons; there are two lists that are accepted.
    package let signedHeaders: String

    /// 64 hexadecimal digits, lower case.
    package let signature: String

    /// The token of temporary credentials; nil for a user's long-lived key.
    package let sessionToken: String?

    /// The parts as a caller sent them, not yet judged.
    package init(
        accessKeyId: String,
        amzDate: String,
        region: String,
        signedHeaders: String,
        signature: String,
        sessionToken: String?
    ) {
        self.accessKeyId = accessKeyId
        self.amzDate = amzDate
        self.region = region
        self.signedHeaders = signedHeaders
        self.signature = signature
        self.sessionToken = sessionToken
    }

    /// What a proof answers: made by the hub, known to both sides.
    package struct Challenge: Sendable, Hashable {
        /// The STS host of the hub's allow-list, with its port where it is not the scheme's own.
        package let stsHost: String
        package let region: String

        /// The hub's origin, lower case, as the spoke reached it (`https://muster.example.com`).
        package let hub: String

        /// The single-use text that the hub gave.
        package let nonce: String

        package init(stsHost: String, region: String, hub: String, nonce: String) {
            self.stsHost = stsHost
            self.region = region
            self.hub = hub
            self.nonce = nonce
        }
    }

    /// Signs the answer to a challenge: the spoke's half.
    package static func answering(
        _ challenge: Challenge,
        with credentials: Credentials,
        at instant: Instant
    ) -> GetCallerIdentityProof {
        let request = Self.request(answering: challenge)
        let added = SignatureV4.sign(
            request,
            credentials: credentials,
            region: challenge.region,
            service: "sts",
            at: instant
        )
        let authorization = added.last.flatMap { SignatureV4.Authorization($0.value) }
        return GetCallerIdentityProof(
            accessKeyId: credentials.accessKeyID,
            amzDate: SignatureV4.amzDate(instant),
            region: challenge.region,
            signedHeaders: headerNames(hasToken: credentials.sessionToken != nil),
            signature: authorization?.signature ?? "",
            sessionToken: credentials.sessionToken
        )
    }

    /// The body of the one request that is ever signed here (STS API version 2011-06-15).
    package static let body = "Action=GetCallerIdentity&Version=2011-06-15"

    /// The request before its signature.
    static func request(answering challenge: Challenge) -> SignableRequest {
        SignableRequest(
            headers: [
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", challenge.stsHost),
                ("x-muster-hub", challenge.hub), ("x-muster-nonce", challenge.nonce),
            ],
            body: Array(body.utf8)
        )
    }

    /// The only two lists of signed headers there are.
    static func headerNames(hasToken: Bool) -> String {
        "content-type;host;x-amz-date;\(hasToken ? "x-amz-security-token;" : "")x-muster-hub;x-muster-nonce"
    }
}
