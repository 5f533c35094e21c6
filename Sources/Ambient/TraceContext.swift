/// A step of a trace: all that one request set in motion, in every program that takes part in it.
///
/// It is two numbers and a flag, so that anybody's may stand in a log and in a row. What the caller's tracing system keeps
/// beside them (`tracestate`) is not carried on. Source: W3C Trace Context, section 3.2.
package struct TraceContext: Sendable, Hashable {
    /// 32 hexadecimal digits: the same in every program.
    package let traceId: String
    /// 16 hexadecimal digits: of this one step.
    package let spanId: String
    /// Whether the caller keeps what it knows of the trace; it decides nothing here, for what is logged is logged.
    package let isSampled: Bool

    /// The step that the present task belongs to; nil: to none.
    @TaskLocal package static var current: TraceContext?

    private init(traceId: String, spanId: String, isSampled: Bool) {
        self.traceId = traceId
        self.spanId = spanId
        self.isSampled = isSampled
    }

    /// The first step of a new trace.
    package init(by chance: any Chance) {
        self.init(
            traceId: Self.digits(Self.traceDigits, by: chance),
            spanId: Self.digits(Self.spanDigits, by: chance),
            isSampled: true
        )
    }

    /// A step that this one caused.
    package func child(by chance: any Chance) -> TraceContext {
        TraceContext(traceId: traceId, spanId: Self.digits(Self.spanDigits, by: chance), isSampled: isSampled)
    }

    private static let traceDigits = 32
    private static let spanDigits = 16

    /// Random digits, which all zero would be none.
    private static func digits(_ count: Int, by chance: any Chance) -> String {
        var bytes = chance.bytes(count / 2)
        if bytes.allSatisfy({ $0 == 0 }) { bytes[bytes.count - 1] = 1 }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension TraceContext: LosslessStringConvertible, Codable {
    /// As it stands in the header `traceparent`.
    package var description: String { "00-\(traceId)-\(spanId)-\(isSampled ? "01" : "00")" }

    /// Reads a `traceparent`; nil where it is none, or of the forbidden version `ff`.
    ///
    /// Of a later version than `00` only what this one knows is read (section 4.3.1).
    package init?(_ text: String) {
        // The longest one that anybody writes: of later versions, too.
        guard text.utf8.count <= 512 else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isNumber(parts[0], digits: 2), parts[0] != "ff",
            parts[0] != "00" || parts.count == 4,
            Self.isNumber(parts[1], digits: Self.traceDigits), !Self.isZero(parts[1]),
            Self.isNumber(parts[2], digits: Self.spanDigits), !Self.isZero(parts[2]),
            Self.isNumber(parts[3], digits: 2), let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        self.init(traceId: String(parts[1]), spanId: String(parts[2]), isSampled: flags & 1 == 1)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let trace = TraceContext(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a traceparent")
        }
        self = trace
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Whether it has only digits and lower-case letters of hexadecimal, and as many.
    private static func isNumber(_ text: Substring, digits: Int) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    private static func isZero(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
    }
}
