internal import Recovery
internal import Synchronization

/// A replica's copies of executions: good while the row is the one that the copy was made from.
///
/// A turn takes the copy out, so that it changes in place, and puts it back after its commit. Who only reads looks at
/// it.
final class ExecutionCache: Sendable {
    private struct Copy {
        var execution: Execution
        var mark: CopyMark
    }

    /// Copies kept at once: each replica's share of the executions that run at the same time, and of those looked at.
    private static let capacity = 256
    /// Servers in all copies: some 50 MB, of the 250 MB that a hub may take.
    private static let serverCapacity = 50_000

    private struct Copies {
        var byId: [Execution.ID: Copy] = [:]
        var servers = 0

        @discardableResult
        mutating func remove(_ id: Execution.ID) -> Copy? {
            guard let copy = byId.removeValue(forKey: id) else { return nil }
            servers -= copy.execution.servers.count
            return copy
        }
    }

    private let copies = Mutex(Copies())

    func take(_ id: Execution.ID, mark: CopyMark) -> Execution? {
        copies.withLock { copies in
            guard let copy = copies.remove(id), copy.mark == mark else { return nil }
            return copy.execution
        }
    }

    /// The copy, which stays.
    func look(at id: Execution.ID, mark: CopyMark) -> Execution? {
        copies.withLock { copies in
            guard let copy = copies.byId[id], copy.mark == mark else { return nil }
            return copy.execution
        }
    }

    func put(_ execution: Execution, mark: CopyMark) {
        copies.withLock { copies in
            copies.remove(execution.id)
            let room = Self.serverCapacity - execution.servers.count
            guard room >= 0 else { return }
            while copies.byId.count >= Self.capacity || copies.servers > room, let victim = copies.byId.keys.first {
                copies.remove(victim)
            }
            copies.byId[execution.id] = Copy(execution: execution, mark: mark)
            copies.servers += execution.servers.count
        }
    }
}
