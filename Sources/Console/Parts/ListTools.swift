package import Hypertext

/// What stands beside a list's filter: its saved views, and which of its columns are shown.
///
/// Both are plain forms, so that they work without script too.
package struct ListTools: Sendable {
    /// The list as it is now, from its first page on.
    let here: Link
    /// The table's name among the preferences, and its columns; nil where they cannot be chosen.
    let table: (name: String, columns: [Table.Column])?
    let preferences: Preferences

    package init(here: Link, table: (name: String, columns: [Table.Column])? = nil, preferences: Preferences) {
        self.here = here
        self.table = table
        self.preferences = preferences
    }

    private var views: [SavedView] { preferences.views.filter { $0.link.path == here.path } }

    package var html: HTML {
        """
        <div class="list-tools">\(shown)<details class="drop"><summary class="button small">Views</summary>\
        <div class="popover">\(saving)\(removing)</div></details>\(choosing)</div>
        """
    }

    private var shown: HTML {
        guard !views.isEmpty else { return .empty }
        return """
            <nav class="views" aria-label="Saved views">\(views.html {
                "<a href=\"\($0.link)\"\(attribute: "aria-current", $0.link == here ? "page" : nil)>\($0.name)</a>"
            })</nav>
            """
    }

    private var saving: HTML {
        guard preferences.views.count < SavedView.limit else {
            return "<p class=\"quiet\">\(SavedView.limit) views are as many as this browser keeps.</p>"
        }
        return """
            <form method="post" action="/ui/views" data-native><label for="view-name">Keep this filter as</label>\
            <input id="view-name" name="name" maxlength="\(SavedView.nameLength.upperBound)" required autocomplete="off">\
            <input type="hidden" name="address" value="\(here.address)"><button class="button small primary">Save view</button></form>
            """
    }

    private var removing: HTML {
        views.html {
            """
            <form method="post" action="/ui/views" data-native><input type="hidden" name="address" value="\($0.link.address)">\
            <button class="plain" name="remove" value="\($0.name)">Remove \($0.name)</button></form>
            """
        }
    }

    private var choosing: HTML {
        guard let table else { return .empty }
        let choosable = table.columns.dropFirst().filter(\.isChoosable)
        let hidden = preferences.hidden(in: table.name)
        return """
            <details class="drop"><summary class="button small">Columns</summary><div class="popover">\
            <form method="post" action="/ui/columns" data-native><fieldset><legend>Columns</legend>\
            \(choosable.html {
                """
                <label><input type="checkbox" name="\($0.key)"\(flag: "checked", !hidden.contains($0.key))>\
                <span>\($0.title)</span></label>
                """
            })</fieldset><input type="hidden" name="table" value="\(table.name)">\
            <input type="hidden" name="columns" value="\(choosable.map(\.key).joined(separator: " "))">\
            <input type="hidden" name="return" value="\(here.address)">\
            <button class="button small primary">Show these</button></form></div></details>
            """
    }
}

/// What acts on all rows that are selected: they have a box of the kind `Selection.box`.
package enum Selection {
    /// The box of a row.
    static func box(_ value: String, of label: String, name: String? = nil) -> HTML {
        """
        <input type="checkbox" data-select value="\(value)"\(attribute: "name", name) aria-label="Select \(label)">
        """
    }

    /// The box of a row that cannot be selected, and why.
    static func noBox(_ why: String) -> HTML {
        "<input type=\"checkbox\" data-select disabled title=\"\(why)\" aria-label=\"\(why)\">"
    }

    /// The bar above the rows; it is not seen where no row has a box.
    static func bar(_ all: String, actions: HTML) -> HTML {
        """
        <div class="bulk"><label class="choice"><input type="checkbox" data-select-all><span>\(all)</span></label>\(actions)</div>
        """
    }
}
