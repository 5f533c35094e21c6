/// A request as SigV4 sees it: what goes over the wire, before or after it is signed.
package struct SignableRequest: Sendable {
    /// The HTTP method in capitals.
    package var method: String

    /// The path as the request line carries it, percent-encoded where it must be; it begins with a slash.
    package var path: String

    /// The query's names and values, decoded, in any order; a name may come more than once.
    package var query: [(name: String, value: String)]

    /// The headers in the order they are sent; the case of names does not matter, and a name may come more than once.
    package var headers: [(name: String, value: String)]

    /// The body, whole: its hash is signed.
    package var body: [UInt8]

    package init(
        method: String = "POST",
        path: String = "/",
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, by its name in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The query as the request line carries it, without the question mark.
    package var queryText: String {
        query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }

    /// The path with its query, as the request line carries them.
    package var target: String {
        query.isEmpty ? path : "\(path)?\(queryText)"
    }
}
