internal import Ambient
internal import Conductor
internal import Contract
internal import JSON
internal import OpenSSL
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    func bindAccounts(to calls: inout Bindings) {
        calls.answer(ListAccounts.self) { call, context in try await list(call, context) }
        calls.answer(CreateAccount.self) { call, context in try await create(call.body, context) }
        calls.answer(GetAccount.self, finding: findAccount) { call, context in
            AccountView(try await account(call.accountId, context), for: context.access)
        }
        calls.answer(UpdateAccount.self, finding: findAccountToManage) { call, context in
            try await replace(call.accountId, by: call.body, context)
        }
        calls.answer(DeleteAccount.self, finding: findAccountToManage) { call, context in
            try await remove(call.accountId, context)
        }
        calls.answer(ValidateAccount.self, finding: findAccountToManage) { call, context in
            try await validate(call.accountId, context)
        }
    }

    /// Bytes of an external ID: 128 bits, so that nobody guesses one.
    private static let externalIdBytes = 16

    private func findAccount(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        _ = try await account(path.value("accountId"), context)
    }

    private func findAccountToManage(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        try await findAccount(path, context)
        try context.require([try path.value("accountId", as: AccountNumber.self)], of: "account")
    }

    private func account(_ number: AccountNumber, _ context: CallContext) async throws -> Account {
        guard context.access.view.covers(number), let account = try await pool.first(Account.find(number)) else {
            throw Problem.notFound("account")
        }
        return account
    }

    private func list(_ call: ListAccounts, _ context: CallContext) async throws -> Page<AccountView> {
        let sort = call.sort.flatMap(Account.Sort.init) ?? .name
        let paging = try Paging(call.limit, call.nextToken, order: "accounts \(sort.rawValue)", keys: 1)
        let accounts = try await pool.run(
            Account.list(
                text: call.q,
                scope: context.scope,
                sort: sort,
                after: paging.keys?.first,
                limit: paging.limit
            )
        )
        return paging.page(of: accounts) {
            AccountView($0, for: context.access)
        } keys: { account in
            switch sort {
            case .name, .nameDescending: [account.accountName]
            case .number, .numberDescending: [account.accountId.rawValue]
            }
        }
    }

    private func create(_ body: AccountBody, _ context: CallContext) async throws -> AccountView {
        guard let number = body.accountId else { throw Problem.missingAccountId }
        try context.requireReach(of: number)
        if context.isMade { return AccountView(try await account(number, context), for: context.access) }
        let secret = Hex.encode(context.ambient.chance.bytes(Self.externalIdBytes))
        let account = Account(body, number: number, externalId: secret)
        try await account.create(through: pool, at: context.ambient.now, as: context.deed)
        return AccountView(account, for: context.access)
    }

    private func replace(
        _ number: AccountNumber,
        by body: AccountBody,
        _ context: CallContext
    ) async throws -> AccountView {
        let account = Account(body, number: number, externalId: "")
        let former = try await account.replace(through: pool, at: context.ambient.now, as: context.deed) { revision in
            try context.precondition.check(revision)
            guard body.accountId == nil || body.accountId == number else {
                throw Refusal(
                    .ruleBroken,
                    "The account in the body is another than the path's.",
                    .pointers([Refusal.Pointer("/accountId", "must be \(number) or left out")])
                )
            }
        }
        guard former != nil else { throw Problem.notFound("account") }
        return AccountView(try await self.account(number, context), for: context.access)
    }

    private func remove(_ number: AccountNumber, _ context: CallContext) async throws -> NoContent {
        let former = try await Account.remove(
            number,
            through: pool,
            as: context.deed,
            checking: context.precondition.check
        )
        guard former != nil else { throw Problem.notFound("account") }
        return NoContent()
    }

    /// Asks the spokes of all Regions at the same time, for each may take seconds.
    private func validate(_ number: AccountNumber, _ context: CallContext) async throws -> AccountValidation {
        let places = try await pool.run(
            SyncedPlace.all(accountId: number, region: nil, scope: context.scope, at: context.ambient.now)
        )
        let results = try await withThrowingTaskGroup(of: AccountValidation.Place.self) { tasks in
            for place in places.map(\.place) { tasks.addTask { try await validateAccess(in: place) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        return AccountValidation(accountId: number, results: results.sorted { $0.region < $1.region })
    }

    private func validateAccess(in place: Place) async throws -> AccountValidation.Place {
        let found = try await conductor.validateAccess(in: place)
        return AccountValidation.Place(
            region: place.region,
            spokeId: nil,
            checks: found?.checks ?? [],
            error: found == nil
                ? "No spoke that serves the account there answered." : found?.problem.map { "\($0.code): \($0.text)" }
        )
    }
}

extension Account {
    fileprivate init(_ body: AccountBody, number: AccountNumber, externalId: String) {
        self.init(
            accountId: number,
            accountName: body.accountName,
            regions: body.regions,
            spokePrincipals: body.spokePrincipals,
            owner: body.owner,
            tags: body.tags ?? [:],
            externalId: externalId,
            revision: 1
        )
    }
}

extension AccountView {
    /// The external ID is shown to those who set up roles, and to nobody else.
    fileprivate init(_ account: Account, for access: Access) {
        self.init(
            accountId: account.accountId,
            accountName: account.accountName,
            regions: account.regions,
            spokePrincipals: account.spokePrincipals,
            owner: account.owner,
            tags: account.tags,
            externalId: access.scope(of: .manageAccounts).covers(account.accountId) ? account.externalId : nil,
            revision: account.revision
        )
    }
}

extension Problem {
    /// The shape of the body asks for it, so that only a caller inside the hub can forget it.
    fileprivate static let missingAccountId = Problem.invalid(
        [.init(pointer: "/accountId", message: "is required")],
        "The body"
    )
}
