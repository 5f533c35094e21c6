import Ambient
import Commands
import Foundation
import Testing

@Suite struct `The file of tokens` {
    private let now = Sample.start

    @Test func `gives a token to the hub it was kept for and to no other`() async throws {
        try await withDirectory { directory in
            let file = try TokenFile(environment: ["XDG_STATE_HOME": directory.path()])
            let (here, there) = (try HubAddress("https://a.example"), try HubAddress("https://b.example"))
            try file.keep("one", for: here, until: nil)
            try file.keep("two", for: there, until: now + .seconds(1))
            #expect(try file.token(for: here, at: now) == "one")
            #expect(try file.token(for: there, at: now) == "two")
            #expect(throws: Trouble.self) { try file.token(for: there, at: now + .seconds(1)) }
            #expect(try file.forget(here))
            #expect(try file.token(for: here, at: now) == nil)
        }
    }

    @Test func `is its owner's alone, and not believed once others could read it`() async throws {
        try await withDirectory { directory in
            let file = try TokenFile(environment: ["HOME": directory.path(), "XDG_STATE_HOME": "relative"])
            let hub = try HubAddress("https://a.example")
            try file.keep("one", for: hub, until: nil)
            let path = directory.appending(path: ".local/state/muster/tokens.json").path()
            func mode(_ path: String) throws -> Int? {
                (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
            }
            #expect(try mode(path) == 0o600)
            #expect(try mode(directory.appending(path: ".local/state/muster").path()) == 0o700)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(throws: Trouble.self) { try file.token(for: hub, at: now) }
        }
    }
}
