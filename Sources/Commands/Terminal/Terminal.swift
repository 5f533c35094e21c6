internal import Foundation
internal import Glibc

/// What the program's output goes to.
struct Terminal: Sendable {
    let environment: [String: String]
    /// Whether a person looks on: standard output is a terminal that can move its cursor.
    let isInteractive: Bool
    let style: Style
    /// Whether more than ASCII can be shown.
    let showsUnicode: Bool

    /// A terminal's size when nobody says.
    private static let standardSize = (width: 80, height: 24)

    init(environment: [String: String], withoutColour: Bool) {
        self.environment = environment
        let isTerminal = isatty(STDOUT_FILENO) == 1
        isInteractive = isTerminal && environment["TERM"] != "dumb"
        // https://no-color.org: any value that is not empty.
        let isUnwanted = withoutColour || !(environment["NO_COLOR"] ?? "").isEmpty
        style = Style(usesColour: isInteractive && !isUnwanted)
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        showsUnicode = locale.isEmpty || locale.uppercased().contains("UTF")
    }

    /// Asked anew for every frame, because windows are resized.
    var size: (width: Int, height: Int) {
        var size = winsize()
        let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        guard !isKnown else { return (Int(size.ws_col), max(4, Int(size.ws_row))) }
        let width = environment["COLUMNS"].flatMap { Int($0) } ?? Self.standardSize.width
        return (max(20, width), Self.standardSize.height)
    }

    /// Writes to standard output.
    func write(_ text: String) {
        Self.write(text, to: .standardOutput)
    }

    func line(_ text: String) {
        write(text + "\n")
    }

    /// Writes a line to standard error, where whoever reads the output does not meet it.
    static func notice(_ text: String) {
        write(text + "\n", to: .standardError)
    }

    private static func write(_ text: String, to file: FileHandle) {
        // A reader that went away (`muster … | head`) wants no more.
        try? file.write(contentsOf: Data(text.utf8))
    }
}
