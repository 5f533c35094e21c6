package import Hypertext

/// What the address says of a list: what it is narrowed to, its order, and which page of it is shown.
package struct ListQuery: Sendable {
    let path: Link
    package let text: String?
    package let sort: String
    let usualSort: String
    package let token: String?
    package let nextToken: String?
    /// The other filters, by name.
    let filters: [(name: String, value: String?)]

    /// - Parameters:
    ///   - path: The list's address.
    ///   - sort: The usual order.
    ///   - given: The order asked for.
    ///   - text: What is searched for.
    ///   - filters: The other filters, by name.
    ///   - token: The cursor that this page began at.
    ///   - nextToken: The cursor of the next page.
    package init(
        _ path: Link,
        sort: String,
        given: String? = nil,
        text: String? = nil,
        filters: [(name: String, value: String?)] = [],
        token: String? = nil,
        nextToken: String? = nil
    ) {
        self.path = path
        usualSort = sort
        self.sort = given ?? sort
        self.text = text
        self.filters = filters
        self.token = token
        self.nextToken = nextToken
    }

    var isNarrowed: Bool {
        !text.isEmptyOrNil || filters.contains { !$0.value.isEmptyOrNil }
    }

    var keptSort: String? { sort == usualSort ? nil : sort }

    /// How many there are, as far as this page knows.
    func count(_ shown: Int) -> String {
        nextToken == nil && token == nil ? "\(shown)" : "\(shown)+"
    }

    /// The list as it is narrowed and sorted, from its first page on.
    var here: Link { link(sort: sort, token: nil) }

    private func link(sort: String, token: String?) -> Link {
        path.with([("q", text), ("sort", sort == usualSort ? nil : sort)] + filters + [("nextToken", token)])
    }

    var sorting: Table.Sorting {
        Table.Sorting(current: sort) { [self] in link(sort: $0, token: nil) }
    }

    func pagination(_ shown: Int) -> HTML {
        Pagination(
            shown: shown,
            next: nextToken.map { link(sort: sort, token: $0) },
            first: token == nil ? nil : link(sort: sort, token: nil)
        ).html
    }
}
