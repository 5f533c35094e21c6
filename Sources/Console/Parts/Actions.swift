package import Contract
package import Hypertext
package import Recovery

/// A call of the API that a page offers: its method, path and permission are the contract's own declaration, so that no
/// button can lead to a call that is not there.
package struct Action: Sendable {
    package let name: String
    package let method: String
    package let path: Link
    package let permission: Permission?

    /// - Parameters:
    ///   - call: The call.
    ///   - values: The parts of its path, by their place.
    package init<Described: Call>(_ call: Described.Type, _ values: [String] = []) {
        name = call.name
        method = call.route.method.rawValue
        permission = call.permission
        var rest = values[...]
        var link: Link = "/api/v1"
        for part in call.route.path.dropFirst(Route.base.count).split(separator: "/") {
            let text = part.hasPrefix("{") ? rest.popFirst() ?? "" : String(part)
            link = link.appending(text)
        }
        path = link
    }
}

/// A button, and why it cannot be used now.
package struct Button: Sendable {
    package enum Kind: String, Sendable {
        case ordinary, primary, danger
    }

    let label: String
    let kind: Kind
    /// The dialog that it opens.
    let opens: String?
    let link: Link?
    let disabledBecause: String?
    let iconName: String?

    package init(
        _ label: String,
        _ kind: Kind = .ordinary,
        opens: String? = nil,
        link: Link? = nil,
        icon: String? = nil,
        disabledBecause: String? = nil
    ) {
        self.label = label
        self.kind = kind
        self.opens = opens
        self.link = link
        iconName = icon
        self.disabledBecause = disabledBecause
    }

    package var html: HTML {
        let drawing = iconName.map { icon($0) }
        if let reason = disabledBecause {
            return """
                <span class="why"><button type="button" class="button \(kind.rawValue)" aria-disabled="true" \
                aria-describedby="\(reasonId)">\(drawing)\(label)</button><span class="reason" role="tooltip" \
                id="\(reasonId)">\(reason)</span></span>
                """
        }
        if let link { return "<a class=\"button \(kind.rawValue)\" href=\"\(link)\">\(drawing)\(label)</a>" }
        return """
            <button type="button" class="button \(kind.rawValue)"\(attribute: "data-opens", opens)>\(drawing)\(label)</button>
            """
    }

    private var reasonId: String {
        "why-" + label.lowercased().filter { $0.isLetter }
    }
}

/// A form that makes a call: `form.js` sends its fields as JSON and shows the problems where they belong.
package struct CallForm: Sendable {
    let action: Action
    let submit: String
    let kind: Button.Kind
    /// Where to go afterwards; `{name}` is a member of the answer.
    let then: String?
    /// What to say afterwards.
    let done: String
    let revision: Int?
    let isInDialog: Bool
    let fields: HTML
    let cancel: Link?
    /// The text that must be typed before it can be sent.
    let typed: String?
    /// The member of the answer that is shown once, in the form's `output`; the dialog stays open for it.
    let shows: String?
    /// Whether the call is made once for each selected row, whose value takes the place of `-` in the path.
    let isOfEach: Bool

    package init(
        _ action: Action,
        submit: String,
        _ kind: Button.Kind = .primary,
        then: String? = nil,
        done: String,
        revision: Int? = nil,
        isInDialog: Bool = true,
        cancel: Link? = nil,
        typed: String? = nil,
        shows: String? = nil,
        isOfEach: Bool = false,
        fields: HTML = .empty
    ) {
        self.action = action
        self.submit = submit
        self.kind = kind
        self.then = then
        self.done = done
        self.revision = revision
        self.isInDialog = isInDialog
        self.cancel = cancel
        self.typed = typed
        self.shows = shows
        self.isOfEach = isOfEach
        self.fields = fields
    }

    package var html: HTML {
        let back: HTML =
            isInDialog
            ? "<button type=\"button\" class=\"button\" data-closes>Close</button>"
            : cancel.map { "<a class=\"button\" href=\"\($0)\">Cancel</a>" } ?? .empty
        return """
            <form class="call" action="\(action.path)" method="post" data-call="\(action.method)" \
            data-done="\(done)"\(attribute: "data-then", then)\(attribute: "data-revision", revision)\
            \(attribute: "data-typed", typed)\(attribute: "data-shows", shows)\(flag: "data-each", isOfEach) novalidate>\
            <div class="form-error" role="alert" tabindex="-1"></div>\(fields)\
            <div class="form-foot">\(back)<button class="button \(kind.rawValue)">\(submit)</button></div></form>
            """
    }
}

/// A dialog with one choice to make.
package struct Dialog: Sendable {
    let id: String
    let title: String
    let content: HTML

    package init(_ id: String, _ title: String, _ content: HTML) {
        self.id = id
        self.title = title
        self.content = content
    }

    package var html: HTML {
        """
        <dialog id="\(id)" aria-labelledby="\(id)-title"><div class="dialog-head"><h2 id="\(id)-title">\(title)</h2>\
        \(Layout.closeButton)</div>\(content)</dialog>
        """
    }
}
