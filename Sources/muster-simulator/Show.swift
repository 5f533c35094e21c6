internal import ArgumentParser
internal import Foundation
internal import Simulator

/// Prints the world file that comes with the program: the description of every key, and a beginning for one's own.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show-world",
        abstract: "Print the default world file."
    )

    func run() throws {
        FileHandle.standardOutput.write(Data(WorldFile.default.utf8))
    }
}

/// Reads a world file, refusing a bad one with its name and the path of what is wrong.
func readWorld(_ name: String) throws -> WorldFile {
    let text: String
    do {
        text = name == "default" ? WorldFile.default : try String(contentsOfFile: name, encoding: .utf8)
    } catch {
        throw ValidationError("cannot read the world file \(name): \(error.localizedDescription)")
    }
    do {
        return try WorldFile(parsing: text)
    } catch {
        throw ValidationError("\(name): \(error)")
    }
}
