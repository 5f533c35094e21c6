package import JSON

/// One page of a list, and the cursor of the next.
package struct Page<Item: Codable & Sendable>: Codable, Sendable {
    package var items: [Item]
    /// Null on the last page.
    @Nullable package var nextToken: String?

    package init(items: [Item], nextToken: String?) {
        self.items = items
        self.nextToken = nextToken
    }
}

/// An answer without a body: 204.
package struct NoContent: Codable, Sendable, Hashable {
    package init() {}
}

/// A stored object whose revision is its entity tag.
package protocol Revisioned {
    /// Grows by one with every PUT, and with nothing else.
    var revision: Int { get }
}
