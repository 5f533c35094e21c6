package import JSON
package import Recovery

extension Contract {
    static let accounts: [CallDescription] = [
        CallDescription(ListAccounts.self), CallDescription(CreateAccount.self), CallDescription(GetAccount.self),
        CallDescription(UpdateAccount.self), CallDescription(DeleteAccount.self),
        CallDescription(ValidateAccount.self),
    ]
}

/// Lists the accounts in the caller's scope, by name.
package struct ListAccounts: Call {
    package typealias Answer = Page<AccountView>
    package static let route = Route.get("/accounts", of: .accounts)
    package static let permission: Permission? = .viewResources
    package static let summary = "List accounts"
    package static let parameters: [Parameter] =
        [
            .query("q", Shapes.search, "Part of the number, name or owner."),
            .query(
                "sort",
                .choice(["accountName", "-accountName", "accountId", "-accountId"]),
                "The order; names A–Z."
            ),
        ] + Parameter.paging

    package var q: String?
    package var sort: String?
    package var limit: Int?
    package var nextToken: String?

    package init(
        q: String? = nil,
        sort: String? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.q = q
        self.sort = sort
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Registers an account that spokes may then serve.
package struct CreateAccount: Call {
    package typealias Answer = AccountView
    package static let route = Route.post("/accounts", of: .accounts, answering: .created)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Register an account"
    package static let details = "The hub makes the external ID, which goes into the role's trust policy."
    package static let bodyShape: Shape? = Shapes.account(numberIsRequired: true)

    package static func location(of answer: AccountView) -> String? {
        "\(Route.base)/accounts/\(answer.accountId)"
    }

    package var body: AccountBody

    package init(
        body: AccountBody
    ) {
        self.body = body
    }
}

/// Shows one account.
package struct GetAccount: Call {
    package typealias Answer = AccountView
    package static let route = Route.get("/accounts/{accountId}", of: .accounts)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show an account"
    package static let parameters = [Parameter.account]

    package var accountId: AccountNumber

    package init(
        accountId: AccountNumber
    ) {
        self.accountId = accountId
    }
}

/// Replaces what is said of an account.
package struct UpdateAccount: Call {
    package typealias Answer = AccountView
    package static let route = Route.put("/accounts/{accountId}", of: .accounts)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Change an account"
    package static let details = "Sessions of spokes are looked at again: who may no longer serve the account loses it."
    package static let parameters = [Parameter.account]
    package static let bodyShape: Shape? = Shapes.account(numberIsRequired: false)

    package var accountId: AccountNumber
    package var body: AccountBody

    package init(
        accountId: AccountNumber,
        body: AccountBody
    ) {
        self.accountId = accountId
        self.body = body
    }
}

/// Removes an account that nothing uses.
package struct DeleteAccount: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/accounts/{accountId}", of: .accounts)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Remove an account"
    package static let details = "409 ACCOUNT_IN_USE while protection groups lie in it."
    package static let parameters = [Parameter.account]

    package var accountId: AccountNumber

    package init(
        accountId: AccountNumber
    ) {
        self.accountId = accountId
    }
}

/// Asks the spokes of an account to try what the product needs there.
package struct ValidateAccount: Call {
    package typealias Answer = AccountValidation
    package static let route = Route.post("/accounts/{accountId}/validate", of: .accounts, answering: .ok)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Validate the access to an account"
    package static let details = "Nothing is changed in the account; which IAM action is missing is said by name."
    package static let parameters = [Parameter.account]
    package static let bodyShape: Shape? = Shapes.nothing
    package static let isBodyOptional = true

    package var accountId: AccountNumber

    package init(
        accountId: AccountNumber
    ) {
        self.accountId = accountId
    }
}

extension Parameter {
    fileprivate static let account = Parameter.path("accountId", Shapes.accountId, "The account's 12 digits.")
}
