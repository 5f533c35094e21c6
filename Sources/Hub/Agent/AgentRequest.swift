internal import Ambient
internal import Hummingbird
internal import JSON
internal import HTTPTypes
internal import OpenSSL

extension Exchange {
    /// The body as a message of the agent protocol; unlike the REST API it takes members it does not know, so that a
    /// newer spoke can talk to an older hub.
    func message<Message: Decodable>(_ type: Message.Type = Message.self) async throws -> Message {
        guard let json = try await request.json() else {
            throw Problem(.invalidRequest, "The body is missing.", errors: [.init(pointer: "", message: "is missing")])
        }
        do {
            return try json.decoded(as: type)
        } catch let error as DecodingError {
            let (pointer, message) = Self.explained(error)
            throw Problem(
                .invalidRequest,
                "The body is not a message of the agent protocol.",
                errors: [.init(pointer: pointer, message: message)]
            )
        }
    }

    private static func explained(_ error: DecodingError) -> (pointer: String, message: String) {
        func pointer(_ path: [any CodingKey]) -> String {
            path.map { "/\($0.intValue.map(String.init) ?? $0.stringValue)" }.joined()
        }
        return switch error {
        case .keyNotFound(let key, let context): (pointer(context.codingPath + [key]), "is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            (pointer(context.codingPath), context.debugDescription)
        @unknown default: ("", "cannot be read")
        }
    }

    /// The hash of the bearer token; nil where there is none of ours.
    var agentTokenHash: [UInt8]? {
        guard let header = headers[.authorization], header.lowercased().hasPrefix("bearer "),
            let token = Base64URL.decode(String(header.dropFirst(7))), token.count == AgentToken.length
        else { return nil }
        return SHA256.digest(token)
    }
}

/// The secrets that the hub gives to spokes; each is kept as its hash only.
enum AgentToken {
    /// 256 bits cannot be guessed.
    static let length = 32

    /// A new one, as text, with the hash under which it is kept.
    static func make() -> (text: String, hash: [UInt8]) {
        let bytes = SecureRandom.bytes(length)
        return (Base64URL.encode(bytes), SHA256.digest(bytes))
    }
}
