/// The credentials of a role in another account, by STS AssumeRole.
///
/// To be held by `RefreshingCredentials`, because every call here is one of STS.
package struct AssumedRole: CredentialSource {
    /// How long the credentials are asked for: the most that one role assuming another may have (IAM user guide, "role chaining").
    package static let duration: Duration = .seconds(3600)

    private let sts: STSClient
    private let roleARN: String
    private let sessionName: String
    private let externalID: String?

    /// - Parameters:
    ///   - sts: STS of the Region that will be called: the global endpoint's tokens fail in opt-in Regions.
    ///   - roleARN: The role to assume.
    ///   - sessionName: What CloudTrail shows; characters that STS does not take become dashes.
    ///   - externalID: What the role's trust policy asks for; nil where it asks for none.
    package init(sts: STSClient, roleARN: String, sessionName: String, externalID: String?) {
        self.sts = sts
        self.roleARN = roleARN
        self.sessionName = sessionName
        self.externalID = externalID
    }

    package func credentials() async throws -> Credentials {
        try await sts.assumeRole(
            roleARN,
            sessionName: Self.acceptable(sessionName),
            externalID: externalID,
            duration: Self.duration
        )
    }

    /// STS takes 2 to 64 of letters, digits and `_+=,.@-`.
    static func acceptable(_ name: String) -> String {
        let kept = name.unicodeScalars.prefix(64).map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "_+=,.@-".unicodeScalars.contains(scalar))
                ? Character(scalar) : "-"
        }
        return kept.count < 2 ? "muster" : String(kept)
    }
}
