package import Ambient
internal import OpenSSL

/// AWS Signature Version 4 (AWS IAM User Guide, "Create a signed AWS API request"), for every service but S3.
///
/// Nothing here talks to anyone or reads a clock: a client signs with it, a server verifies with it, a test compares.
package enum SignatureV4 {
    /// The one algorithm spoken here.
    package static let algorithm = "AWS4-HMAC-SHA256"

    /// Headers that proxies add or change on the way, which are therefore sent but never signed.
    package static let unsignedHeaders: Set<String> = [
        "authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id",
    ]

    /// The headers that make the request a signed one, to be added to it.
    ///
    /// They are `x-amz-date`, `x-amz-security-token` where the credentials have a token, `x-amz-content-sha256` where
    /// asked for, and `authorization`. Every header of the request is signed but `unsignedHeaders`; it must have `host`,
    /// and must have none of those made here.
    package static func sign(
        _ request: SignableRequest,
        credentials: Credentials,
        region: String,
        service: String,
        at instant: Instant,
        hashesBody: Bool = false
    ) -> [(name: String, value: String)] {
        let date = amzDate(instant)
        var added: [(name: String, value: String)] = [("x-amz-date", date)]
        if let token = credentials.sessionToken { added.append(("x-amz-security-token", token)) }
        if hashesBody { added.append(("x-amz-content-sha256", Hex.encode(SHA256.digest(request.body)))) }
        var complete = request
        complete.headers += added
        let scope = Scope(date: String(date.prefix(8)), region: region, service: service)
        let names = signedHeaders(of: complete)
        let text = stringToSign(canonicalRequest(complete, signing: names), at: date, scope: scope)
        let authorization = Authorization(
            accessKeyID: credentials.accessKeyID,
            scope: scope,
            signedHeaders: names,
            signature: signature(of: text, secretAccessKey: credentials.secretAccessKey, scope: scope)
        )
        return added + [("authorization", authorization.description)]
    }

    /// The second half of a credential: the day, Region and service that a signing key is good for.
    package struct Scope: Sendable, Hashable, CustomStringConvertible {
        /// The day in UTC as `YYYYMMDD`.
        package let date: String
        package let region: String

        /// The signing name, such as `drs`.
        package let service: String

        package init(date: String, region: String, service: String) {
            self.date = date
            self.region = region
            self.service = service
        }

        package var description: String {
            "\(date)/\(region)/\(service)/aws4_request"
        }
    }

    /// The text that is signed: algorithm, time, scope and the hash of the canonical request.
    package static func stringToSign(_ canonicalRequest: String, at amzDate: String, scope: Scope) -> String {
        "\(algorithm)\n\(amzDate)\n\(scope)\n\(Hex.encode(SHA256.digest(Array(canonicalRequest.utf8))))"
    }

    /// The signature as 64 hexadecimal digits.
    package static func signature(of stringToSign: String, secretAccessKey: String, scope: Scope) -> String {
        var key = Array("AWS4\(secretAccessKey)".utf8)
        for part in [scope.date, scope.region, scope.service, "aws4_request"] {
            key = HMACSHA256.authenticate(Array(part.utf8), key: key)
        }
        return Hex.encode(HMACSHA256.authenticate(Array(stringToSign.utf8), key: key))
    }

    /// The time as `x-amz-date` writes it (`20150830T123600Z`); what is finer than a second is dropped.
    package static func amzDate(_ instant: Instant) -> String {
        let text = instant.description
        return text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// The moment that an `x-amz-date` names, or nil where it is not exactly of that form.
    package static func instant(ofAmzDate text: String) -> Instant? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let date = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
        return Instant("\(date)T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }
}
