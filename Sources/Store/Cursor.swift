internal import JSON
internal import OpenSSL

/// Where a page of a list ended: the order of the list and the keys of its last item.
///
/// Its token is opaque to clients: base64url, so only `[A-Za-z0-9_-]`. It names the order, so that a token of one list
/// is not taken for one of another.
package struct Cursor: Sendable, Hashable {
    package let order: String
    package let keys: [String]

    package init(order: String, keys: [String]) {
        self.order = order
        self.keys = keys
    }

    /// Reads a token; nil when it is none that a list of this order and this many keys ended with.
    package init?(_ token: String, order: String, keys count: Int) {
        guard let bytes = Base64URL.decode(token), let value = try? JSON(parsing: bytes), let parts = value.array,
            parts.count == count + 1, parts.first?.string == order
        else { return nil }
        let keys = parts.dropFirst().compactMap(\.string)
        guard keys.count == count else { return nil }
        self.init(order: order, keys: keys)
    }

    package var token: String {
        Base64URL.encode(JSON.array(([order] + keys).map { .string($0) }).bytes)
    }
}
