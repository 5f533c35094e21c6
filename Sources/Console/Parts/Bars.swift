package import Contract
package import Hypertext
package import Recovery

/// One bar for all servers, cut by where they stand; each part of the legend is a filter.
package struct Distribution: Sendable {
    /// A part: how many, and of what kind.
    package struct Part: Sendable {
        let kind: Status.Kind
        let label: String
        let count: Int
        let link: Link?

        package init(_ kind: Status.Kind, _ label: String, _ count: Int, _ link: Link? = nil) {
            self.kind = kind
            self.label = label
            self.count = count
            self.link = link
        }
    }

    let parts: [Part]

    package init(_ parts: [Part]) {
        self.parts = parts
    }

    private var total: Int { max(1, parts.reduce(0) { $0 + $1.count }) }

    package var html: HTML {
        var x = 0.0
        let rects = parts.filter { $0.count > 0 }.html { part in
            let width = Double(part.count) / Double(total) * 100
            defer { x += width }
            return "<rect class=\"\(part.kind.rawValue)\" x=\"\(x)%\" width=\"\(width)%\" y=\"0\" height=\"10\"/>"
        }
        return """
            <svg class="distribution" height="10" aria-hidden="true"><rect class="ground" width="100%" height="10"/>\
            \(rects)</svg>\(Legend(parts).html)
            """
    }
}

extension ExecutionView.Counts {
    /// The parts of a bar, each leading to the servers of it.
    package func parts(_ link: ((ServerStatus) -> Link)? = nil) -> [Distribution.Part] {
        var parts = [
            Distribution.Part(.success, "launched", launched, link?(.launched)),
            Distribution.Part(.running, "launching", inProgress, link?(.inProgress)),
            Distribution.Part(.error, "failed", failed, link?(.failed)),
            Distribution.Part(.pending, "waiting", pending + queued, link?(pending > 0 ? .pending : .queued)),
        ]
        if skipped > 0 { parts.append(Distribution.Part(.stopped, "skipped", skipped, link?(.skipped))) }
        if cancelled > 0 { parts.append(Distribution.Part(.stopped, "cancelled", cancelled, link?(.cancelled))) }
        return parts
    }
}

/// A square a server, coloured by its state: how many are up, at a glance, for waves of a thousand.
package struct Blocks: Sendable {
    let servers: [ExecutionWaveView.Server]

    package init(_ servers: [ExecutionWaveView.Server]) {
        self.servers = servers
    }

    private static let size = 10
    private static let gap = 3
    private static let perRow = 50

    /// One path a state: a thousand squares in some twenty kilobytes.
    package var html: HTML {
        let step = Self.size + Self.gap
        let rows = (servers.count + Self.perRow - 1) / Self.perRow
        let columns = min(servers.count, Self.perRow)
        var paths: [Status.Kind: String] = [:]
        for (index, server) in servers.enumerated() {
            let (x, y) = (index % Self.perRow * step, index / Self.perRow * step)
            paths[Status(server.status).kind, default: ""] += "M\(x) \(y)h\(Self.size)v\(Self.size)h-\(Self.size)z"
        }
        return """
            <svg class="blocks" width="\(columns * step)" height="\(rows * step)" \
            viewBox="0 0 \(columns * step) \(rows * step)" aria-hidden="true">\(Status.Kind.allCases.html { kind in
                paths[kind].map { "<path class=\"\(kind.rawValue)\" d=\"\($0)\"/>" } ?? .empty
            })</svg>
            """
    }
}

/// How far something is, against what it may take.
package struct Meter: Sendable {
    let value: Double
    let isOver: Bool
    let label: String

    package init(_ value: Double, isOver: Bool = false, label: String) {
        self.value = value
        self.isOver = isOver
        self.label = label
    }

    package var html: HTML {
        let width = max(0, min(100, value * 100))
        return """
            <svg class="meter\(isOver ? " over" : "")" height="6" role="img" aria-label="\(label)">\
            <rect class="ground" width="100%" height="6" rx="3"/><rect class="fill" width="\(width)%" height="6" rx="3"/></svg>
            """
    }
}
