internal import Ambient
internal import Contract
internal import JSON
internal import Recovery
internal import Store

/// One page of a list: how many items, and where the page before ended.
///
/// One row more than a page holds is asked for; if it is there, there is a next page.
struct Paging {
    private let order: String
    private let size: Int
    /// What the page before ended with; nil on the first page.
    let keys: [String]?

    /// - Parameters:
    ///   - limit: How many items the caller wants; nil: the default.
    ///   - token: The cursor that the page before ended with.
    ///   - order: The list and its order, which the cursor must be of.
    ///   - count: How many keys the order has.
    /// - Throws: `Problem` 400 for a cursor of another list.
    init(_ limit: Int?, _ token: String?, order: String, keys count: Int) throws {
        self.order = order
        size = limit ?? Limits.defaultPageSize
        guard let token else {
            keys = nil
            return
        }
        guard let cursor = Cursor(token, order: order, keys: count) else { throw Self.foreignCursor }
        keys = cursor.keys
    }

    /// A cursor of another list, or with keys that are none.
    static let foreignCursor = Problem.invalid(
        [JSON.Problem(pointer: "/nextToken", message: "is no cursor that this list ended with in this order")],
        "The query"
    )

    /// How many rows to ask for.
    var limit: Int { size + 1 }

    /// The page that the rows make.
    func page<Row, Item>(of rows: [Row], as item: (Row) -> Item, keys: (Row) -> [String]) -> Page<Item> {
        let shown = rows.prefix(size)
        let cursor = rows.count > size ? shown.last.map { Cursor(order: order, keys: keys($0)) } : nil
        return Page(items: shown.map(item), nextToken: cursor?.token)
    }

    /// The page that the items make.
    func page<Item>(of items: [Item], keys: (Item) -> [String]) -> Page<Item> {
        page(of: items, as: { $0 }, keys: keys)
    }

    /// The key at an index as a value; nil on the first page.
    ///
    /// - Throws: `Problem` 400 when it is none.
    func key<Value>(_ index: Int, as read: (String) -> Value?) throws -> Value? {
        guard let keys else { return nil }
        guard let value = read(keys[index]) else { throw Self.foreignCursor }
        return value
    }

    /// The key of an order by time; nil on the first page.
    func time() throws -> Instant? {
        try key(0) { Instant($0) }
    }

    /// Both keys of an order by name, then identifier; nil on the first page.
    func nameAndIdentifier<Value>(as read: (String) -> Value?) throws -> (String, Value)? {
        guard let keys, let identifier = try key(1, as: read) else { return nil }
        return (keys[0], identifier)
    }
}
