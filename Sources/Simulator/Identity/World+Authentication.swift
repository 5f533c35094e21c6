internal import AWS
internal import Ambient

extension World {
    /// Who signed a request, and for which Region.
    struct Proof {
        let caller: Caller
        let region: String
    }

    /// Verifies a request's signature with the secret of the key that it names.
    ///
    /// Headers that the caller signed beyond those AWS needs are welcome: a spoke proves its identity with some.
    func proof(of request: Request, for service: Service, at now: Instant) throws(Refusal) -> Proof {
        let dialect = service.dialect
        guard let query = PercentEncoding.query(request.query) else {
            throw Denial.wrongSignature("the query is not properly encoded").refusal(in: dialect)
        }
        let signable = SignableRequest(
            method: request.method,
            path: request.path,
            query: query,
            headers: request.headers,
            body: request.body
        )
        guard let authorization = try? SignatureV4.authorization(of: signable) else {
            throw Denial.unsigned.refusal(in: dialect)
        }
        guard let key = keyring.key(authorization.accessKeyID), key.token == request.header("x-amz-security-token")
        else {
            throw Denial.unknownKey.refusal(in: dialect)
        }
        guard let date = request.header("x-amz-date"), let signed = SignatureV4.instant(ofAmzDate: date) else {
            throw Denial.wrongSignature("x-amz-date is missing").refusal(in: dialect)
        }
        let skew = signed < now ? now - signed : signed - now
        guard skew <= settings.signatureWindow * max(1, clock.scale) else {
            throw Denial.outOfTime.refusal(in: dialect)
        }
        do {
            // The time was judged above, by this world's window.
            try SignatureV4.verify(signable, secretAccessKey: key.secret, at: signed)
        } catch {
            throw Denial.wrongSignature(Self.reason(error)).refusal(in: dialect)
        }
        if let expires = key.expires, expires <= now { throw Denial.expiredToken.refusal(in: dialect) }
        return Proof(caller: key.caller, region: authorization.scope.region)
    }

    private static func reason(_ mismatch: SignatureV4.Mismatch) -> String {
        switch mismatch {
        case .missing(let name): "the header \(name) is missing"
        case .unsigned(let name): "the header \(name) is not signed"
        case .scope: "the scope's day is not that of x-amz-date"
        case .time: "the time is out of range"
        case .signature: "the signature differs"
        }
    }
}
