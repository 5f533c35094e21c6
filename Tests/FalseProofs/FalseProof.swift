package import AWS
package import Ambient

/// A proof of identity that must not be believed.
package struct FalseProof: Sendable, CustomStringConvertible {
    /// What is wrong with it.
    package let name: String
    /// Whether it looks well enough that STS is asked about it; the others are refused unasked.
    package let isAsked: Bool
    /// Makes it, from everything that an honest spoke has.
    package let make: @Sendable (Honest) -> GetCallerIdentityProof

    package var description: String { name }

    /// Who could prove something, to whom, and when.
    package struct Honest: Sendable {
        package let challenge: GetCallerIdentityProof.Challenge
        package let credentials: Credentials
        package let now: Instant

        package init(challenge: GetCallerIdentityProof.Challenge, credentials: Credentials, now: Instant) {
            self.challenge = challenge
            self.credentials = credentials
            self.now = now
        }

        /// The proof that must be believed.
        package var proof: GetCallerIdentityProof {
            .answering(challenge, with: credentials, at: now)
        }
    }

    /// Every kind.
    package static let all = otherRequests + otherNames + otherSigners + signatures + headerLists + dates + texts

    /// A good signature over another request than the one that the hub rebuilds.
    static func request(
        _ name: String,
        service: String = "sts",
        region: String? = nil,
        _ change: @escaping @Sendable (inout SignableRequest) -> Void
    ) -> FalseProof {
        FalseProof(name: "request: " + name, isAsked: true) { honest in
            var request = SignableRequest(
                headers: [
                    ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                    ("host", honest.challenge.stsHost), ("x-muster-hub", honest.challenge.hub),
                    ("x-muster-nonce", honest.challenge.nonce),
                ],
                body: Array(GetCallerIdentityProof.body.utf8)
            )
            change(&request)
            let added = SignatureV4.sign(
                request,
                credentials: honest.credentials,
                region: region ?? honest.challenge.region,
                service: service,
                at: honest.now
            )
            let signature = added.last.flatMap { SignatureV4.Authorization($0.value)?.signature }
            return honest.proof.with(signature: signature ?? "")
        }
    }

    /// A good signature as an answer to another challenge.
    static func challenge(
        _ name: String,
        _ change: @escaping @Sendable (GetCallerIdentityProof.Challenge) -> GetCallerIdentityProof.Challenge
    ) -> FalseProof {
        FalseProof(name: "challenge: " + name, isAsked: true) { honest in
            .answering(change(honest.challenge), with: honest.credentials, at: honest.now)
        }
    }

    /// A good proof, then changed.
    static func changed(
        _ name: String,
        isAsked: Bool = false,
        _ change: @escaping @Sendable (GetCallerIdentityProof) -> GetCallerIdentityProof
    ) -> FalseProof {
        FalseProof(name: "part: " + name, isAsked: isAsked) { change($0.proof) }
    }
}

extension GetCallerIdentityProof {
    /// The proof with parts replaced.
    package func with(
        accessKeyId: String? = nil,
        amzDate: String? = nil,
        region: String? = nil,
        signedHeaders: String? = nil,
        signature: String? = nil,
        sessionToken: String? = nil
    ) -> GetCallerIdentityProof {
        GetCallerIdentityProof(
            accessKeyId: accessKeyId ?? self.accessKeyId,
            amzDate: amzDate ?? self.amzDate,
            region: region ?? self.region,
            signedHeaders: signedHeaders ?? self.signedHeaders,
            signature: signature ?? self.signature,
            sessionToken: sessionToken ?? self.sessionToken
        )
    }
}
