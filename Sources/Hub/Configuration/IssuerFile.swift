internal import Foundation
internal import WebToken
internal import Yams

/// The YAML file of `MUSTER_ISSUERS`: further issuers whose tokens are taken, and where their people sign in.
///
/// ```yaml
/// issuers:
///   - issuer: https://cognito-idp.us-west-2.amazonaws.com/us-west-2_Second   # another Region's user pool
///     clientIds: [browser, machine]
///     signIn: {title: Second Region, domain: login-west.example.com, clientSecretFile: /run/secrets/west}
///   - issuer: https://sso.example.com                                        # a company's own OpenID Connect
///     kind: openid
///     clientIds: [muster]
///     audiences: [api://muster]        # whom its access tokens are for; without one no bearer token of it is taken
///     keySetUrl: https://sso.example.com/keys
///     usernameClaim: preferred_username
///     groupsClaim: groups
///     groups: {DR Admins: DRSOrchestrationAdmin}   # its groups by our names; without this its names are ours
///     signIn:
///       title: Example SSO
///       clientSecretFile: /run/secrets/sso
///       authorizationUrl: https://sso.example.com/authorize
///       tokenUrl: https://sso.example.com/token
///       revocationUrl: https://sso.example.com/revoke   # may be left out
///       logoutUrl: https://sso.example.com/logout       # may be left out
///       scopes: [openid, email, profile, offline_access]
/// ```
/// A sign-in's client is the first of `clientIds`.
struct IssuerFile: Decodable {
    enum Kind: String, Decodable {
        case cognito, openid
    }

    struct Entry: Decodable {
        let issuer: String
        let kind: Kind?
        let clientIds: [String]
        let audiences: [String]?
        let keySetUrl: String?
        let usernameClaim: String?
        let groupsClaim: String?
        let groups: [String: String]?
        let signIn: SignIn?
    }

    struct SignIn: Decodable {
        let title: String?
        let clientSecretFile: String
        let domain: String?
        let authorizationUrl: String?
        let tokenUrl: String?
        let revocationUrl: String?
        let logoutUrl: String?
        let scopes: [String]?
    }

    let issuers: [Entry]

    private static let key = "MUSTER_ISSUERS"

    /// Reads the file; nil where none is named.
    ///
    /// - Throws: `ConfigurationProblem`.
    static func read(_ keys: KeyReader) throws -> IssuerFile? {
        guard let path = try keys.text("ISSUERS") else { return nil }
        do {
            return try YAMLDecoder().decode(IssuerFile.self, from: try String(contentsOfFile: path, encoding: .utf8))
        } catch {
            throw ConfigurationProblem(
                key,
                "must be a YAML file with `issuers`, each with `issuer`, `clientIds` and what Docs/Operating.md shows"
            )
        }
    }

    /// The issuers of the file.
    func issuers(_ keys: KeyReader) throws -> [Issuer] {
        try issuers.map { entry in
            let isOpenID = entry.kind == .openid
            let dialect = Issuer.Dialect.openID(
                username: entry.usernameClaim ?? "preferred_username",
                groups: entry.groupsClaim ?? "groups"
            )
            guard isOpenID || (entry.usernameClaim == nil && entry.groupsClaim == nil) else {
                throw Self.wrong(entry, "names claims, which Cognito's pools have of their own: say kind: openid")
            }
            guard !entry.clientIds.isEmpty else { throw Self.wrong(entry, "has no clientIds") }
            return Issuer(
                url: try keys.address(Self.key, entry.issuer),
                clientIDs: Set(entry.clientIds),
                audiences: Set(entry.audiences ?? []),
                keySetURL: try entry.keySetUrl.map { try keys.address(Self.key, $0) },
                dialect: isOpenID ? dialect : .cognito,
                groupNames: entry.groups
            )
        }
    }

    /// Where the people of the file's issuers sign in.
    func logins(_ keys: KeyReader) throws -> [Login] {
        try issuers.compactMap { entry in
            guard let signIn = entry.signIn, let client = entry.clientIds.first else { return nil }
            let secret = try Self.secret(signIn.clientSecretFile, entry)
            let title = signIn.title ?? entry.issuer
            if let domain = signIn.domain {
                return .cognito(
                    domain: try keys.origin("ISSUERS", domain.contains("://") ? domain : "https://\(domain)"),
                    issuer: entry.issuer,
                    title: title,
                    clientID: client,
                    clientSecret: secret
                )
            }
            guard let authorization = signIn.authorizationUrl, let token = signIn.tokenUrl else {
                throw Self.wrong(entry, "has a signIn with neither domain nor authorizationUrl and tokenUrl")
            }
            return Login(
                issuer: entry.issuer,
                title: title,
                clientID: client,
                clientSecret: secret,
                scopes: signIn.scopes ?? Login.standardScopes,
                authorizationURL: try keys.address(Self.key, authorization),
                tokenURL: try keys.address(Self.key, token),
                revocationURL: try signIn.revocationUrl.map { try keys.address(Self.key, $0) },
                signOutURL: try signIn.logoutUrl.map { try keys.address(Self.key, $0) },
                kind: entry.kind == .openid ? .openID : .cognito
            )
        }
    }

    private static func secret(_ path: String, _ entry: Entry) throws -> String {
        // Whatever is wrong with the file, its name says which one to look at.
        let text = try? String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let text, !text.isEmpty else { throw wrong(entry, "has a clientSecretFile that holds none: \(path)") }
        return text
    }

    private static func wrong(_ entry: Entry, _ problem: String) -> ConfigurationProblem {
        ConfigurationProblem(key, "is wrong: the issuer \(entry.issuer) \(problem)")
    }
}

extension HubConfiguration {
    static func issuers(_ keys: KeyReader, _ file: IssuerFile?) throws -> [Issuer] {
        var issuers: [Issuer] = []
        if let url = try keys.text("COGNITO_ISSUER") {
            guard let clients = try keys.list("COGNITO_CLIENT_ID") else {
                throw ConfigurationProblem("MUSTER_COGNITO_CLIENT_ID", "is missing: no client's tokens would be taken")
            }
            issuers.append(Issuer(url: try keys.address("MUSTER_COGNITO_ISSUER", url), clientIDs: Set(clients)))
        }
        issuers += try file?.issuers(keys) ?? []
        guard !issuers.isEmpty else {
            throw ConfigurationProblem("MUSTER_COGNITO_ISSUER", "is missing: nobody could come in")
        }
        guard Set(issuers.map(\.url)).count == issuers.count else {
            throw ConfigurationProblem("MUSTER_ISSUERS", "names an issuer twice")
        }
        return issuers
    }

    static func cognitoLogin(_ keys: KeyReader) throws -> Login? {
        guard let domain = try keys.text("COGNITO_DOMAIN") else { return nil }
        func needed<Value>(_ value: Value?, _ name: String) throws -> Value {
            guard let value else {
                throw ConfigurationProblem("MUSTER_\(name)", "is missing, though MUSTER_COGNITO_DOMAIN is given")
            }
            return value
        }
        return .cognito(
            domain: try keys.origin("COGNITO_DOMAIN", domain.contains("://") ? domain : "https://\(domain)"),
            issuer: try needed(try keys.text("COGNITO_ISSUER"), "COGNITO_ISSUER"),
            title: "Amazon Cognito",
            clientID: try needed(try keys.list("COGNITO_CLIENT_ID")?.first, "COGNITO_CLIENT_ID"),
            clientSecret: try needed(try keys.text("COGNITO_CLIENT_SECRET", isSecret: true), "COGNITO_CLIENT_SECRET")
        )
    }
}
