import Contract
import Hub
import JSON
import NIOHTTP1
import OrderedCollections
import Recovery
import Schema
import TestKit
import Testing

/// Walks every call of the contract, so that what a new call forgets has a name.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `Every call of the contract` {
    private static let identifier = "0193f2c4-5d1a-7cc3-98c4-dc0c0c07398f"

    /// The path with something of the right form in each of its places.
    private func path(of call: CallDescription, identifiers: String = identifier) -> String {
        call.route.path
            .replacing("{accountId}", with: identifiers == Self.identifier ? "999999999999" : identifiers)
            .replacing("{waveNumber}", with: "0")
            .replacing("{revision}", with: "1")
            .replacing(/\{[A-Za-z]+\}/, with: identifiers)
    }

    private func method(of call: CallDescription) -> HTTPMethod {
        HTTPMethod(rawValue: call.route.method.rawValue)
    }

    @Test func `is bound`() async throws {
        try await HubUnderTest.run { hub in
            #expect(Set(Contract.calls.map(\.name)) == hub.bindings.bound)
        }
    }

    @Test func `is 401 without a token, and with a bad one`() async throws {
        try await HubUnderTest.run { hub in
            for call in Contract.calls {
                for token in [nil, "a.b.c"] {
                    let answer = try await hub.ask(method(of: call), path(of: call), token: token)
                    try hub.expectProblem(answer, 401, "UNAUTHENTICATED")
                    #expect(answer.headers.first(name: "www-authenticate")?.hasPrefix("Bearer ") == true)
                }
            }
        }
    }

    @Test func `is 403 for a caller without its permission, whatever else is wrong`() async throws {
        try await HubUnderTest.run { hub in
            for call in Contract.calls {
                guard let permission = call.permission else { continue }
                for role in Role.allCases where !role.permissions.contains(permission) {
                    let answer = try await hub.ask(
                        method(of: call),
                        path(of: call),
                        token: try hub.issuer.token(role),
                        body: call.bodyShape == nil ? nil : "nonsense"
                    )
                    try hub.expectProblem(answer, 403, "PERMISSION_MISSING")
                }
                let nobody = try await hub.ask(method(of: call), path(of: call), token: try hub.issuer.token())
                try hub.expectProblem(nobody, 403, "PERMISSION_MISSING")
            }
        }
    }

    @Test func `is 404 for what is not there, before its body is looked at`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            for call in Contract.calls where !call.route.placeholders.isEmpty {
                for identifiers in [Self.identifier, "nonsense", "%00"] {
                    let answer = try await hub.ask(
                        method(of: call),
                        path(of: call, identifiers: identifiers),
                        token: token,
                        body: call.bodyShape == nil ? nil : #"{"nonsense": 1}"#
                    )
                    #expect(answer.status == 404, "\(call.name) \(identifiers)")
                    try hub.expectProblem(answer, 404, "NOT_FOUND")
                }
            }
        }
    }

    @Test func `refuses query parameters it does not know`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            for call in Contract.calls where call.route.placeholders.isEmpty {
                let answer = try await hub.ask(
                    method(of: call),
                    path(of: call) + "?colour=blue",
                    token: token,
                    body: call.bodyShape == nil ? nil : "{}"
                )
                try hub.expectProblem(answer, 400, "INVALID_REQUEST")
                #expect(answer.pointers == ["/colour"], "\(call.name)")
            }
        }
    }

    @Test func `refuses fields of the body that it does not know, together with what is missing`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            for call in Contract.calls where call.bodyShape != nil && call.route.placeholders.isEmpty {
                let answer = try await hub.ask(
                    method(of: call),
                    path(of: call),
                    token: token,
                    body: #"{"colour": "blue"}"#
                )
                try hub.expectProblem(answer, 400, "INVALID_REQUEST")
                #expect(answer.pointers.contains("/colour"), "\(call.name)")
                let required = call.bodyShape?.problems(in: .object([:])).map(\.pointer) ?? []
                #expect(Set(required).isSubset(of: answer.pointers), "\(call.name)")
            }
        }
    }

    @Test func `says which methods its path has`() async throws {
        try await HubUnderTest.run { hub in
            for call in Contract.calls {
                let answer = try await hub.ask(.PATCH, path(of: call), token: nil)
                try hub.expectProblem(answer, 405, "METHOD_NOT_ALLOWED")
                let allowed = answer.headers[canonicalForm: "allow"].map(String.init)
                #expect(allowed.contains(call.route.method.rawValue), "\(call.name): \(allowed)")
            }
        }
    }

    @Test func `that lists answers a page`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            for call in Contract.calls
            where call.parameters.contains(where: { $0.name == "nextToken" }) && call.route.placeholders.isEmpty {
                let answer = try await hub.ask(.GET, path(of: call) + "?limit=1", token: token)
                #expect(answer.status == 200, "\(call.name)")
                let page = try answer.json
                #expect(page["items"]?.array != nil && page["nextToken"] != nil, "\(call.name)")
                for bad in ["limit=0", "limit=201", "limit=x", "nextToken=%2B", "nextToken=abc", "limit=1&limit=2"] {
                    let answer = try await hub.ask(.GET, path(of: call) + "?" + bad, token: token)
                    #expect(answer.status == 400, "\(call.name) \(bad)")
                    try hub.expectProblem(answer, 400)
                }
            }
        }
    }
}
