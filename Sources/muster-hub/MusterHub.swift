internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Hub
internal import Logging

/// The hub: it keeps groups, plans and executions, decides, and shows.
@main
struct MusterHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-hub",
        abstract: "The hub of Muster: recovery plans and drills over many AWS accounts and Regions.",
        subcommands: [Serve.self, Migrate.self, OpenAPI.self]
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

    func run() async throws {
        let applied = try await keys.serving().migrate()
        print(applied.isEmpty ? "Nothing to apply." : "Applied \(applied.joined(separator: ", ")).")
    }
}

struct OpenAPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Print the description of the REST API (OpenAPI 3.1)."
    )

    func run() {
        print(OpenAPIDocument.make().indentedText)
    }
}
