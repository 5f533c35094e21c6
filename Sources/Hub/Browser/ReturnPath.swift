internal import Hypertext

/// Where a browser goes after its sign-in: a path of ours and nothing else, or sign-in would send people anywhere.
struct ReturnPath: Sendable, Hashable {
    /// The console's first page.
    static let home = ReturnPath(unchecked: "/")

    let text: String

    /// Longer than any address of the console.
    private static let longest = 2048
    /// After these somebody would be signed out again, or begin anew.
    private static let circles = ["/sign-in", "/sign-out", "/signed-out", "/auth"]

    private init(unchecked text: String) {
        self.text = text
    }

    /// Nil for what is no local path as `Link(local:)` has it, is too long, or leads in a circle.
    init?(_ text: String) {
        guard text.utf8.count <= Self.longest, let link = Link(local: text), !text.contains(";") else { return nil }
        let path = text.prefix { $0 != "?" && $0 != "#" }
        guard !Self.circles.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) else { return nil }
        self.text = link.address
    }
}
