internal import Ambient
internal import Conductor
internal import Console
internal import Contract
internal import Hypertext
internal import NIOCore
internal import Recovery
internal import ServiceLifecycle

/// A page's live stream: all its fragments first, then those that change, until the page goes or the hub stops.
///
/// There is no log to replay: whoever connects gets what is so now, and so converges whatever was missed. A stopping hub
/// ends the stream; without that the server's shutdown would wait for it for ever.
struct LiveFeed: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let visit: Visit
    let topic: LiveTopic
    /// Which servers the page shows.
    let selection: ExecutionPage.Selection
    let conductor: Conductor
    let shared: LiveFragments

    func makeAsyncIterator() -> Iterator {
        Iterator(feed: self)
    }

    /// Rows sent one by one; when more change at once the page is better served by its next request.
    private static let rowLimit = 200

    struct Iterator: AsyncIteratorProtocol {
        private let feed: LiveFeed
        private var visit: Visit
        private var wakeUps: AsyncCancelOnGracefulShutdownSequence<AsyncStream<Void>>.AsyncIterator
        private var sent: [HTML] = []
        private var last: ExecutionView?
        private var isFirst = true
        private var isOver = false

        fileprivate init(feed: LiveFeed) {
            self.feed = feed
            visit = feed.visit
            let changes =
                switch feed.topic {
                case .execution(let id), .wall(let id): feed.conductor.changes(of: id)
                case .overview: feed.conductor.changes()
                }
            wakeUps = changes.cancelOnGracefulShutdown().makeAsyncIterator()
        }

        @concurrent mutating func next() async throws -> ByteBuffer? {
            guard !isOver, await wakeUps.next() != nil else { return nil }
            var text = isFirst ? "retry: 1000\n\n" + LiveEvent(name: "reload", data: Assets.version).text : ""
            do {
                // Who is signed out, or has lost a role, sees nothing more.
                if !isFirst { visit = try await visit.renewed() }
                text += try await events().map(\.text).joined()
            } catch let problem as Problem where problem.status == 401 {
                isOver = true
                text += LiveEvent(name: "signed-out", data: problem.detail).text
            } catch is Problem {
                // The execution is hidden, or out of scope: the page's next request says so.
                isOver = true
            }
            isFirst = false
            return ByteBuffer(string: text.isEmpty ? LiveEvent(name: "alive", data: "").text : text)
        }

        private mutating func events() async throws -> [LiveEvent] {
            switch feed.topic {
            case .execution(let id), .wall(let id): try await events(of: id)
            case .overview: try await overview()
            }
        }

        private mutating func events(of id: Execution.ID) async throws -> [LiveEvent] {
            let execution = try await visit.ask(GetExecution(executionId: id))
            let viewer = visit.quietViewer()
            var events = last.map { execution.news(since: $0) } ?? []
            let key = LiveFragments.key(feed.topic, execution, visit.access, at: viewer.now)
            // The journal is read only where the picture is not made already.
            var journal: [JournalView] = []
            let selection = feed.selection
            if execution.revision != last?.revision {
                journal = try await Pages.lastEvents(of: id, visit, log: selection.log)
            }
            var fragments = feed.shared.fragments(key) { feed.fragments(of: execution, viewer) }
            // Who looks at one event wants it to stand still.
            if !journal.isEmpty, selection.log.around == nil, case .execution = feed.topic {
                fragments.append(EventLog(journal, of: id, selection: selection).html)
            }
            if execution.revision != last?.revision, case .execution = feed.topic,
                let panel = try await Pages.panel(of: execution, selection, visit)
            {
                fragments.append(panel.html(for: viewer))
            }
            if case .wall = feed.topic {
                let known = journal.isEmpty ? try await Pages.lastEvents(of: id, visit) : journal
                fragments = [Wall(execution: execution, events: known, viewer: viewer).html]
            }
            if case .execution = feed.topic {
                let spokes = try await Pages.spokes(visit)
                fragments.append(ExecutionSilence(execution: execution, spokes: spokes, now: viewer.now).html)
            }
            if case .execution = feed.topic { fragments += feed.rows(of: execution, since: last, viewer) }
            events += patches(fragments)
            last = execution
            return events
        }

        private mutating func overview() async throws -> [LiveEvent] {
            let page = try await Pages.dashboard(visit)
            let viewer = visit.quietViewer()
            let rows = ExecutionsTable(executions: page.active, viewer: viewer).rows
            return patches([TopStatus(active: page.active.count).html] + page.liveParts(for: viewer) + rows)
        }

        /// Only what is not as it was sent before.
        private mutating func patches(_ fragments: [HTML]) -> [LiveEvent] {
            let fresh = fragments.filter { !sent.contains($0) && !$0.isEmpty }
            sent = fragments
            // A parser drops rows that stand after anything else: they go by themselves.
            let texts = fresh.map(\.description)
            let parts = [texts.filter { !$0.hasPrefix("<tr") }, texts.filter { $0.hasPrefix("<tr") }]
            return parts.filter { !$0.isEmpty }.map { LiveEvent(name: "patch", data: $0.joined()) }
        }
    }

    fileprivate func fragments(of execution: ExecutionView, _ viewer: Viewer) -> [HTML] {
        [
            ExecutionSummary(execution: execution, now: viewer.now).html,
            ExecutionNeeds(execution: execution, viewer: viewer).html,
            ExecutionTimeline(execution: execution, now: viewer.now).html,
            ExecutionActions(execution: execution, viewer: viewer).group,
        ]
    }

    /// At first the page's whole table, then the rows of servers that changed.
    fileprivate func rows(of execution: ExecutionView, since old: ExecutionView?, _ viewer: Viewer) -> [HTML] {
        guard let old else {
            return [ExecutionServers(execution: execution, selection: selection, viewer: viewer).html]
        }
        let before = Dictionary(
            (old.waves ?? []).flatMap(\.servers).map { ($0.sourceServerId, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let changed = (execution.waves ?? []).flatMap(\.servers).filter { before[$0.sourceServerId] != $0 }
        return changed.prefix(Self.rowLimit).map {
            ExecutionServers.fragment($0, of: execution, selection, for: viewer)
        }
    }
}
