package import Ambient

/// Which row a replica's copy of an execution was made from.
///
/// The version alone does not say it: a database that went back to an earlier moment counts the same versions again, with
/// other events. So the start of the database server belongs to it, which is another one then.
package struct CopyMark: Sendable, Hashable {
    package var version: Int
    package var serverStart: Instant

    package init(version: Int, serverStart: Instant) {
        self.version = version
        self.serverStart = serverStart
    }

    /// The same row, changed once more or not.
    package func next(hasChanged: Bool) -> CopyMark {
        CopyMark(version: version + (hasChanged ? 1 : 0), serverStart: serverStart)
    }
}
