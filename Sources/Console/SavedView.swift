package import Hypertext

/// A list as somebody wants to find it again: its filter and its order, under a name of theirs.
package struct SavedView: Sendable, Hashable {
    package let name: String
    /// The list with its query.
    package let link: Link

    /// Characters of a name, and of an address: a filter of some words.
    package static let nameLength = 1...40
    static let longestAddress = 500
    /// Views that somebody has: as many as the cookie that keeps them holds.
    package static let limit = 12

    /// A view of one of the console's lists; nil where the name or the address is none.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - address: The list's path with its query.
    package init?(name: String, address: String) {
        let name = name.split(separator: " ").joined(separator: " ")
        guard Self.nameLength.contains(name.count), address.utf8.count <= Self.longestAddress,
            let link = Link(local: address), Self.lists.contains(link.path)
        else { return nil }
        self.name = name
        self.link = link
    }

    /// Whether they are of different lists, which may have views of the same name.
    package func isOfAnotherList(than other: SavedView) -> Bool { link.path != other.link.path }

    /// The lists that have views.
    private static let lists: Set = ["/servers", "/protection-groups", "/recovery-plans", "/executions", "/audit"]

    /// The cookie that keeps them in this browser, a name and an address each.
    package static let cookie = "muster_views"

    /// The cookie's value: names and addresses as a query.
    package static func cookieValue(_ views: [SavedView]) -> String {
        let query: Link = "/"
        return String(query.with(views.map { ($0.name, $0.link.address) }).address.dropFirst(2))
    }
}

extension Link {
    /// The address without its query.
    var path: String { String(address.prefix { $0 != "?" && $0 != "#" }) }
}
