internal import AWS

/// A request as it came over the wire.
package struct Request: Sendable {
    package let method: String
    /// Percent-encoded, without the query.
    package let path: String
    /// Without the question mark.
    package let query: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(
        method: String = "POST",
        path: String = "/",
        query: String = "",
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, by its name in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The parts of the path between slashes, decoded.
    var parts: [String] {
        path.split(separator: "/").map { PercentEncoding.decode(String($0)) ?? String($0) }
    }
}

/// An answer, and what becomes of it on its way.
package struct Reply: Sendable {
    /// What becomes of the answer on its way.
    package enum Fate: Sendable, Hashable {
        case sent
        /// The connection closes instead.
        case dropped
        /// The connection closes after half of the body.
        case truncated
    }

    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var fate = Fate.sent
    /// How long the answer is held back, by the wall clock.
    package var delay: Duration = .zero

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
