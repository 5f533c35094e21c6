/// How lines of the log are written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// An object a line, for programs.
    case json
}
