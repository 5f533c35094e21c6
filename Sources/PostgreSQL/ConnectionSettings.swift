internal import Ambient
internal import CPostgreSQL
internal import Glibc

/// How connections to one database are made: libpq's own connection string, and this program's wishes where it is silent.
///
/// The string is a URI or `key=value` pairs; all of libpq's keywords, environment variables, password and service files
/// work. What it says wins: its `options` come after ours, and the server takes the last. (Options in a *service file*
/// are not seen here and are replaced by ours; put them into the string.)
package struct ConnectionSettings: Sendable {
    struct Keyword: Sendable, Hashable {
        var keyword: String
        var value: String
    }

    /// Limits of time, each enforced where it can be: some by the server, some here.
    package struct Limits: Sendable, Hashable {
        /// The server ends a statement after this; nil for never, as migrations want it.
        package var statement: Duration? = .seconds(30)
        /// The server ends a session that keeps a transaction open and says nothing, for its locks block others.
        package var idleInTransaction: Duration = .seconds(60)
        /// How often the server looks, while it works, whether the client is still there: an abandoned statement ends.
        package var connectionCheck: Duration = .seconds(2)
        /// How long each host may take to be connected to, in whole seconds; `connect_timeout` in the string wins.
        package var connect: Duration = .seconds(3)
        /// How much longer than a statement's limit an answer is waited for before the connection is given up.
        package var grace: Duration = .seconds(10)

        package init() {}
    }

    let keywords: [Keyword]
    /// How long connecting may take, with all hosts that the string names.
    let connectLimit: Duration
    /// The string itself asks for more time than usual.
    let isConnectLimitStated: Bool
    /// How long an answer may take; nil for as long as it takes.
    let answerLimit: Duration?

    /// Reads a connection string.
    ///
    /// - Throws: `PostgresFailure` of kind `configuration`; its message does not repeat the string, which may hold a
    ///   password.
    package init(
        connectionString: String,
        applicationName: String = "muster",
        limits: Limits = Limits()
    ) throws(PostgresFailure) {
        let given = try Self.parse(connectionString)
        let standing = Self.defaults()
        let options = given["options"] ?? standing["options"] ?? ""
        var wishes: [String: String] = ["fallback_application_name": applicationName]
        // A peer that is gone without a word is noticed after about half a minute, not after two hours.
        wishes["keepalives_idle"] = "10"
        wishes["keepalives_interval"] = "5"
        wishes["keepalives_count"] = "3"
        wishes["tcp_user_timeout"] = "30000"
        // With a service file, what it says of these is not known here, so it is left alone.
        if given["service"] ?? standing["service"] != nil { wishes = [:] }
        wishes.merge(given) { _, given in given }
        let stated = (given["connect_timeout"] ?? standing["connect_timeout"]).flatMap(Int64.init) ?? 0
        // libpq's own rule: zero and less mean no limit, which is not offered here.
        let seconds = stated > 0 ? stated : max(1, limits.connect.milliseconds / 1000)
        wishes["connect_timeout"] = "\(seconds)"
        let hosts = (given["hostaddr"] ?? given["host"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
            .count
        connectLimit = .seconds(seconds) * max(1, hosts)
        isConnectLimitStated = stated > 0 || hosts > 1
        wishes["options"] = Self.options(limits) + (options.isEmpty ? "" : " " + options)
        wishes["client_encoding"] = "UTF8"
        keywords = wishes.sorted { $0.key < $1.key }.map { Keyword(keyword: $0.key, value: $0.value) }

        let isStatementLimitOurs = !options.contains("statement_timeout")
        answerLimit = isStatementLimitOurs ? limits.statement.map { $0 + limits.grace } : nil
    }

    /// What every session is started with.
    ///
    /// The formats are those that `Decodes` reads.
    private static func options(_ limits: Limits) -> String {
        let settings: [(String, String)] = [
            ("DateStyle", "ISO"), ("IntervalStyle", "iso_8601"), ("TimeZone", "UTC"), ("bytea_output", "hex"),
            ("extra_float_digits", "1"),
            // Our statements run for milliseconds; compiling one to machine code takes seconds.
            ("jit", "off"),
            ("statement_timeout", "\(limits.statement?.milliseconds ?? 0)"),
            ("idle_in_transaction_session_timeout", "\(limits.idleInTransaction.milliseconds)"),
            ("client_connection_check_interval", "\(limits.connectionCheck.milliseconds)"),
        ]
        return settings.map { "-c \($0.0)=\($0.1)" }.joined(separator: " ")
    }

    static func parse(_ text: String) throws(PostgresFailure) -> [String: String] {
        guard !text.utf8.contains(0) else { throw PostgresFailure(.configuration, "the connection string holds a NUL") }
        var complaint: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(text, &complaint)
        guard let options = unsafe options else {
            let reason = unsafe complaint.map { unsafe String(cString: $0) } ?? ""
            unsafe PQfreemem(complaint)
            // Other complaints quote the text around the mistake.
            let isHarmless = reason.hasPrefix("invalid connection option") || reason.hasPrefix("invalid URI query")
            let detail = isHarmless ? ": \(reason.filter { $0 != "\n" })" : ""
            throw PostgresFailure(.configuration, "libpq cannot read the connection string\(detail)")
        }
        defer { unsafe PQconninfoFree(options) }
        return unsafe read(options)
    }

    /// What the environment says (`PGHOST`, `PGOPTIONS`, …), and libpq's own defaults.
    private static func defaults() -> [String: String] {
        guard let options = unsafe PQconndefaults() else { return [:] }
        defer { unsafe PQconninfoFree(options) }
        return unsafe read(options)
    }

    private static func read(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe values[String(cString: keyword)] = String(cString: value)
            }
            unsafe option += 1
        }
        return values
    }
}
