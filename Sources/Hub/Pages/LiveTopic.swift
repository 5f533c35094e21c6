internal import Ambient
internal import Console
internal import Contract
internal import Recovery

/// What a page wants to be told of while it is open.
enum LiveTopic: Sendable, Hashable {
    case execution(Execution.ID)
    case wall(Execution.ID)
    /// What runs, in lists and on the dashboard.
    case overview

    /// Reads the page's topics; of several the first that is known counts.
    init?(_ text: String) {
        for part in text.split(separator: ",") {
            let words = part.split(separator: ":", maxSplits: 1)
            let id = words.count == 2 ? Execution.ID(String(words[1])) : nil
            switch (words.first, id) {
            case ("execution", let id?): self = .execution(id)
            case ("wall", let id?): self = .wall(id)
            case ("executions", nil), ("attention", nil): self = .overview
            default: continue
            }
            return
        }
        return nil
    }
}

/// One event of the live stream.
struct LiveEvent: Sendable, Hashable {
    let name: String
    let data: String

    /// As the HTML standard frames it (section 9.2.6): a line of data for each line of the text.
    var text: String {
        let lines = data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return "event: \(name)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
}

extension ExecutionView {
    /// What is worth saying aloud of a change: milestones politely, what needs somebody at once.
    func news(since old: ExecutionView) -> [LiveEvent] {
        var events: [LiveEvent] = []
        for (wave, before) in zip(waves ?? [], old.waves ?? []) where wave.status != before.status {
            let launched = wave.servers.count { $0.status == .launched }
            let label = Status(wave).label.lowercased()
            if wave.status.isSettled {
                let text = "Wave \(wave.waveNumber + 1) \(label), \(launched) of \(wave.servers.count) launched"
                events.append(LiveEvent(name: "milestone", data: text))
            } else if wave.status == .paused, wave.waitingFor?.kind == .approval {
                events.append(LiveEvent(name: "alarm", data: "Approval needed before wave \(wave.waveNumber + 1)"))
            }
        }
        if status != old.status {
            let isBad = status == .failed
            let text = isBad ? "Run failed" : "The run is now \(Status(status).label.lowercased())"
            events.append(LiveEvent(name: isBad ? "alarm" : "milestone", data: text))
        }
        return events
    }
}
