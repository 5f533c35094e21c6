internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Hub
internal import Logging
internal import Recovery

/// The hub: it keeps groups, plans and executions, decides, and shows.
@main
struct MusterHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-hub",
        abstract: "The hub of Muster: recovery plans and drills over many AWS accounts and Regions.",
        version: MusterVersion.text,
        subcommands: [
            Serve.self, Migrate.self, Doctor.self, BreakGlass.self, AuditCommands.self, OpenAPI.self,
            MetricsTable.self, ConfigurationTable.self,
        ]
    )
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve until SIGTERM or SIGINT.")

    @OptionGroup var keys: KeyOptions
    @Flag(help: "Apply missing migrations first (the embedded database always does).") var migrate = false

    func run() async throws {
        try await keys.serving().serve(migrates: migrate)
    }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Apply what is missing of the database's schema.")

    @OptionGroup var keys: KeyOptions
    @Flag(help: "Make the role of MUSTER_DATABASE_URL first, or give it that URL's password.") var createRole = false

    func run() async throws {
        let applied = try await keys.serving().migrate(makingRole: createRole)
        print(applied.isEmpty ? "Nothing to apply." : "Applied \(applied.joined(separator: ", ")).")
    }
}

/// Makes a code that signs one person in once, when no issuer can be reached.
struct BreakGlass: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "break-glass",
        abstract: "Make a code that signs one person in, once, for an hour: for when no issuer can be reached.",
        discussion: """
            The code is good for ten minutes, at /sign-in/break-glass of the hub. Making and using it is in the audit and \
            in the log. The hub, or at least its database, must be running.
            """
    )

    @OptionGroup var keys: KeyOptions
    @Option(help: "Who will use it; the audit names them.") var name: String
    @Option(help: "Why; the audit says so.") var reason: String
    @Option(help: "The role they will have.") var role: Role = .admin

    func run() async throws {
        let code = try await keys.serving().breakGlass(name: name, reason: reason, role: role)
        print(
            """
            \(code)

            Good once, for ten minutes, at \(try keys.publicURL())/sign-in/break-glass. It signs \(name) in for an hour, \
            as \(role.rawValue).
            """
        )
    }
}

extension Role: ExpressibleByArgument {}

struct OpenAPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Print the description of the REST API (OpenAPI 3.1)."
    )

    func run() {
        print(OpenAPIDocument.make().indentedText)
    }
}
