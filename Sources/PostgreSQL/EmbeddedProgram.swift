internal import CPostgreSQL
internal import Foundation
internal import Glibc

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
    /// - Throws: `EmbeddedFailure` when it cannot be started.
    package static func run(_ path: String, _ arguments: [String]) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                do {
                    continuation.resume(returning: try perform(path, arguments))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            thread.name = "program"
            thread.start()
        }
    }

    private static func perform(_ path: String, _ arguments: [String]) throws(EmbeddedFailure) -> Result {
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
        let output = read(reading)
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
