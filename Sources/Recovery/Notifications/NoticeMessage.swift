/// Notices folded into what one delivery says.
package struct NoticeMessage: Sendable, Hashable {
    package struct Count: Sendable, Hashable, Codable {
        package var kind: Notice.Kind
        package var count: Int

        package init(kind: Notice.Kind, count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    package let subject: String
    package let count: Int
    /// How many there are of each kind, in the order of the kinds.
    package let counts: [Count]
    /// The notices that are shown, the oldest first; the others are only counted.
    package let shown: [Notice]

    /// Notices that one message shows: what somebody reads before they open the console.
    package static let mostShown = 20

    /// - Parameter notices: One or more, the oldest first.
    package init(folding notices: [Notice]) {
        count = notices.count
        counts = Notice.Kind.allCases.compactMap { kind in
            let count = notices.count { $0.kind == kind }
            return count == 0 ? nil : Count(kind: kind, count: count)
        }
        shown = Array(notices.prefix(Self.mostShown))
        subject = notices.count == 1 ? notices[0].title : "\(notices.count) events: \(Self.words(counts))"
    }

    private static func words(_ counts: [Count]) -> String {
        counts.map { "\($0.count) \($0.kind.rawValue)" }.joined(separator: ", ")
    }

    /// The message as plain text; `link` answers where a notice leads.
    package func text(linking link: (Notice) -> String?) -> String {
        var blocks: [String] = []
        if count > 1 { blocks.append("\(count) events: \(Self.words(counts)).") }
        blocks += shown.map { notice in
            [count > 1 ? "\(notice.at) \(notice.title)" : notice.title, notice.text, link(notice) ?? ""]
                .filter { !$0.isEmpty }.joined(separator: "\n")
        }
        if count > shown.count { blocks.append("And \(count - shown.count) more.") }
        return blocks.joined(separator: "\n\n") + "\n"
    }
}
