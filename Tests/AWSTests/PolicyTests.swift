import AWS
import Foundation
import JSON
import Testing

@Suite struct `The policies that an account applies` {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func policy(_ name: String) throws -> [JSON] {
        let file = try Data(contentsOf: root.appending(path: "Deploy/IAM/\(name).json"))
        return try #require(try JSON(parsing: Array(file))["Statement"]?.array)
    }

    private static func actions(of statements: [JSON]) -> [String] {
        statements.flatMap { $0["Action"]?.array?.compactMap(\.string) ?? [$0["Action"]?.string].compactMap(\.self) }
    }

    @Test func `allow the recovery role what is called and what DRS needs for it, nothing more and nothing less`()
        throws
    {
        let statements = try Self.policy("recovery-role-policy")
        let actions = Self.actions(of: statements)
        #expect(Set(actions) == Set(RequiredActions.all + RequiredActions.optional))
        #expect(Set(actions).count == actions.count, "each once")
        #expect(statements.allSatisfy { $0["Effect"] == "Allow" && $0["NotAction"] == nil })
        #expect(!actions.contains { $0.contains("*") })
        #expect(
            try JSON(
                parsing: Array(Data(contentsOf: Self.root.appending(path: "Deploy/IAM/recovery-role-policy.json")))
            ).bytes.count < 6144,
            "a managed policy's limit"
        )
        let optional = statements.first { $0["Sid"] == "WhatMayBeLeftOut" }
        #expect(Set(Self.actions(of: optional.map { [$0] } ?? [])) == Set(RequiredActions.optional))
    }

    @Test func `let roles be passed to EC2 alone`() throws {
        for statement in try Self.policy("recovery-role-policy")
        where Self.actions(of: [statement]).contains("iam:PassRole") {
            #expect(Self.actions(of: [statement]) == ["iam:PassRole"])
            #expect(statement["Condition"]?["StringEquals"]?["iam:PassedToService"] == "ec2.amazonaws.com")
        }
    }

    @Test func `allow a spoke to take on the recovery role, and that role to be taken on with an external ID only`()
        throws
    {
        let spoke = try Self.policy("spoke-policy")
        #expect(Self.actions(of: spoke) == ["sts:AssumeRole"])
        #expect(spoke.first?["Resource"] == "arn:aws:iam::*:role/MusterRecovery")
        let trust = try Self.policy("recovery-role-trust")
        #expect(trust.count == 1 && Self.actions(of: trust) == ["sts:AssumeRole"])
        #expect(trust.first?["Condition"]?["StringEquals"]?["sts:ExternalId"]?.string?.isEmpty == false)
        #expect(trust.first?["Principal"]?["AWS"]?.string?.contains("*") == false)
    }

    /// The operations as they stand in the sources, so that a new call cannot be forgotten.
    @Test func `have every operation that the clients declare`() throws {
        let folder = Self.root.appending(path: "Sources/AWS/Services")
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        var declared: Set<String> = []
        for file in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /AWSCall\(\.(\w+), "(\w+)"/) {
                let service = match.output.1 == "serviceQuotas" ? "servicequotas" : String(match.output.1)
                declared.insert("\(service):\(match.output.2)")
            }
            for match in text.matches(of: /(?:items|pages|call|perform)\(\s*"([A-Z]\w+)"/) {
                declared.insert("drs:\(match.output.1)")
            }
        }
        // Needs no permission at AWS, and is asked in the spoke's own account.
        declared.remove("sts:GetCallerIdentity")
        // The spoke's own policy has it.
        declared.remove("sts:AssumeRole")
        // Tagging a job needs its own permission, and no call.
        let allowed = Set(RequiredActions.called + RequiredActions.optional).subtracting(["drs:TagResource"])
        #expect(declared == allowed)
    }
}
