import Foundation
import Recovery
import Spoke
import Testing

@Suite struct `A spoke's configuration` {
    private static let file = """
        name: recovery-east
        accounts:
          - accountId: "111122223333"
            roleArn: arn:aws:iam::111122223333:role/MusterRecovery
            externalId: 7c1f
            regions: [us-east-1, us-west-2]
          - accountId: 044455556666
            roleArn: arn:aws:iam::044455556666:role/teams/MusterRecovery
            externalId: 8d20
        """

    /// Reads a file's text and further variables.
    private func read(_ yaml: String = file, _ variables: [String: String] = [:]) throws -> SpokeConfiguration {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("muster-\(UUID().uuidString).yaml")
        try yaml.write(to: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: path) }
        let environment = ["MUSTER_HUB_URL": "https://hub.example.com", "MUSTER_SPOKE_CONFIG": path.path]
        return try SpokeConfiguration(environment: environment.merging(variables) { $1 })
    }

    @Test func `has the accounts of its file, with every Region where none is named`() throws {
        let configuration = try read()
        #expect(configuration.name == "recovery-east")
        #expect(configuration.accounts.map(\.accountId.rawValue) == ["111122223333", "044455556666"])
        #expect(configuration.accounts[0].regions.map(\.rawValue) == ["us-east-1", "us-west-2"])
        #expect(configuration.accounts[1].regions.count == 34)
        #expect(configuration.homeRegion.rawValue == "us-east-1")
        #expect(configuration.cadence == .ordinary)
    }

    @Test func `does not tell its external IDs to whoever prints it`() throws {
        let configuration = try read()
        for text in ["\(configuration)", String(reflecting: configuration)] {
            #expect(text.contains("111122223333") && !text.contains("7c1f"))
        }
    }

    @Test func `lets variables win over the file`() throws {
        let configuration = try read(
            Self.file,
            [
                "MUSTER_SPOKE_NAME": "other", "AWS_REGION": "eu-west-1", "MUSTER_SPOKE_POLL_MILLISECONDS": "150",
                "MUSTER_HUB_URL": "https://A.example.com:443, http://127.0.0.1:8080",
            ]
        )
        #expect(configuration.name == "other")
        #expect(configuration.homeRegion.rawValue == "eu-west-1")
        #expect(configuration.hubs.map(\.origin) == ["https://a.example.com", "http://127.0.0.1:8080"])
        #expect(configuration.cadence.log == .milliseconds(750))
    }

    @Test(arguments: [
        ("accounts: []", "accounts"),
        ("accounts: {}", "accounts"),
        ("names: x\naccounts: []", "names"),
        ("- a", "MUSTER_SPOKE_CONFIG"),
        ("accounts:\n  - roleArn: x", "accounts[0].accountId"),
        ("accounts:\n  - {accountId: 1, roleArn: a, externalId: bb}", "accounts[0].accountId"),
        ("accounts:\n  - {accountId: 111122223333, roleArn: a, externalId: bb}", "accounts[0].roleArn"),
        (
            "accounts:\n  - {accountId: 111122223333, roleArn: 'arn:aws:iam::999922223333:role/A', externalId: bb}",
            "accounts[0].roleArn"
        ),
        (
            "accounts:\n  - {accountId: 111122223333, roleArn: 'arn:aws:iam::111122223333:role/A', externalId: b b}",
            "accounts[0].externalId"
        ),
        (
            "accounts:\n  - {accountId: 111122223333, roleArn: 'arn:aws:iam::111122223333:role/A', externalId: bb, "
                + "regions: [us-gov-west-1]}", "accounts[0].regions[0]"
        ),
        (
            "accounts:\n  - {accountId: 111122223333, roleArn: 'arn:aws:iam::111122223333:role/A', externalId: bb, "
                + "regions: []}", "accounts[0].regions"
        ),
        (
            "accounts:\n  - {accountId: 111122223333, roleArn: 'arn:aws:iam::111122223333:role/A', externalId: bb, "
                + "color: red}", "accounts[0].color"
        ),
        ("accounts: [\n", "MUSTER_SPOKE_CONFIG"),
    ])
    func `names the field of its file that is wrong`(yaml: String, field: String) throws {
        let problem = try #require(throws: ConfigurationProblem.self) { try read(yaml) }
        #expect(problem.field.hasSuffix(field), "\(problem)")
    }

    @Test(arguments: [
        ("MUSTER_HUB_URL", ""), ("MUSTER_HUB_URL", "http://hub.example.com"), ("MUSTER_HUB_URL", "https://a/b"),
        ("MUSTER_HUB_URL", "ftp://a"), ("MUSTER_SPOKE_CONFIG", "/nowhere"), ("MUSTER_SPOKE_CONFIG", ""),
        ("AWS_REGION", "mars"), ("MUSTER_SPOKE_POLL_MILLISECONDS", "0"), ("MUSTER_SPOKE_POLL_MILLISECONDS", "fast"),
        ("AWS_ENDPOINT_URL", "nonsense"),
    ])
    func `names the variable that is wrong`(name: String, value: String) throws {
        let problem = try #require(throws: ConfigurationProblem.self) { try read(Self.file, [name: value]) }
        #expect(problem.field == name)
    }
}
