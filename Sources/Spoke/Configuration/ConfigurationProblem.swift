/// What is wrong with a spoke's configuration, by the name of the variable or the place in the file.
package struct ConfigurationProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The variable, or the variable and the field: `MUSTER_SPOKE_CONFIG: accounts[0].roleArn`.
    package let field: String
    package let message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }

    package var description: String { "\(field): \(message)" }
}
