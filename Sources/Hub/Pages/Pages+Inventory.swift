internal import Ambient
internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    func bindInventory(_ calls: inout Bindings) {
        page("/orphans", &calls) { visit in
            let answer = try await visit.ask(ListOrphans(nextToken: visit.query["nextToken"]))
            let query = ListQuery(
                "/orphans",
                sort: "recoveryInstanceId",
                token: visit.query["nextToken"],
                nextToken: answer.nextToken
            )
            return OrphansPage(orphans: answer.items, query: query)
        }
        page("/servers", &calls) { visit in try await Self.servers(visit) }
        page("/servers/{serverId}", &calls) { visit in
            let id: SourceServerID = try visit.label("serverId", of: "source server")
            guard let server = try await visit.ask(ListSourceServers(sourceServerId: id)).items.first else {
                throw Problem.notFound("source server")
            }
            return ServerPage(server: server)
        }
        page("/accounts", &calls) { visit in try await Self.accounts(visit) }
        page("/accounts/{accountId}", &calls) { visit in
            let id: AccountNumber = try visit.label("accountId", of: "account")
            let everything = Limits.pageSize.upperBound
            // Spokes only try what changes nothing, so that an address may ask for it.
            let access =
                visit.query["access"] == "check" ? try await visit.ask(ValidateAccount(accountId: id)) : nil
            return AccountPage(
                account: try await visit.ask(GetAccount(accountId: id)),
                spokes: try await visit.ask(ListSpokes(accountId: id, limit: everything)).items,
                quotas: try await visit.ask(ListQuotas(accountId: id, limit: everything)).items,
                places: try await visit.ask(ListRegions(limit: everything)).items,
                access: access
            )
        }
    }

    private static func servers(_ visit: Visit) async throws -> ServersPage {
        let sort = visit.query["sort"].flatMap { ["hostname", "-hostname"].contains($0) ? $0 : nil } ?? "hostname"
        let account: AccountNumber? = visit.choice("accountId")
        let assignment: Assignment? = visit.choice("assignment")
        let answer = try await visit.ask(
            ListSourceServers(
                accountId: account,
                assignment: assignment,
                state: visit.text("state"),
                q: visit.text("q"),
                sort: sort,
                limit: visit.rows,
                nextToken: visit.query["nextToken"]
            )
        )
        let query = ListQuery(
            "/servers",
            sort: "hostname",
            given: sort,
            text: visit.text("q"),
            filters: [
                ("accountId", account?.rawValue), ("assignment", assignment?.rawValue), ("state", visit.text("state")),
            ],
            token: visit.query["nextToken"],
            nextToken: answer.nextToken
        )
        return ServersPage(servers: answer.items, query: query, accounts: try await allAccounts(visit))
    }

    private static func accounts(_ visit: Visit) async throws -> AccountsPage {
        let orders = ["accountName", "-accountName", "accountId", "-accountId"]
        let sort = visit.query["sort"].flatMap { orders.contains($0) ? $0 : nil } ?? "accountName"
        let answer = try await visit.ask(
            ListAccounts(q: visit.text("q"), sort: sort, limit: visit.rows, nextToken: visit.query["nextToken"])
        )
        let query = ListQuery(
            "/accounts",
            sort: "accountName",
            given: sort,
            text: visit.text("q"),
            token: visit.query["nextToken"],
            nextToken: answer.nextToken
        )
        let spokes = try await visit.ask(ListSpokes(limit: Limits.pageSize.upperBound)).items
        return AccountsPage(accounts: answer.items, spokes: spokes, query: query)
    }
}
