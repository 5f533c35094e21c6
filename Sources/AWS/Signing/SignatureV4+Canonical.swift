internal import OpenSSL

extension SignatureV4 {
    /// The request in the one form that both sides hash.
    ///
    /// - Parameters:
    ///   - request: The request with every header that is to be signed.
    ///   - names: The headers to sign, lower case; they are sorted here.
    /// - Returns: The text whose hash is signed.
    package static func canonicalRequest(_ request: SignableRequest, signing names: [String]) -> String {
        let sorted = names.sorted(by: precedes)
        let headers = sorted.map { "\($0):\(value(of: $0, in: request))\n" }.joined()
        return [
            request.method, canonicalPath(request.path), canonicalQuery(request.query), headers,
            sorted.joined(separator: ";"), Hex.encode(SHA256.digest(request.body)),
        ].joined(separator: "\n")
    }

    /// The names of the headers that are signed, lower case, sorted, each once.
    package static func signedHeaders(of request: SignableRequest) -> [String] {
        Set(request.headers.map { $0.name.lowercased() }).subtracting(unsignedHeaders).sorted(by: precedes)
    }

    /// The path without `.`, `..` and empty segments, and encoded once more than it is sent.
    ///
    /// RFC 3986 section 5.2.4 with the slashes folded; a path that ends in a slash keeps it.
    package static func canonicalPath(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: true)
        for segment in segments {
            switch segment {
            case ".": continue
            case "..": kept = kept.dropLast()
            default: kept.append(segment)
            }
        }
        let ending = !kept.isEmpty && (path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")) ? "/" : ""
        return PercentEncoding.encodePath("/" + kept.joined(separator: "/") + ending)
    }

    /// The query encoded, then sorted by name and value as bytes.
    package static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { left, right in left.0 == right.0 ? precedes(left.1, right.1) : precedes(left.0, right.0) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// All values of a header, in order, each trimmed and its runs of blanks folded into one.
    private static func value(of name: String, in request: SignableRequest) -> String {
        request.headers.filter { $0.name.lowercased() == name }
            .map { $0.value.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .joined(separator: ",")
    }

    /// Orders by bytes, as AWS does; Swift's own order of texts is by Unicode.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
