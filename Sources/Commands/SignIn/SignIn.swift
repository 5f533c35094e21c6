internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Foundation
internal import Recovery

/// Gets a token, tries it at the hub, and keeps it.
struct SignIn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in",
        abstract: "Keep an access token for the commands that follow.",
        discussion: """
            A person pastes an access token, or a program reads it in with --token-stdin. A program with credentials of its \
            own gives --client-id and --token-endpoint, and its secret by MUSTER_CLIENT_SECRET or --client-secret-stdin. \
            The token is kept for this hub alone, in a file that only you can read.
            """
    )

    @OptionGroup var common: CommonOptions
    @Flag(help: "Read an access token from standard input.") var tokenStdin = false
    @Option(help: "The program's client id.") var clientId: String?
    @Option(help: "The user pool's token endpoint, as https://login.example.com/oauth2/token.")
    var tokenEndpoint: String?
    @Flag(help: "Read the program's secret from standard input.") var clientSecretStdin = false
    @Option(help: "The scopes to ask for; all unless said.") var scope: String?

    func validate() throws {
        guard (clientId == nil) == (tokenEndpoint == nil) else {
            throw ValidationError("--client-id and --token-endpoint belong together.")
        }
        guard clientId == nil || !tokenStdin else {
            throw ValidationError("--token-stdin and --client-id exclude each other.")
        }
        guard clientId != nil || (!clientSecretStdin && scope == nil) else {
            throw ValidationError("--client-secret-stdin and --scope belong to --client-id.")
        }
    }

    func run() async throws {
        let (address, ambient) = (try common.address(), Ambient())
        let (token, end) = try await token(ambient)
        let user = try await HubClient.running(at: address, token: token, ambient: ambient) { client in
            try await client.reply(to: GetCurrentUser())
        }
        try common.tokenFile().keep(token, for: address, until: end)
        let roles = user.answer.roles.map(\.rawValue).joined(separator: ", ")
        common.output.report(user, "Signed in to \(address) as \(user.answer.name) (\(roles)).")
    }

    private func token(_ ambient: Ambient) async throws -> (String, Instant?) {
        if let clientId, let tokenEndpoint {
            let secret = clientSecretStdin ? Self.readSecret() : common.secret("MUSTER_CLIENT_SECRET")
            guard let secret else {
                throw ValidationError("The secret is missing: set MUSTER_CLIENT_SECRET or use --client-secret-stdin.")
            }
            let credentials = ClientCredentials(id: clientId, secret: secret, scope: scope)
            return try await credentials.token(from: tokenEndpoint, ambient)
        }
        if let token = common.token { return (token, nil) }
        if !tokenStdin { Terminal.notice("Paste an access token and press Enter:") }
        guard let token = Self.readSecret() else { throw ValidationError("No token was given.") }
        return (token, nil)
    }

    /// The first line of standard input without blanks around it; nil where there is none.
    private static func readSecret() -> String? {
        let line = readLine()?.trimmingCharacters(in: .whitespaces)
        return line.flatMap { $0.isEmpty ? nil : $0 }
    }
}
