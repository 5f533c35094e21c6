internal import Conductor
internal import Contract
internal import JSON
internal import NIOCore
internal import PostgreSQL
internal import Recovery
internal import ServiceLifecycle
internal import Store

/// An execution's journal as server-sent events: what is stored first, then what happens, until all is over.
///
/// Nothing is read before it is asked for, so a slow reader slows only itself. A stopping hub ends the feed; the client
/// resumes where it was (`Last-Event-ID`) at another.
struct JournalFeed: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// Events read and sent in one go.
    private static let batch = 200

    let id: Execution.ID
    /// The sequence number after which it begins.
    let start: Int
    let conductor: Conductor
    let pool: Pool
    /// What the reader may do now: asked again and again, so that a stream ends when its reader is signed out, or may not
    /// see it any more; nil: nobody is signed in.
    let access: @Sendable () async throws -> Access?

    func makeAsyncIterator() -> Iterator {
        Iterator(feed: self)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let feed: JournalFeed
        private var after: Int
        private var wakeUps: AsyncCancelOnGracefulShutdownSequence<AsyncStream<Void>>.AsyncIterator
        /// There may be more than was read last.
        private var isBehind = false
        private var isOver = false
        private var window = JournalWindow(on: .none, of: nil)

        fileprivate init(feed: JournalFeed) {
            self.feed = feed
            after = feed.start
            wakeUps = feed.conductor.changes(of: feed.id).cancelOnGracefulShutdown().makeAsyncIterator()
        }

        @concurrent mutating func next() async throws -> ByteBuffer? {
            if !isBehind {
                guard !isOver, await wakeUps.next() != nil else { return nil }
                // Asked before the events are read, so that an end seen here has its last event among them.
                let execution = try await feed.conductor.execution(feed.id)
                isOver = execution?.isOver ?? true
                guard let access = try await feed.access(), access.may(.viewResources),
                    access.view.shows(execution?.plan.places.map(\.accountId) ?? [])
                else { return nil }
                window = JournalWindow(on: access.view, of: execution)
            }
            let events = try await feed.pool.run(
                JournalStatements.events(of: feed.id, after: after, limit: JournalFeed.batch)
            )
            after = events.last?.sequence ?? after
            isBehind = events.count == JournalFeed.batch
            // A comment line says to proxies and clients that the stream lives.
            guard !events.isEmpty else { return ByteBuffer(string: ": alive\n\n") }
            return ByteBuffer(string: try events.map { try Self.text(of: window.view($0)) }.joined())
        }

        private static func text(of event: JournalView) throws -> String {
            "id: \(event.sequence)\nevent: journal\ndata: \(try JSON(encoding: event).text)\n\n"
        }
    }
}
