internal import AWS
internal import Ambient
internal import AsyncHTTPClient
internal import Contract
internal import HTTPTypes
internal import JSON

extension Parts {
    /// Every call and path of the hub, bound.
    func bindings(_ configuration: HubConfiguration) throws -> Bindings {
        var calls = Bindings(gate: gate, pool: context.pool, ambient: context.ambient)
        Health(pool: context.pool, migrator: migrator, traffic: traffic).bind(&calls)
        let document = OpenAPIDocument.make().bytes
        calls.on(.get, "\(Route.base)/openapi.json") { _ in .json(bytes: document) }
        CurrentUsers().bind(&calls)
        return calls
    }

    /// The bindings' paths and those of the agent protocol.
    func routes(
        _ bindings: Bindings,
        _ configuration: HubConfiguration,
        client: HTTPClient
    ) throws -> RouteTree<Endpoint> {
        bindings.routes
    }
}
