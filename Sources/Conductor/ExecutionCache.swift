internal import Recovery
internal import Synchronization

/// A replica's copies of running executions: good while the locked row is the one that the copy was made from.
///
/// A turn takes the copy out, so that it changes in place, and puts it back after its commit.
final class ExecutionCache: Sendable {
    private struct Copy {
        var execution: Execution
        var mark: CopyMark
    }

    /// Copies kept at once: each replica's share of the executions that run at the same time.
    private static let capacity = 256

    private let copies = Mutex<[Execution.ID: Copy]>([:])

    func take(_ id: Execution.ID, mark: CopyMark) -> Execution? {
        copies.withLock { copies in
            guard let copy = copies.removeValue(forKey: id), copy.mark == mark else { return nil }
            return copy.execution
        }
    }

    func put(_ execution: Execution, mark: CopyMark) {
        copies.withLock { copies in
            if copies.count >= Self.capacity, let victim = copies.keys.first { copies[victim] = nil }
            copies[execution.id] = Copy(execution: execution, mark: mark)
        }
    }
}
