internal import CPostgreSQL
internal import Foundation
internal import Glibc
internal import Synchronization

/// A short-lived program: run to its end, its output kept.
///
/// Foundation's `Process` is not used here: it takes a program for running as long as anything that the program has
/// started keeps the descriptors it was given, and a database server does.
package enum Program {
    package struct Result: Sendable {
        /// The exit status; negative for the signal that ended it.
        package let status: Int32
        /// What it wrote to both outputs, without white space around it.
        package let output: String
    }

    /// What a program of ours is given: nothing of the caller's (`PGDATA`, `PGOPTIONS`, a foreign locale).
    private static let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/",
    ]

    /// Runs a program and waits for its end, on a thread of its own.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - arguments: What it is given.
    ///   - endsWhenCancelled: Whether it gets SIGTERM when nobody waits for it any more; it is waited for all the same.
    /// - Returns: What became of it.
    /// - Throws: `EmbeddedFailure` when it cannot be started.
    package static func run(
        _ path: String,
        _ arguments: [String],
        endsWhenCancelled: Bool = false
    ) async throws -> Result {
        let child = Child()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread {
                    do {
                        continuation.resume(returning: try perform(path, arguments, child))
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
                thread.name = "program"
                thread.start()
            }
        } onCancel: {
            if endsWhenCancelled { child.end() }
        }
    }

    /// The program's process, for whoever ends it from another thread.
    private final class Child: Sendable {
        private enum State {
            case coming
            case running(pid_t)
            /// Told to end, before it ran or while it did.
            case ended
            /// Its number may be another's by now.
            case over
        }

        private let state = Mutex(State.coming)

        func begin(_ pid: pid_t) {
            state.withLock { state in
                if case .ended = state { kill(pid, SIGTERM) } else { state = .running(pid) }
            }
        }

        func end() {
            state.withLock { state in
                switch state {
                case .coming: state = .ended
                case .running(let pid):
                    kill(pid, SIGTERM)
                    state = .ended
                case .ended, .over: break
                }
            }
        }

        func finish() {
            state.withLock { $0 = .over }
        }
    }

    private static func perform(
        _ path: String,
        _ arguments: [String],
        _ process: Child
    ) throws(EmbeddedFailure) -> Result {
        var ends: [Int32] = [-1, -1]
        guard unsafe muster_pipe(&ends) == 0 else { throw .program(path, "no descriptors are left") }
        let (reading, writing) = (ends[0], ends[1])
        defer { Glibc.close(reading) }
        var child: pid_t = 0
        let error = unsafe CStrings([path] + arguments).withPointers { arguments in
            unsafe CStrings(environment).withPointers { environment in
                unsafe muster_spawn(path, arguments, environment, writing, &child)
            }
        }
        Glibc.close(writing)
        guard error == 0 else { throw .program(path, unsafe String(cString: strerror(error))) }
        process.begin(child)
        let output = read(reading)
        // It has closed its outputs; from here on its number is not its own for long.
        process.finish()
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        // wait(2): the low seven bits are the signal, the next byte the exit status.
        let signal = status & 0x7F
        let text = output.trimmingCharacters(in: .whitespacesAndNewlines)
        return Result(status: signal == 0 ? (status >> 8) & 0xFF : -signal, output: text)
    }

    private static func read(_ descriptor: Int32) -> String {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            output.append(contentsOf: buffer[..<count])
        }
        return String(decoding: output, as: UTF8.self)
    }
}
