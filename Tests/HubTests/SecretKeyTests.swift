import Foundation
import Hub
import OpenSSL
import Testing

@Suite struct `The hub's secret keys` {
    private let secret = Array("a refresh token".utf8)

    @Test func `open what they sealed, for the same purpose and place`() throws {
        let keys = try SecretKeys(parsing: "# made today\n\n\(SecretKeys.make())\n")
        let sealed = try keys.seal(secret, for: "tests", at: "row 1")
        #expect(keys.open(sealed, for: "tests", at: "row 1") == secret)
        #expect(keys.open(sealed, for: "tests", at: "row 2") == nil)
        #expect(keys.open(sealed, for: "other", at: "row 1") == nil)
        #expect(!sealed.contains(secret))
        #expect(try keys.seal(secret, for: "tests", at: "row 1") != sealed)
    }

    @Test func `notice every bit that was changed, and every byte that is missing`() throws {
        let keys = try SecretKeys(parsing: SecretKeys.make())
        let sealed = try keys.seal(secret, for: "tests", at: "row 1")
        for index in sealed.indices {
            for bit in 0..<8 as Range<UInt8> {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(keys.open(changed, for: "tests", at: "row 1") == nil, "byte \(index), bit \(bit)")
            }
            #expect(keys.open(Array(sealed.prefix(index)), for: "tests", at: "row 1") == nil)
        }
    }

    @Test func `are changed by putting a new one first and taking the old one out later`() throws {
        let (old, new) = (SecretKeys.make(), SecretKeys.make())
        let sealed = try SecretKeys(parsing: old).seal(secret, for: "tests", at: "row 1")
        let both = try SecretKeys(parsing: "\(new)\n\(old)")
        #expect(both.open(sealed, for: "tests", at: "row 1") == secret)
        let renewed = try both.seal(secret, for: "tests", at: "row 1")
        let alone = try SecretKeys(parsing: new)
        #expect(alone.open(renewed, for: "tests", at: "row 1") == secret)
        #expect(alone.open(sealed, for: "tests", at: "row 1") == nil)
        #expect(both.derived(for: "x").count == 2 && both.derived(for: "x").first == alone.derived(for: "x").first)
        #expect(alone.derived(for: "x") != alone.derived(for: "y"))
    }

    @Test(arguments: [
        "", "# nothing", "hush", Base64.encode([UInt8](repeating: 1, count: 31)),
        Base64.encode([UInt8](repeating: 1, count: 33)),
        "\(Base64.encode([UInt8](repeating: 1, count: 32)))\n\(Base64.encode([UInt8](repeating: 1, count: 32)))",
        "\(Base64.encode([UInt8](repeating: 1, count: 32))) more",
    ]) func `are refused when they are none`(text: String) {
        let problem = #expect(throws: SecretKeys.Unusable.self) { try SecretKeys(parsing: text) }
        #expect(problem?.description.contains("AQEB") == false)
    }

    private func configuration(_ keys: [String: String]) throws -> HubConfiguration {
        try HubUnderTest.configuration(keys, issuer: IssuerUnderTest(url: "https://login.example.com"))
    }

    @Test func `must be given with an external database, by one way only`() throws {
        let database = ["MUSTER_DATABASE_URL": "dbname=muster", "MUSTER_SECRET_KEY": ""]
        var problem = #expect(throws: ConfigurationProblem.self) {
            try SecretKeys(finding: try configuration(database))
        }
        #expect(problem?.key == "MUSTER_SECRET_KEY_FILE")
        problem = #expect(throws: ConfigurationProblem.self) {
            try SecretKeys(
                finding: try configuration(["MUSTER_SECRET_KEY_FILE": "/keys", "MUSTER_SECRET_KEY": "other"])
            )
        }
        #expect(problem?.key == "MUSTER_SECRET_KEY")
        problem = #expect(throws: ConfigurationProblem.self) {
            try SecretKeys(finding: try configuration(["MUSTER_SECRET_KEY": "hush"]))
        }
        #expect(problem?.key == "MUSTER_SECRET_KEY" && problem?.description.contains("hush") == false)
    }

    @Test func `are made once beside the embedded database, for the hub alone`() throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "keys-\(ProcessInfo.processInfo.processIdentifier)"
        )
        defer { try? FileManager.default.removeItem(at: directory) }
        let keys = ["MUSTER_SECRET_KEY": "", "MUSTER_STATE_DIRECTORY": directory.path]
        let sealed = try SecretKeys(finding: try configuration(keys)).seal(secret, for: "tests", at: "row 1")
        #expect(try SecretKeys(finding: try configuration(keys)).open(sealed, for: "tests", at: "row 1") == secret)
        for (path, mode) in [("secrets", 0o700), ("secrets/keys", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.appending(path: path).path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
        }
    }
}
