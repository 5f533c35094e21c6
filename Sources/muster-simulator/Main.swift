internal import Ambient
internal import ArgumentParser
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import Simulator
internal import UnixSignals

@main
struct SimulatorProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-simulator",
        abstract: "An AWS on loopback, for tests and the quickstart.",
        version: MusterVersion.text,
        subcommands: [Serve.self, Show.self]
    )
}

/// Serves a world until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    @Option(help: "The address to listen on; port 0 takes any that is free.") var listen = "127.0.0.1:9090"
    @Option(help: "A world file, or default.") var world = "default"
    @Option(help: "Simulated seconds in a second; wins over the world file's.") var clockScale: Double?
    @Option(help: "Makes identifiers, times and accidents repeatable; wins over the world file's.") var seed: UInt64?
    @Option(help: "A file to write the port to once it listens.") var portFile: String?

    func run() async throws {
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
            throw ValidationError("--listen must be an address and a port, as 127.0.0.1:9090")
        }
        guard clockScale.map({ (0.001...100_000).contains($0) }) ?? true else {
            throw ValidationError("--clock-scale must be from 0.001 to 100000")
        }
        var file = try readWorld(world)
        if let clockScale { file.settings.clockScale = clockScale }
        if let seed { file.seed = seed }
        let (ambient, portFile) = (Ambient(), portFile)
        var logger = Logger(label: "muster-simulator") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let server = SimulatorServer(
            try Simulation(file, ambient: ambient),
            host: String(listen[..<colon]),
            port: Int(port),
            logger: logger
        ) { origin in
            FileHandle.standardOutput.write(Data("muster-simulator listens on \(origin)\n".utf8))
            guard let portFile, let port = origin.split(separator: ":").last else { return }
            do { try Data("\(port)\n".utf8).write(to: URL(filePath: portFile), options: .atomic) } catch {
                FileHandle.standardError.write(Data("cannot write \(portFile): \(error)\n".utf8))
            }
        }
        var configuration = ServiceGroupConfiguration(
            services: [server],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(3)
        try await ServiceGroup(configuration: configuration).run()
    }
}
