internal import Commands
internal import Foundation

/// The command line of Muster; everything it does is in `Commands`.
@main
enum MusterMain {
    static func main() async {
        exit(await MusterProgram.run(Array(CommandLine.arguments.dropFirst())))
    }
}
