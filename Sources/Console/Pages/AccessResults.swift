package import Contract
package import Hypertext
internal import Recovery

/// What the spokes found an account's role to be able to do: the first thing that is missing, then all of it.
package struct AccessResults: Sendable {
    let validation: AccountValidation

    package init(_ validation: AccountValidation) {
        self.validation = validation
    }

    package var html: HTML {
        Card(
            "What the role may do",
            id: "access",
            note: "Asked just now; nothing was changed in the account.",
            validation.results.isEmpty
                ? Empty("Nothing was checked", "The account has no Region.").html
                : validation.results.html(place)
        ).html
    }

    private func place(_ place: AccountValidation.Place) -> HTML {
        let wrong = place.checks.filter(isWrong)
        let verdict: HTML =
            if let error = place.error {
                Alert(.warning, "\(place.region.rawValue): not everything could be asked.", "\(error)").html
            } else if let first = wrong.first {
                Alert(
                    .error,
                    "\(place.region.rawValue): \(first.action) \(first.isAction ? "is missing" : "is open").",
                    """
                    \(wrong.count == 1 ? "Mend it in the account's role" : "So are \(wrong.count - 1) more; mend them in the account's role"), \
                    as <code>Deploy/IAM</code> says, and check again.
                    """
                ).html
            } else {
                Alert(.success, "\(place.region.rawValue): the role may do all that a recovery needs.").html
            }
        return """
            \(verdict)\(if: !place.checks.isEmpty, Table(
                "Checks in \(place.region.rawValue)",
                columns: [.init("Action"), .init("Result"), .init("What was said")],
                rows: (wrong + place.checks.filter { !isWrong($0) }).map(row)
            ).html)
            """
    }

    /// An action that is denied; a way in, such as without the external ID, that is not.
    private func isWrong(_ check: AccessCheck) -> Bool {
        check.result == (check.isAction ? .denied : .allowed)
    }

    private func row(_ check: AccessCheck) -> Table.Row {
        let status =
            switch check.result {
            case .allowed: check.isAction ? Status(.success, "Allowed") : Status(.error, "Open")
            case .denied: check.isAction ? Status(.error, "Denied") : Status(.success, "Denied, as it must be")
            case .notChecked: Status(.pending, "Not checked")
            }
        return Table.Row(["<code>\(check.action)</code>", status.html, "\(check.detail ?? "-")"])
    }
}
