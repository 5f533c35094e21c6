internal import HTTPTypes
package import Hummingbird
package import JSON
internal import NIOCore
internal import Recovery

extension Request {
    /// The whole body.
    ///
    /// - Throws: `Problem` 413 when it is over the limit: told before it is read where `Content-Length` says so.
    package func bytes(limit: Int = Limits.bodyBytes) async throws -> [UInt8] {
        let tooLarge = Problem(.bodyTooLarge, "The body is over the limit of \(limit) bytes.")
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        do {
            return Array(buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    /// The body as JSON, strictly; nil when it is empty.
    ///
    /// - Throws: `Problem` 413, 415 or 400 with the position.
    package func json(limit: Int = Limits.bodyBytes) async throws -> JSON? {
        let bytes = try await bytes(limit: limit)
        guard !bytes.isEmpty else { return nil }
        try requireJSON()
        do throws(JSON.SyntaxError) {
            return try JSON(parsing: bytes)
        } catch {
            throw Problem(
                .malformedJSON,
                "The body is not valid JSON: \(error).",
                errors: [JSON.Problem(pointer: "", message: error.description)]
            )
        }
    }

    private func requireJSON() throws {
        if let coding = headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType,
                "The body must not be compressed.",
                headers: [.acceptEncoding: "identity"]
            )
        }
        let type = headers[.contentType].map(MediaType.init) ?? nil
        guard let type, type.name == "application/json", type.charset == nil || type.charset == "utf-8" else {
            throw Problem(
                .unsupportedMediaType,
                "The body must be application/json in UTF-8, and Content-Type must say so.",
                headers: [.accept: "application/json"]
            )
        }
    }
}

/// A media type with what we need of its parameters.
package struct MediaType: Sendable, Hashable {
    /// In lower case, without parameters.
    package let name: String
    package let charset: String?
    /// The weight in `Accept`, 1 unless said.
    package let weight: Double

    /// Nil for what is no media type.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map {
            $0.trimmingBlanks.lowercased()
        }
        guard let name = parts.first, name.split(separator: "/", omittingEmptySubsequences: false).count == 2 else {
            return nil
        }
        self.name = name
        func parameter(_ name: String) -> String? {
            parts.dropFirst().first { $0.hasPrefix(name + "=") }.map { value in
                let value = value.dropFirst(name.count + 1)
                return String(value.hasPrefix("\"") && value.count > 1 ? value.dropFirst().dropLast() : value)
            }
        }
        charset = parameter("charset")
        weight = parameter("q").flatMap { Double($0) } ?? 1
    }
}

extension StringProtocol {
    /// The text without blanks and tabs at either end, as header values are to be read.
    var trimmingBlanks: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }
}
