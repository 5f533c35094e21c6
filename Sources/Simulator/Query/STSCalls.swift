internal import Ambient
internal import OrderedCollections

/// The operations of STS that the simulator offers.
package enum STSOperation: String, Sendable, CaseIterable {
    case assumeRole = "AssumeRole"
    case getCallerIdentity = "GetCallerIdentity"
}

extension World {
    mutating func perform(_ operation: STSOperation, _ call: Call) throws(Refusal) -> Output {
        switch operation {
        case .assumeRole: try assumeRole(call)
        case .getCallerIdentity:
            .xml([
                .text("Arn", call.caller.arn), .text("UserId", call.caller.userID),
                .text("Account", call.caller.account),
            ])
        }
    }

    /// Gives temporary credentials of a role to a caller whom the role's account trusts.
    ///
    /// The account, the role, the principal and the external ID are all checked, and whatever is wrong gets the one
    /// answer that AWS gives: who fails learns nothing from it.
    private mutating func assumeRole(_ call: Call) throws(Refusal) -> Output {
        guard let arn = call.form["RoleArn"], let name = call.form["RoleSessionName"] else {
            throw Refusal(400, "ValidationError", "RoleArn and RoleSessionName are required.")
        }
        guard Self.isSessionName(name) else {
            throw Refusal(400, "ValidationError", "RoleSessionName must match [\\w+=,.@-]{2,64}.")
        }
        let seconds = try duration(call)
        let (account, role) = try trusted(arn, by: call)
        let naming = Naming(chance: chance)
        let session = Keyring.Session(
            accessKeyID: "ASIA" + naming.capitals(16),
            secretAccessKey: naming.hexadecimal(40),
            token: "IQoJ" + naming.hexadecimal(60),
            account: account,
            role: role,
            sessionName: name,
            roleID: "AROA" + naming.capitals(16),
            expires: call.now + .seconds(seconds)
        )
        keyring.keep(session, at: call.now)
        return .xml([
            .element(
                "AssumedRoleUser",
                [
                    .text("AssumedRoleId", "\(session.roleID):\(name)"), .text("Arn", Caller(session).arn),
                ]
            ),
            .element(
                "Credentials",
                [
                    .text("AccessKeyId", session.accessKeyID), .text("SecretAccessKey", session.secretAccessKey),
                    .text("SessionToken", session.token), .text("Expiration", Self.seconds(session.expires)),
                ]
            ),
        ])
    }

    private static func isSessionName(_ name: String) -> Bool {
        (2...64).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || "0123456789_+=,.@-".unicodeScalars.contains(scalar))
            }
    }

    /// The account and role of an ARN, when the account trusts the caller.
    private func trusted(_ arn: String, by call: Call) throws(Refusal) -> (account: String, role: Account.Role) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == "iam", parts[5].hasPrefix("role/"),
            let name = parts[5].split(separator: "/").last
        else { throw Refusal(400, "ValidationError", "\(arn.prefix(256)) is invalid") }
        guard let account = accounts[String(parts[4])], let role = account.role(String(name)),
            let externalID = account.externalID, externalID == call.form["ExternalId"],
            account.spokePrincipals?.contains(where: call.caller.isPrincipal) ?? true
        else {
            let message = "User: \(call.caller.arn) is not authorized to perform: sts:AssumeRole on resource: \(arn)"
            throw Refusal(403, "AccessDenied", message)
        }
        return (account.id, role)
    }

    /// 15 minutes to 12 hours, an hour when not said (AWS STS API reference, AssumeRole).
    private func duration(_ call: Call) throws(Refusal) -> Int {
        guard let text = call.form["DurationSeconds"] else { return 3600 }
        guard let seconds = Int(text), (900...43_200).contains(seconds) else {
            throw Refusal(400, "ValidationError", "DurationSeconds must be between 900 and 43200.")
        }
        return seconds
    }

    /// A time without decimals, as STS and EC2 write them.
    static func seconds(_ instant: Instant) -> String {
        instant.description.prefix(19) + "Z"
    }
}
