internal import Ambient
internal import ArgumentParser
internal import Foundation

/// What every command that talks to a hub takes.
struct CommonOptions: ParsableArguments {
    @Option(name: .customLong("hub-url"), help: "The hub's address; else MUSTER_HUB_URL.") var hubURL: String?
    @Option(help: "An access token; else MUSTER_TOKEN, which others on the machine cannot see, or sign-in's.")
    var token: String?
    @Option(help: "table for people, json for the hub's own answer.") var format = Output.Format.table
    @Flag(name: .shortAndLong, help: "Only identifiers.") var quiet = false
    @Flag(help: "No colours; NO_COLOR does the same.") var noColor = false

    func validate() throws {
        guard !quiet || format == .table else { throw ValidationError("--quiet and --format json exclude each other.") }
    }

    /// What the program was started in: read here and nowhere else.
    private var environment: [String: String] {
        ProcessInfo.processInfo.environment
    }

    /// Where the hub is.
    func address() throws -> HubAddress {
        let variable = environment["MUSTER_HUB_URL"].flatMap { $0.isEmpty ? nil : $0 }
        return try HubAddress(hubURL ?? variable ?? HubAddress.standard)
    }

    func tokenFile() throws -> TokenFile {
        try TokenFile(environment: environment)
    }

    /// A secret that a variable holds, so that no list of processes shows it.
    func secret(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    var output: Output {
        let terminal = Terminal(environment: environment, withoutColour: noColor)
        return Output(format: format, isQuiet: quiet, terminal: terminal)
    }

    /// Runs a command as somebody.
    ///
    /// - Throws: `Trouble` where there is no token, and what the body throws.
    func session(_ body: (Session) async throws -> Void) async throws {
        let (address, ambient) = (try address(), Ambient())
        let kept = { try tokenFile().token(for: address, at: ambient.now) }
        guard let token = try token ?? secret("MUSTER_TOKEN") ?? kept() else {
            throw Trouble(
                "You are not signed in to \(address)",
                code: "NOT_SIGNED_IN",
                advice: "Sign in with: muster sign-in",
                status: .notAuthenticated
            )
        }
        try await TraceContext.$current.withValue(trace) {
            try await HubClient.running(at: address, token: token, ambient: ambient) { client in
                try await body(Session(client: client, output: output))
            }
        }
    }

    /// The step of a trace that started this program, as tools of pipelines say it; nil: none, or not one (which counts as
    /// none: W3C Trace Context, section 2.3).
    private var trace: TraceContext? {
        secret("TRACEPARENT").flatMap { TraceContext($0) }
    }
}

extension Output.Format: ExpressibleByArgument {}

/// A command under way: somebody at a hub, and where the answers go.
struct Session: Sendable {
    let client: HubClient
    let output: Output

    var terminal: Terminal { output.terminal }
}
