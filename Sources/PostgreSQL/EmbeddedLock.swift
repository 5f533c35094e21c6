internal import CPostgreSQL
internal import Glibc
internal import Synchronization

/// The lock by which one process at a time owns an embedded database.
///
/// The kernel holds it for the process and gives it back when the process ends, however it does; the file itself stays.
/// No program that the process starts inherits it.
final class EmbeddedLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// Takes the lock.
    ///
    /// - Throws: `EmbeddedFailure.locked` with the number of the process that has it.
    init(path: String, directory: String) throws(EmbeddedFailure) {
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw .directory(directory, unsafe String(cString: strerror(errno))) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let owner = Self.read(opened)
            close(opened)
            throw .locked(directory, process: owner.isEmpty ? "unknown" : owner)
        }
        descriptor = Mutex(opened)
        // Only for the message above; who cannot write it has the lock nevertheless.
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(opened, 0) == 0 { _ = unsafe pwrite(opened, text, text.count, 0) }
    }

    deinit {
        release()
    }

    /// Gives the lock back.
    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    private static func read(_ descriptor: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 20)
        let count = unsafe pread(descriptor, &text, text.count, 0)
        return String(decoding: text.prefix(max(0, count)).filter { (48...57).contains($0) }, as: UTF8.self)
    }
}
