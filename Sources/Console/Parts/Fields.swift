package import Hypertext

/// Fields of a form.
///
/// `name` is the place in the call's body: `owner`, `waves.0.name`, `regions[]`. Where a page has several forms, `form`
/// tells their fields apart.
package enum Field {
    /// How a text becomes JSON.
    package enum Form: String, Sendable {
        case text
        /// Left out when empty.
        case optional
        case number
        /// One item a line.
        case lines
        /// The same, left out when empty.
        case optionalLines = "optional-lines"
        /// `key=value`, one a line.
        case pairs
        /// An object whose members become members of the body.
        case json
        /// A choice of `true` and `false`.
        case flag
        /// Not sent: it only steers the page.
        case none
    }

    package static func text(
        _ name: String,
        _ label: String,
        value: String? = nil,
        as kind: Form = .text,
        hint: String? = nil,
        isRequired: Bool = false,
        maximum: Int = 128,
        pattern: String? = nil,
        form: String = ""
    ) -> HTML {
        """
        <div class="field" data-field="\(name)"><label for="f-\(form)\(name)">\(label)\(optional(isRequired))</label>\
        \(describe(form + name, hint))<input id="f-\(form)\(name)" name="\(name)" data-as="\(kind.rawValue)" value="\(value)" \
        maxlength="\(maximum)"\(attribute: "pattern", pattern)\(flag: "required", isRequired)\
        \(attribute: "aria-describedby", described(form + name, hint)) autocomplete="off">\(problem(form + name))</div>
        """
    }

    /// A secret: typed unseen, and never filled in by the page.
    package static func secret(
        _ name: String,
        _ label: String,
        hint: String,
        maximum: Int,
        form: String = ""
    ) -> HTML {
        """
        <div class="field" data-field="\(name)"><label for="f-\(form)\(name)">\(label)\(optional(false))</label>\
        \(describe(form + name, hint))<input id="f-\(form)\(name)" name="\(name)" data-as="optional" type="password" \
        maxlength="\(maximum)" aria-describedby="\(described(form + name, hint))" autocomplete="new-password">\
        \(problem(form + name))</div>
        """
    }

    package static func number(
        _ name: String,
        _ label: String,
        value: Int? = nil,
        range: ClosedRange<Int>,
        unit: String,
        hint: String? = nil,
        form: String = ""
    ) -> HTML {
        """
        <div class="field short" data-field="\(name)"><label for="f-\(form)\(name)">\(label)\(optional(false))</label>\
        \(describe(form + name, hint))<span class="unit"><input id="f-\(form)\(name)" name="\(name)" data-as="number" type="number" \
        inputmode="numeric" min="\(range.lowerBound)" max="\(range.upperBound)"\(attribute: "value", value)\
        \(attribute: "aria-describedby", described(form + name, hint))><span>\(unit)</span></span>\(problem(form + name))</div>
        """
    }

    package static func area(
        _ name: String,
        _ label: String,
        value: String? = nil,
        as kind: Form = .optional,
        hint: String? = nil,
        isRequired: Bool = false,
        form: String = ""
    ) -> HTML {
        """
        <div class="field" data-field="\(name)"><label for="f-\(form)\(name)">\(label)\(optional(isRequired))</label>\
        \(describe(form + name, hint))<textarea id="f-\(form)\(name)" name="\(name)" data-as="\(kind.rawValue)" rows="3" \
        maxlength="4096"\(flag: "required", isRequired)\(attribute: "aria-describedby", described(form + name, hint))>\
        \(value)</textarea>\(problem(form + name))</div>
        """
    }

    package static func select(
        _ name: String,
        _ label: String,
        value: String?,
        options: [(value: String, label: String)],
        as kind: Form = .text,
        hint: String? = nil,
        form: String = ""
    ) -> HTML {
        """
        <div class="field" data-field="\(name)"><label for="f-\(form)\(name)">\(label)</label>\(describe(form + name, hint))\
        <select id="f-\(form)\(name)" name="\(name)" data-as="\(kind.rawValue)"\(attribute: "aria-describedby", described(form + name, hint))>\
        \(options.html {
            "<option value=\"\($0.value)\"\(flag: "selected", $0.value == value)>\($0.label)</option>"
        })</select>\(problem(form + name))</div>
        """
    }

    package static func check(
        _ name: String,
        _ label: String,
        isOn: Bool,
        hint: String? = nil,
        form: String = ""
    ) -> HTML {
        """
        <div class="field check" data-field="\(name)"><label><input type="checkbox" name="\(name)" data-as="flag"\
        \(flag: "checked", isOn)\(attribute: "aria-describedby", described(form + name, hint))><span>\(label)</span></label>\
        \(describe(form + name, hint))\(problem(form + name))</div>
        """
    }

    /// What finds choices by their name; it is sent nowhere else.
    ///
    /// - Parameters:
    ///   - address: Of the choices, to which the text is added.
    ///   - what: What is found, in the plural.
    /// - Returns: The field, for a list of choices that stands beside it.
    static func search(_ address: String, _ what: String) -> HTML {
        """
        <span class="search-field">\(icon("search"))<input type="search" data-as="none" data-find="\(address)" \
        placeholder="Find \(what) by name" aria-label="Find \(what)" maxlength="128" autocomplete="off"></span>
        """
    }

    package static func radios(
        _ name: String,
        _ label: String,
        value: String,
        options: [(value: String, label: String, hint: String)],
        as kind: Form = .text,
        form: String = ""
    ) -> HTML {
        """
        <fieldset class="field" data-field="\(name)"><legend>\(label)</legend><div class="tiles">\(options.html {
            """
            <label class="tile"><input type="radio" name="\(name)" data-as="\(kind.rawValue)" value="\($0.value)"\
            \(flag: "checked", $0.value == value)><span><strong>\($0.label)</strong>\
            <span class="quiet">\($0.hint)</span></span></label>
            """
        })</div>\(problem(form + name))</fieldset>
        """
    }

    package static func hidden(_ name: String, _ value: String, as kind: Form = .text) -> HTML {
        "<input type=\"hidden\" name=\"\(name)\" data-as=\"\(kind.rawValue)\" value=\"\(value)\">"
    }

    private static func optional(_ isRequired: Bool) -> HTML {
        isRequired ? .empty : "<span class=\"optional\"> - optional</span>"
    }

    private static func described(_ name: String, _ hint: String?) -> String {
        hint == nil ? "p-\(name)" : "h-\(name) p-\(name)"
    }

    private static func describe(_ name: String, _ hint: String?) -> HTML {
        hint.map { "<p class=\"hint\" id=\"h-\(name)\">\($0)</p>" } ?? .empty
    }

    private static func problem(_ name: String) -> HTML {
        "<p class=\"problem\" id=\"p-\(name)\"></p>"
    }
}
