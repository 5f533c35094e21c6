internal import Hummingbird

/// The names and values of a query, or of a form's body, each name once.
struct FormFields: Sendable {
    private let values: [String: String]

    /// Bytes of a form: a code and some words.
    static let longestBody = 8192

    /// Nil where it is not percent-encoded, or a name stands there twice: then nobody could say which one counts.
    init?(_ text: String) {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0], plusIsSpace: true),
                let value = PercentCoding.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true),
                values.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }

    /// The query of a request.
    ///
    /// - Throws: `Problem` 400.
    static func query(of exchange: Exchange) throws -> FormFields {
        guard let fields = FormFields(exchange.request.uri.query ?? "") else {
            throw Problem(.invalidRequest, "The query is not percent-encoded UTF-8, or has a parameter twice.")
        }
        return fields
    }

    /// The form in a request's body.
    ///
    /// - Throws: `Problem` 400, 413, 415.
    static func body(of exchange: Exchange) async throws -> FormFields {
        let type = exchange.headers[.contentType].flatMap(MediaType.init)
        guard type?.name == "application/x-www-form-urlencoded" else {
            throw Problem(.unsupportedMediaType, "The body must be a form.")
        }
        let bytes = try await exchange.request.bytes(limit: longestBody)
        guard let text = String(validating: bytes, as: UTF8.self), let fields = FormFields(text) else {
            throw Problem(.invalidRequest, "The form is not percent-encoded UTF-8, or has a field twice.")
        }
        return fields
    }
}
