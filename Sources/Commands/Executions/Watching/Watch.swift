internal import Ambient
internal import Contract
internal import Recovery

/// Shows an execution while it goes on, as bars or as lines, and answers how it ended.
struct Watch {
    private let session: Session
    private let execution: Execution.ID
    private let isUntilPaused: Bool
    private let isLive: Bool

    init(_ session: Session, _ execution: Execution.ID, untilPaused: Bool, plain: Bool = false) {
        self.session = session
        self.execution = execution
        isUntilPaused = untilPaused
        isLive = session.terminal.isInteractive && !plain && !session.output.isQuiet
    }

    /// A live clock wants a second; lines have time until something happens.
    private var tick: Duration { .seconds(isLive ? 1 : 5) }

    /// Watches until the execution has ended, or waits for a person where that is enough.
    func run() async throws -> ExitStatus {
        let follower = Follower(session.client, execution, readsJournal: !isLive && !session.output.isQuiet)
        var screen = LiveScreen(session.terminal)
        var wasSilent = false
        var ending = ExitStatus.failed
        try await follower.run(every: tick) { sight in
            if isLive {
                screen.draw(sight, at: session.client.ambient.now)
            } else {
                say(sight, &wasSilent)
            }
            guard let status = status(of: sight.execution) else { return true }
            ending = status
            if !session.output.isQuiet { end(sight.execution) }
            return false
        }
        return ending
    }

    private func say(_ sight: Follower.Sight, _ wasSilent: inout Bool) {
        let isSilent = sight.silence != nil
        if isSilent, !wasSilent {
            Terminal.notice("muster: the hub does not answer; the execution goes on, and so does the watching")
        }
        wasSilent = isSilent
        guard !sight.news.isEmpty else { return }
        let waves = sight.execution.names
        let lines = sight.news.map { JournalLine.text($0, waves: waves) }
        session.terminal.line(lines.joined(separator: "\n"))
    }

    private func end(_ execution: ExecutionView) {
        if execution.status.isTerminal {
            session.terminal.line(JournalLine.ending(of: execution).joined(separator: "\n"))
        } else {
            session.terminal.line("PAUSED: it waits for a person (muster execution resume, or approve)")
        }
    }

    private func status(of execution: ExecutionView) -> ExitStatus? {
        switch execution.status {
        case .completed: .done
        case .partial: .partial
        case .failed: .executionFailed
        case .cancelled: .cancelled
        case .paused: isUntilPaused ? .paused : nil
        case .pending, .initiated, .running, .cancelling: nil
        }
    }
}

extension ExecutionView {
    /// The waves' names by their numbers.
    var names: [Int: String] {
        Dictionary((waves ?? []).map { ($0.waveNumber, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Frames on a terminal, each drawn over the one before.
struct LiveScreen {
    private let terminal: Terminal
    private var drawn = 0

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    mutating func draw(_ sight: Follower.Sight, at now: Instant) {
        let (width, height) = terminal.size
        let screen = ProgressScreen(
            width: width,
            height: height,
            style: terminal.style,
            showsUnicode: terminal.showsUnicode
        )
        var lines = screen.lines(for: sight.execution, at: now)
        if sight.silence != nil {
            var line = StyledLine()
            line.add("    the hub does not answer; trying again", .warning)
            lines.append(line.text(terminal.style, fitting: width))
        }
        // Up to where the last frame began; every line is cleared before it is written, and what is left below at last.
        var frame = drawn > 0 ? "\r\u{1B}[\(drawn)A" : ""
        for line in lines { frame += "\u{1B}[2K\(line)\n" }
        terminal.write(frame + "\u{1B}[J")
        drawn = lines.count
    }
}
