internal import ArgumentParser
internal import Hub
internal import Logging

/// Looks at everything that a hub needs, and says what to do about what is wrong.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, database, issuers, clock, spokes and rights, and say what to do.",
        discussion: """
            Run it with the hub's own environment, on its machine; it changes nothing, and the hub may run or not. The exit \
            code is 1 where something is wrong; warnings leave it 0.
            """
    )

    @OptionGroup var keys: KeyOptions

    func run() async throws {
        let findings = try await keys.serving(logging: .critical).examine()
        for finding in findings { print(finding.text) }
        if findings.contains(where: { $0.state == .wrong }) { throw ExitCode(1) }
    }
}
