package import Ambient

extension GetCallerIdentityProof {
    /// Why a proof is not even asked about.
    package struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
        /// The part that is wrong, by its name in the agent protocol.
        package let part: String

        package init(part: String) {
            self.part = part
        }

        package var description: String {
            "the proof's \(part) is not acceptable"
        }
    }

    /// The most bytes of a session token; STS sets no limit and tokens seen have up to 2 KiB.
    package static let longestSessionToken = 8192

    /// Rebuilds the request that the spoke must have signed: the hub's half.
    ///
    /// Method, path, body and host come from here and from the challenge. A part of the proof that could carry anything
    /// but its own meaning (a line break, a second header) is refused.
    ///
    /// - Parameters:
    ///   - challenge: What the hub asked, from its own memory.
    ///   - instant: The hub's time; a proof older or newer than 15 minutes is refused as STS would.
    /// - Returns: The signed request, ready to be sent to the challenge's host.
    /// - Throws: `Malformed`, which names the part.
    package func request(answering challenge: Challenge, at instant: Instant) throws(Malformed) -> SignableRequest {
        try check(.init(part: "accessKeyId"), accessKeyId, length: 16...128) { $0.isUppercase || $0.isDigit }
        guard let signed = SignatureV4.instant(ofAmzDate: amzDate), signed - instant <= SignatureV4.allowedSkew,
            instant - signed <= SignatureV4.allowedSkew
        else { throw Malformed(part: "amzDate") }
        guard region == challenge.region else { throw Malformed(part: "region") }
        guard signedHeaders == Self.headerNames(hasToken: sessionToken != nil) else {
            throw Malformed(part: "signedHeaders")
        }
        try check(.init(part: "signature"), signature, length: 64...64) { $0.isDigit || (0x61...0x66).contains($0) }
        if let sessionToken {
            let length = 1...Self.longestSessionToken
            try check(.init(part: "sessionToken"), sessionToken, length: length) { (0x21...0x7E).contains($0) }
        }
        var request = Self.request(answering: challenge)
        request.headers.append(("x-amz-date", amzDate))
        if let sessionToken { request.headers.append(("x-amz-security-token", sessionToken)) }
        let authorization = SignatureV4.Authorization(
            accessKeyID: accessKeyId,
            scope: SignatureV4.Scope(date: String(amzDate.prefix(8)), region: region, service: "sts"),
            signedHeaders: signedHeaders.split(separator: ";").map(String.init),
            signature: signature
        )
        request.headers.append(("authorization", authorization.description))
        return request
    }

    private func check(
        _ problem: Malformed,
        _ text: String,
        length: ClosedRange<Int>,
        allowing isAllowed: (UInt8) -> Bool
    ) throws(Malformed) {
        guard length.contains(text.utf8.count), text.utf8.allSatisfy(isAllowed) else { throw problem }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool {
        (0x30...0x39).contains(self)
    }

    fileprivate var isUppercase: Bool {
        (0x41...0x5A).contains(self)
    }
}
