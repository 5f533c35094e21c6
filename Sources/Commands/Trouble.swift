internal import JSON

/// Why a command could not do what it was asked for, as a person reads it on standard error.
package struct Trouble: Error, Sendable {
    /// One sentence without its full stop.
    package let what: String
    /// Stable, for whoever searches the documentation.
    package let code: String
    /// One line a field or object that stands in the way.
    package let details: [String]
    /// What to do about it.
    package let advice: String?
    package let status: ExitStatus

    package init(
        _ what: String,
        code: String,
        details: [String] = [],
        advice: String? = nil,
        status: ExitStatus = .failed
    ) {
        self.what = what
        self.code = code
        self.details = details
        self.advice = advice
        self.status = status
    }

    /// What happened and its code, every detail, then what to do.
    package var text: String {
        let first = what.hasSuffix(".") ? String(what.dropLast()) : what
        var lines = ["muster: \(first) (\(code))"]
        lines += details.map { "  \($0)" }
        if let advice { lines.append(advice) }
        return lines.joined(separator: "\n")
    }

    /// An input that does not have the form of what it is for.
    static func invalid(_ what: String, _ problems: [JSON.Problem]) -> Trouble {
        Trouble(
            "\(what) has \(problems.count == 1 ? "one problem" : "\(problems.count) problems")",
            code: "INVALID_INPUT",
            details: problems.map(\.description)
        )
    }
}
