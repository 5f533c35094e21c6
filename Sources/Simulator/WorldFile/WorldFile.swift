package import Ambient
internal import JSON

/// A world as a file describes it; `Worlds/default.yaml` shows every key with its meaning.
package struct WorldFile: Sendable {
    package var settings = World.Settings()
    package var seed: UInt64 = 1
    package private(set) var principals: [Principal] = []
    package private(set) var userPool = UserPool.Settings()
    private var accounts: [Account] = []
    private var estates: [EstateForm] = []
    private var faults: [FaultRule] = []

    /// The world that comes with the program, for the quickstart.
    package static var `default`: String {
        String(decoding: PackageResources.default_yaml, as: UTF8.self)
    }

    /// - Throws: the first problem, with its path.
    package init(parsing text: String) throws(FieldProblem) {
        let fields = try Fields(
            try YAMLText.json(of: text),
            at: "",
            known: ["seed", "settings", "principals", "accounts", "faults", "cognito"]
        )
        if let seed = try fields.whole("seed", in: 0...Int.max) { self.seed = UInt64(seed) }
        if let value = fields.value("settings") { settings = try SettingsForm.read(value, at: "settings") }
        for (value, path) in try fields.elements("principals") {
            principals.append(try Self.principal(value, at: path))
        }
        for (value, path) in try fields.elements("accounts") {
            let form = try AccountForm(value, at: path)
            guard !accounts.contains(where: { $0.id == form.account.id }) else {
                throw FieldProblem(path: path + ".id", message: "the account stands here twice")
            }
            accounts.append(form.account)
            estates += form.estates
        }
        for (value, path) in try fields.elements("faults") { faults.append(try FaultForm.read(value, at: path)) }
        if let value = fields.value("cognito") { userPool = try UserPool.Settings(value, at: "cognito") }
        let ids = estates.flatMap { estate in estate.servers.map(\.id) }
        guard Set(ids).count == ids.count else {
            throw FieldProblem(path: "accounts", message: "two servers have the same hostname or id in one place")
        }
    }

    /// The world, beginning now.
    package func world(at now: Instant) -> World {
        World(
            settings: settings,
            accounts: accounts,
            estates: estates.map { $0.estate(at: now) },
            principals: principals,
            faults: faults,
            seed: seed,
            at: now
        )
    }

    private static func principal(_ value: JSON, at path: String) throws(FieldProblem) -> Principal {
        let fields = try Fields(value, at: path, known: ["arn", "accessKeyId", "secretAccessKey", "sessionToken"])
        let arn = try fields.requiredText("arn")
        guard arn.hasPrefix("arn:aws"), arn.split(separator: ":", omittingEmptySubsequences: false).count == 6 else {
            throw fields.wrong("arn", "must be an ARN of IAM, as arn:aws:iam::999900001111:role/MusterSpokeEast")
        }
        return Principal(
            arn: arn,
            accessKeyID: try fields.requiredText("accessKeyId"),
            secretAccessKey: try fields.requiredText("secretAccessKey"),
            sessionToken: try fields.text("sessionToken")
        )
    }
}
