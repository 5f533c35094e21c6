internal import Console
internal import HTTPTypes
internal import Hummingbird
internal import Hypertext

/// What somebody keeps of lists in their browser: views by name, and columns.
///
/// It is nobody's secret and changes nothing but looks, so nobody is asked who they are; but only a page of ours may do it.
extension Pages {
    func bindLists(_ calls: inout Bindings) {
        calls.on(.post, "/ui/views") { exchange in
            await kept(exchange) { fields, preferences in
                preferences.views = try Self.views(preferences.views, changedBy: fields)
                let value = SavedView.cookieValue(preferences.views)
                return (SavedView.cookie, value, fields["address"])
            }
        }
        calls.on(.post, "/ui/columns") { exchange in
            await kept(exchange) { fields, preferences in
                let columns = (fields["columns"] ?? "").split(separator: " ").map(String.init)
                let hidden = columns.filter { fields[$0] == nil }
                guard preferences.hide(hidden, in: fields["table"] ?? "") else {
                    throw Problem(.invalidRequest, "There is no such table, or it has no such columns.")
                }
                return (Preferences.cookie, preferences.cookieValue, fields["return"])
            }
        }
    }

    /// Changes a cookie by a form, and leads back to the list.
    private func kept(
        _ exchange: Exchange,
        _ change: (FormFields, inout Preferences) throws -> (cookie: String, value: String, back: String?)
    ) async -> Response {
        do {
            try SameOrigin.require(exchange, origin: origins.origin(of: exchange), json: false)
            let fields = try await FormFields.body(of: exchange)
            var preferences = Visit.preferences(in: exchange.headers)
            let (cookie, value, back) = try change(fields, &preferences)
            let list = back.flatMap { Link(local: $0) }?.address ?? "/"
            return Response(
                status: .seeOther,
                headers: [.location: list, .setCookie: Self.keeping(cookie, value)]
            )
        } catch {
            return answer(error, exchange, to: nil)
        }
    }

    /// The views with one more, in the place of one of the same name; or with one less.
    private static func views(_ views: [SavedView], changedBy fields: FormFields) throws -> [SavedView] {
        let address = fields["address"] ?? ""
        guard let view = SavedView(name: fields["remove"] ?? fields["name"] ?? "", address: address) else {
            let length = SavedView.nameLength.upperBound
            throw Problem(.invalidRequest, "A view has a name of at most \(length) characters, and is of a list.")
        }
        let others = views.filter { $0.name != view.name || $0.isOfAnotherList(than: view) }
        guard fields["remove"] == nil else { return others }
        guard others.count < SavedView.limit else {
            throw Problem(.invalidRequest, "\(SavedView.limit) views are as many as a browser keeps: remove one first.")
        }
        return others + [view]
    }

    /// Seconds that a browser keeps preferences: a year.
    private static let age = 31_536_000

    /// A cookie of somebody's looks.
    static func keeping(_ cookie: String, _ value: String) -> String {
        "\(cookie)=\(value); Path=/; Max-Age=\(age); SameSite=Lax"
    }
}
