internal import ArgumentParser

/// The command line: parses, runs one command, and turns whatever it ends with into a status and a text.
package enum MusterProgram {
    /// Runs a command to its end.
    ///
    /// - Parameter arguments: What stands behind the program's name.
    /// - Returns: The status to exit with, one of `ExitStatus`.
    package static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try MusterCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch {
            return end(error).rawValue
        }
    }

    private static func end(_ error: any Error) -> ExitStatus {
        switch error {
        case let ending as Ending: return ending.status
        case let trouble as Trouble: return tell(trouble)
        case let refused as Refused: return tell(Trouble(refused))
        case let unreachable as Unreachable: return tell(Trouble(unreachable))
        case let unreadable as Unreadable: return tell(Trouble(unreadable))
        case _: break
        }
        // What is left is the parser's: help and scripts that were asked for, or a command line that is wrong.
        let message = MusterCommand.fullMessage(for: error)
        switch MusterCommand.exitCode(for: error) {
        case .success:
            print(message)
            return .done
        case .validationFailure:
            Terminal.notice(message)
            return .usage
        case _: return tell(Trouble(String(describing: error), code: "UNEXPECTED"))
        }
    }

    private static func tell(_ trouble: Trouble) -> ExitStatus {
        Terminal.notice(trouble.text)
        return trouble.status
    }
}
