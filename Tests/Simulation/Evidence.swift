internal import Recovery

/// What a world remembers beside everything that may crash, to judge by.
struct Evidence {
    /// Jobs that DRS took, by the command's key.
    var accepted: [String: Int] = [:]
    /// Jobs that DRS took for an execution's server, by both.
    var launches: [ServerOfExecution: Int] = [:]
    /// How often people had a server launched once more.
    var retries: [ServerOfExecution: Int] = [:]
    /// The newest term under which a start was sent, by the command.
    var sentUnder: [Int: Int] = [:]
    /// Numbers of the reports that were taken, by command and term.
    var taken: [WorkUnderTerm<Int>: Int] = [:]
    /// Commands that are older than a database which went back: of those some things are not known any more.
    var commandsBeforeRestore = 0
    var isRestored = false

    struct ServerOfExecution: Hashable {
        let execution: Int
        let server: SourceServerID
    }
}
