package import Hypertext

/// What stands under a list: how much is shown, and the way on.
///
/// Pages are read forward by a cursor; the browser's way back is the way back.
package struct Pagination: Sendable {
    let shown: Int
    let next: Link?
    let first: Link?

    /// - Parameters:
    ///   - shown: Rows on this page.
    ///   - next: The next page; nil on the last.
    ///   - first: The first page; nil when this is it.
    package init(shown: Int, next: Link?, first: Link?) {
        self.shown = shown
        self.next = next
        self.first = first
    }

    package var html: HTML {
        guard next != nil || first != nil else { return .empty }
        return """
            <nav class="pages" aria-label="Pages"><span class="quiet">\(shown) on this page</span>\
            \(first.map { "<a class=\"button small\" href=\"\($0)\" rel=\"first\">First page</a>" as HTML })\
            \(next.map { "<a class=\"button small\" href=\"\($0)\" rel=\"next\">Next page</a>" as HTML })</nav>
            """
    }
}

/// The filter of a list, kept in the address: a search text and choices, sent as soon as one is made.
package struct Filter: Sendable {
    /// A choice among few.
    package struct Choice: Sendable {
        let name: String
        let label: String
        let options: [(value: String, label: String)]
        let value: String?

        /// - Parameters:
        ///   - name: The query's parameter.
        ///   - label: What it is for people.
        ///   - value: What is chosen now.
        ///   - options: What can be; "any" is added.
        package init(_ name: String, _ label: String, value: String?, options: [(value: String, label: String)]) {
            self.name = name
            self.label = label
            self.value = value
            self.options = options
        }
    }

    let action: Link
    let search: (label: String, value: String?)?
    let choices: [Choice]
    /// Parameters that stay as they are, such as the order.
    let kept: [(name: String, value: String?)]
    /// Whether it is a choice that the page needs, and nothing that could be cleared.
    let isAlwaysWhole: Bool
    /// Tells the filters of a page apart.
    let label: String

    package init(
        _ action: Link,
        search: (label: String, value: String?)? = nil,
        choices: [Choice] = [],
        kept: [(name: String, value: String?)] = [],
        isAlwaysWhole: Bool = false,
        label: String = "Filter"
    ) {
        self.label = label
        self.isAlwaysWhole = isAlwaysWhole
        self.action = action
        self.search = search
        self.choices = choices
        self.kept = kept
    }

    /// Whether anything is narrowed.
    package var isActive: Bool {
        search?.value?.isEmpty == false || choices.contains { $0.value?.isEmpty == false }
    }

    package var html: HTML {
        """
        <form class="filter" action="\(action)" method="get" role="search" aria-label="\(label)" data-filter>\
        \(search.map(field))\(choices.html(choice))\
        \(kept.html { $0.value.isEmptyOrNil ? .empty : "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })\
        <button class="button">Apply</button>\(if: isActive && !isAlwaysWhole, "<a class=\"clear\" href=\"\(action)\">Clear filter</a>")</form>
        """
    }

    private func field(_ search: (label: String, value: String?)) -> HTML {
        """
        <span class="search-field">\(icon("search"))<input type="search" name="q" value="\(search.value)" \
        placeholder="\(search.label)" aria-label="\(search.label)" maxlength="128" autocomplete="off"></span>
        """
    }

    private func choice(_ choice: Choice) -> HTML {
        """
        <label class="choice"><span>\(choice.label)</span><select name="\(choice.name)"><option value="">Any</option>\
        \(choice.options.html {
            "<option value=\"\($0.value)\"\(flag: "selected", $0.value == choice.value)>\($0.label)</option>"
        })</select></label>
        """
    }
}

extension String? {
    var isEmptyOrNil: Bool { self?.isEmpty ?? true }
}

/// What stands where a list would be: nothing yet, or nothing that matches.
package struct Empty: Sendable {
    let title: String
    let text: String
    let action: HTML

    package init(_ title: String, _ text: String, action: HTML = .empty) {
        self.title = title
        self.text = text
        self.action = action
    }

    /// Nothing matches the filter.
    package static func noMatch(_ all: Link) -> Empty {
        Empty(
            "No matches",
            "Nothing here matches the filter.",
            action: "<a class=\"button\" href=\"\(all)\">Clear filter</a>"
        )
    }

    package var html: HTML {
        "<div class=\"empty\"><p><strong>\(title)</strong></p><p>\(text)</p>\(action)</div>"
    }
}

/// A message in the context of a section.
package struct Alert: Sendable {
    package enum Kind: String, Sendable {
        case info, success, warning, error, approval
    }

    let kind: Kind
    let title: String
    let text: HTML
    let actions: HTML
    var id: String?

    package init(_ kind: Kind, _ title: String, _ text: HTML = .empty, actions: HTML = .empty, id: String? = nil) {
        self.kind = kind
        self.title = title
        self.text = text
        self.actions = actions
        self.id = id
    }

    package var html: HTML {
        """
        <div class="alert \(kind.rawValue)"\(attribute: "id", id)>\(icon(kind.rawValue))<div class="alert-text">\
        <p><strong>\(title)</strong></p>\(if: !text.isEmpty, "<div>\(text)</div>")</div>\
        \(if: !actions.isEmpty, "<div class=\"actions\">\(actions)</div>")</div>
        """
    }
}

/// Facts by name.
package struct KeyValues: Sendable {
    let pairs: [(key: String, value: HTML)]
    let columns: Int

    package init(columns: Int = 4, _ pairs: [(key: String, value: HTML)]) {
        self.columns = columns
        self.pairs = pairs
    }

    package var html: HTML {
        """
        <dl class="facts columns-\(columns)">\(pairs.html { "<div><dt>\($0.key)</dt><dd>\($0.value)</dd></div>" })</dl>
        """
    }
}
