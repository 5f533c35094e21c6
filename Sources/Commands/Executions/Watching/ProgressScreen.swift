package import Ambient
package import Contract
internal import Recovery

/// A frame of the live view: what an execution does, a bar a wave, made to fit the terminal.
package struct ProgressScreen: Sendable {
    package let width: Int
    package let height: Int
    package let style: Style
    package let showsUnicode: Bool

    package init(width: Int, height: Int, style: Style, showsUnicode: Bool = true) {
        self.width = width
        self.height = height
        self.style = style
        self.showsUnicode = showsUnicode
    }

    /// Columns of a wave's name at most; longer ones are cut.
    private static let nameLimit = 28
    private static let leastBar = 10
    private static let longestBar = 40
    /// Lines around the waves: headline, counts, times, one for what is left out on either side, and the cursor's.
    private static let otherLines = 6
    /// Failed servers that are named; the others are counted.
    private static let failuresShown = 3

    /// The lines of the frame, none wider than the terminal and no more than it has.
    package func lines(for execution: ExecutionView, at now: Instant) -> [String] {
        var lines = [headline(execution, now)]
        let waves = execution.waves ?? []
        let failures = failures(in: waves)
        let shown = window(of: waves, room: height - Self.otherLines - failures.count)
        if shown.lowerBound > 0 { lines.append(StyledLine("    \(counted(shown.lowerBound, "wave")) before", .faint)) }
        let names = waves[shown].map { DisplayWidth.of($0.name.printable) }
        let nameWidth = min(names.max() ?? 0, Self.nameLimit, width / 3)
        for wave in waves[shown] { lines.append(line(for: wave, nameWidth, now)) }
        let after = waves.count - shown.upperBound
        if after > 0 { lines.append(StyledLine("    \(counted(after, "wave")) after", .faint)) }
        lines += failures
        lines.append(counts(execution))
        if let times = times(execution) { lines.append(times) }
        return lines.map { $0.text(style, fitting: width) }
    }

    private func headline(_ execution: ExecutionView, _ now: Instant) -> StyledLine {
        let kind = execution.executionType == .drill ? "Drill" : "Recovery"
        var line = StyledLine("\(kind) of \(execution.planName.printable)  ", .strong)
        line.add(execution.status.rawValue, Tone(ofLabel: execution.status.rawValue))
        let seconds = ((execution.endedAt ?? now) - execution.startedAt).milliseconds / 1000
        line.add("  \(ClockText.of(seconds: Int(seconds)))")
        line.add("  \(execution.executionId)", .faint)
        return line
    }

    /// The waves there is room for: from shortly before the first that is not settled.
    private func window(of waves: [ExecutionWaveView], room: Int) -> Range<Int> {
        let room = max(1, room)
        guard waves.count > room else { return waves.indices }
        let current = waves.firstIndex { !$0.status.isSettled } ?? waves.count
        let start = min(max(0, current - room / 3), waves.count - room)
        return start..<(start + room)
    }

    private func line(for wave: ExecutionWaveView, _ nameWidth: Int, _ now: Instant) -> StyledLine {
        let number = String(wave.waveNumber)
        let name = DisplayWidth.fit(wave.name.printable, into: nameWidth)
        var line = StyledLine(String(repeating: " ", count: max(0, 3 - number.utf8.count)) + "\(number) ", .faint)
        line.add(DisplayWidth.pad(name, to: nameWidth) + "  ")
        let tail = tail(for: wave, now)
        // What is waited for is read in full before the bar has its length.
        let room = max(width - line.width - tail.width, min(Self.leastBar, width / 4))
        let bar = ProgressBar(Self.shares(of: wave))
        for piece in bar.pieces(in: min(room, Self.longestBar), inUnicode: showsUnicode) {
            line.add(piece.text, piece.tone)
        }
        for piece in tail.pieces { line.add(piece.text, piece.tone) }
        return line
    }

    /// What stands behind the bar: how many, the status, what is waited for, and for how long.
    private func tail(for wave: ExecutionWaveView, _ now: Instant) -> StyledLine {
        let launched = wave.servers.count { $0.status == .launched }
        var tail = StyledLine("  \(DisplayWidth.pad("\(launched)/\(wave.servers.count)", to: 7))  ")
        tail.add(wave.status.rawValue, Tone(ofLabel: wave.status.rawValue))
        if let waiting = wave.waitingFor { tail.add("  \(Self.text(of: waiting, wave))", .warning) }
        if let started = wave.startedAt {
            let seconds = ((wave.endedAt ?? now) - started).milliseconds / 1000
            tail.add("  \(ClockText.of(seconds: Int(seconds)))", .faint)
        }
        return tail
    }

    private static func shares(of wave: ExecutionWaveView) -> [(ProgressBar.Share, Int)] {
        var counts: [ProgressBar.Share: Int] = [:]
        for server in wave.servers {
            let share: ProgressBar.Share =
                switch server.status {
                case .launched: .launched
                case .failed: .failed
                case .inProgress: .inProgress
                case .queued: .queued
                case .skipped, .cancelled: .gone
                case .pending: .pending
                }
            counts[share, default: 0] += 1
        }
        return ProgressBar.Share.allCases.map { ($0, counts[$0] ?? 0) }
    }

    private static func text(of waiting: ExecutionWaveView.WaitingFor, _ wave: ExecutionWaveView) -> String {
        switch waiting.kind {
        case .pause: "waits: muster execution resume"
        case .approval: "waits: muster execution approve \(wave.waveNumber)"
        case .quota, .conflict, .aws: waiting.detail?.printable ?? "waits: \(waiting.kind.rawValue)"
        }
    }

    private func failures(in waves: [ExecutionWaveView]) -> [StyledLine] {
        let failed = waves.flatMap(\.servers).filter { $0.status == .failed }
        var lines = failed.prefix(Self.failuresShown).map { server in
            let name = server.hostname.map { " \($0.printable)" } ?? ""
            return StyledLine("    \(server.sourceServerId)\(name): \((server.error ?? "failed").printable)", .bad)
        }
        let others = failed.count - lines.count
        if others > 0 { lines.append(StyledLine("    and \(others) more that failed", .bad)) }
        return lines
    }

    private func counts(_ execution: ExecutionView) -> StyledLine {
        let counts = execution.counts
        let parts: [(Int, String, Tone)] = [
            (counts.launched, "launched", .good), (counts.inProgress, "in progress", .plain),
            (counts.queued, "queued", .plain), (counts.pending, "pending", .plain), (counts.failed, "failed", .bad),
            (counts.skipped, "skipped", .warning), (counts.cancelled, "cancelled", .warning),
        ]
        var line = StyledLine("    \(counted(counts.total, "server")): ")
        for (index, part) in parts.filter({ $0.0 > 0 }).enumerated() {
            line.add(index == 0 ? "" : ", ")
            line.add("\(part.0) \(part.1)", part.2)
        }
        return line
    }

    private func times(_ execution: ExecutionView) -> StyledLine? {
        let time = execution.recoveryTime
        guard time.objectiveSeconds != nil || time.forecastSeconds != nil else { return nil }
        let isLate = time.objectiveSeconds.map { max(time.elapsedSeconds, time.forecastSeconds ?? 0) > $0 } ?? false
        var line = StyledLine("    recovery time \(ClockText.of(seconds: time.elapsedSeconds))")
        if let objective = time.objectiveSeconds { line.add(" of \(ClockText.of(seconds: objective))") }
        if let forecast = time.forecastSeconds {
            line.add(", forecast \(ClockText.of(seconds: forecast))", isLate ? .bad : .plain)
        }
        return line
    }
}
