internal import Audit
internal import NIOCore
internal import PostgreSQL
internal import Store

/// The chain as an export, read as it is sent: from where it begins to a head that was the newest when it began.
struct AuditStream: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let pool: Pool
    let start: AuditVerifier.Start
    /// Nil: nothing is sealed yet.
    let end: AuditHead?
    /// Whether the text of an event is shown; else its digest.
    let isShown: @Sendable (AuditEvent) -> Bool

    /// Rows of one reading.
    private static let batch = 500

    func makeAsyncIterator() -> Iterator {
        Iterator(stream: self)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let stream: AuditStream
        private var sequence: Int
        private var head: Int
        private var hasBegun = false

        fileprivate init(stream: AuditStream) {
            self.stream = stream
            sequence = stream.start.place.sequence
            head = stream.start.head
        }

        @concurrent mutating func next() async throws -> ByteBuffer? {
            var lines: [AuditExport] = []
            if !hasBegun {
                hasBegun = true
                lines.append(.start(stream.start))
            }
            if let end = stream.end, head < end.number {
                lines += try await more(until: end)
            }
            guard !lines.isEmpty else { return nil }
            return ByteBuffer(string: lines.map { $0.line + "\n" }.joined())
        }

        /// The next heads, each after the events that it is of.
        private mutating func more(until end: AuditHead) async throws -> [AuditExport] {
            var lines: [AuditExport] = []
            let heads = try await stream.pool.run(AuditReading.heads(after: head, limit: AuditStream.batch))
            guard !heads.isEmpty else {
                head = end.number
                return []
            }
            for stored in heads where stored.number <= end.number && lines.count < AuditStream.batch {
                while sequence < stored.sequence {
                    let limit = Swift.min(AuditStream.batch, stored.sequence - sequence)
                    let links = try await stream.pool.run(AuditReading.links(after: sequence, limit: limit))
                    lines += links.filter { $0.link.sequence <= stored.sequence }.map { .link(shown($0.link)) }
                    // Where rows are gone the export shows it, and goes on behind.
                    sequence = links.isEmpty ? stored.sequence : links.last?.link.sequence ?? stored.sequence
                }
                lines.append(.head(stored.signed))
                head = stored.number
            }
            if let last = heads.last, last.number > end.number, lines.isEmpty { head = end.number }
            return lines
        }

        private func shown(_ link: AuditVerifier.Link) -> AuditVerifier.Link {
            guard case .text(let text) = link.content, let event = AuditEvent(text: text), !stream.isShown(event) else {
                return link
            }
            var hidden = link
            hidden.content = .digest(Chain.digest(of: text))
            return hidden
        }
    }
}
