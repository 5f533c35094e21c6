package import Hypertext

/// The headline of a page: its one `h1`, what stands beside it, a line below, and actions at its right.
package struct Heading: Sendable {
    let title: String
    var count: String?
    var badges: HTML
    var note: HTML
    var actions: HTML

    package init(
        _ title: String,
        count: String? = nil,
        badges: HTML = .empty,
        note: HTML = .empty,
        actions: HTML = .empty
    ) {
        self.title = title
        self.count = count
        self.badges = badges
        self.note = note
        self.actions = actions
    }

    package var html: HTML {
        """
        <div class="heading"><div class="heading-title"><div class="headline"><h1>\(title)</h1>\
        \(count.map { "<span class=\"counter\">(\($0))</span>" as HTML })\(badges)</div>\
        \(if: !note.isEmpty, "<p class=\"note\">\(note)</p>")</div>\
        \(if: !actions.isEmpty, "<div class=\"actions\" id=\"actions\">\(actions)</div>")</div>
        """
    }
}

/// A surface with a headline of its own.
package struct Card: Sendable {
    let title: String
    var id: String?
    var count: String?
    var note: HTML
    var actions: HTML
    var content: HTML
    var className: String

    package init(
        _ title: String,
        id: String? = nil,
        count: String? = nil,
        note: HTML = .empty,
        actions: HTML = .empty,
        className: String = "",
        _ content: HTML
    ) {
        self.title = title
        self.id = id
        self.count = count
        self.note = note
        self.actions = actions
        self.content = content
        self.className = className
    }

    package var html: HTML {
        """
        <section class="card \(className)"\(attribute: "id", id)\(attribute: "aria-label", title)>\
        <div class="card-head"><h2>\(title)\(count.map { "<span class=\"counter\">(\($0))</span>" as HTML })</h2>\
        \(if: !actions.isEmpty, "<div class=\"actions\">\(actions)</div>")</div>\
        \(if: !note.isEmpty, "<p class=\"note\">\(note)</p>")\(content)</section>
        """
    }
}
