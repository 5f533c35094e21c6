internal import Glibc
internal import Synchronization

/// The places where a test may end the process: before and after every commit and every outgoing call.
///
/// A place has a name, made of where it stands in the source or of what is called, such as `commit.Recording.record` or
/// `call.drs.StartRecovery`. All of them do nothing unless the process was started with `MUSTER_FAILPOINT`:
///
/// - `NAME:before` and `NAME:after` end it with SIGKILL, as a crash would, at the first passing of that place;
///   `NAME:after:3` at the third;
/// - `trace` writes a line to standard error for each passing, by which a test finds what there is to end it at.
///
/// Whoever may set a process's environment may end it anyway, so this opens no door.
package struct Failpoints: Sendable {
    /// The environment variable, read once when a program starts.
    package static let variable = "MUSTER_FAILPOINT"

    /// On which side of the commit or the call; after one that failed nothing is passed.
    package enum Side: String, Sendable {
        case before, after
    }

    private enum Order: Sendable {
        case trace
        case end(name: String, side: Side, passing: Int)
    }

    /// What is to happen, and how often the place was passed.
    private final class Armed: Sendable {
        let order: Order
        private let passed = Mutex(0)

        init(_ order: Order) {
            self.order = order
        }

        /// One passing more; how many there were.
        func count() -> Int {
            passed.withLock { passed in
                passed += 1
                return passed
            }
        }
    }

    /// Nil in every program that is no test's.
    private let armed: Armed?

    /// None does anything.
    package static let none = Failpoints(armed: nil)

    private init(armed: Armed?) {
        self.armed = armed
    }

    /// The variable says something else than is written above.
    package struct Unreadable: Error, Sendable, Hashable, CustomStringConvertible {
        package let text: String

        package var description: String {
            "\(Failpoints.variable) must be trace, NAME:before, NAME:after, or one of these with :COUNT, not \(text)"
        }
    }

    /// Reads the variable's value; nil and the empty text are `none`.
    package init(_ text: String?) throws(Unreadable) {
        guard let text, !text.isEmpty else {
            self = .none
            return
        }
        guard text != "trace" else {
            armed = Armed(.trace)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), !parts[0].isEmpty, let side = Side(rawValue: String(parts[1])) else {
            throw Unreadable(text: text)
        }
        let passing = parts.count == 3 ? Int(parts[2]) ?? 0 : 1
        guard passing > 0 else { throw Unreadable(text: text) }
        armed = Armed(.end(name: String(parts[0]), side: side, passing: passing))
    }

    /// Passes a place; the name is made only in a test.
    package func pass(_ side: Side, _ name: @autoclosure () -> String) {
        guard let armed else { return }
        switch armed.order {
        case .trace: Self.write("failpoint \(name()):\(side.rawValue)\n")
        case .end(let wanted, side, let passing):
            guard wanted == name(), armed.count() == passing else { return }
            Self.end(at: "\(wanted):\(side.rawValue):\(passing)")
        case .end: return
        }
    }

    /// Does something between the two sides of a place.
    package func around<Result>(
        _ name: @autoclosure () -> String,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        pass(.before, name())
        let result = try await body()
        pass(.after, name())
        return result
    }

    private static func end(at place: String) -> Never {
        write("failpoint reached \(place)\n")
        kill(getpid(), SIGKILL)
        // The signal takes effect before the process runs on; should it not, nothing more may happen.
        while true { pause() }
    }

    private static func write(_ line: String) {
        var line = line
        _ = line.withUTF8 { bytes in unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}

extension Failpoints {
    /// A name made of where something stands in the source: `Conductor/Recording.swift` and `record(_:of:)` give
    /// `commit.Recording.record`.
    package static func commit(_ file: StaticString, _ function: StaticString) -> String {
        let path = "\(file)".split(separator: "/").last ?? ""
        let name = "\(function)".prefix { $0 != "(" }
        return "commit.\(path.prefix { $0 != "." }).\(name)"
    }
}
