internal import AWS
internal import Recovery
internal import Yams

/// The YAML file of `MUSTER_SPOKE_CONFIG`, read strictly: what is not known, missing or repeated is named by its place.
struct SpokeFile {
    var name: String?
    var accounts: [ReachableAccount]

    /// Accounts of one spoke at most: what an AWS organisation has by default is far below.
    static let mostAccounts = 10_000

    init(yaml text: String) throws {
        let root = YAMLField(try Self.document(text), at: "")
        let members = try root.members(["name", "accounts"], required: ["accounts"])
        name = try members["name"]?.text()
        accounts = []
        guard let list = try members["accounts"]?.elements(), !list.isEmpty, list.count <= Self.mostAccounts else {
            throw ConfigurationProblem("\(SpokeConfiguration.fileVariable): accounts", "must have at least one account")
        }
        for field in list {
            let account = try ReachableAccount(field)
            guard !accounts.contains(where: { $0.accountId == account.accountId }) else {
                throw field.problem("the account \(account.accountId) is there twice")
            }
            accounts.append(account)
        }
    }

    private static func document(_ text: String) throws(ConfigurationProblem) -> Node {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw ConfigurationProblem(SpokeConfiguration.fileVariable, "the file is empty")
            }
            return node
        } catch let problem as ConfigurationProblem {
            throw problem
        } catch {
            throw ConfigurationProblem(SpokeConfiguration.fileVariable, "the file is not YAML: \(error)")
        }
    }
}

extension ReachableAccount {
    init(_ field: YAMLField) throws {
        let required = ["accountId", "roleArn", "externalId"]
        let members = try field.members(required + ["regions"], required: required)
        guard let number = members["accountId"], let role = members["roleArn"], let external = members["externalId"]
        else { throw field.problem("must have \(required.joined(separator: ", "))") }
        guard let accountId = AccountNumber(rawValue: try number.text()) else {
            throw number.problem("must be \(AccountNumber.rule), in quotation marks")
        }
        let arn = try role.text()
        guard let principal = Principal(arn: arn), case .role = principal.kind else {
            throw role.problem("must be a role such as arn:aws:iam::\(accountId):role/MusterRecovery")
        }
        guard principal.account == accountId.rawValue else { throw role.problem("must be a role of \(accountId)") }
        let externalId = try external.text()
        guard (2...1224).contains(externalId.utf8.count), externalId.utf8.allSatisfy(Self.isOfExternalId) else {
            throw external.problem("must be 2 to 1224 letters, digits or any of +=,.@:/-_")
        }
        let known = DRSRegions.of(partition: principal.partition).compactMap { Region(rawValue: $0) }
        let named = try members["regions"].map { try Self.regions($0, partition: principal.partition) }
        self.init(accountId: accountId, roleArn: arn, externalId: externalId, regions: named ?? known)
    }

    private static func regions(_ field: YAMLField, partition: String) throws -> [Region] {
        var regions: [Region] = []
        for element in try field.elements() {
            guard let region = Region(rawValue: try element.text()),
                Partition.of(region: region.rawValue)?.name == partition
            else { throw element.problem("must be a Region of the role's partition \(partition)") }
            guard !regions.contains(region) else { throw element.problem("\(region) is there twice") }
            regions.append(region)
        }
        guard !regions.isEmpty else { throw field.problem("must name a Region, or be left out for all that DRS has") }
        return regions
    }

    /// The characters of an external ID (STS API reference, AssumeRole).
    private static func isOfExternalId(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "+=,.@:/-_".utf8.contains(byte)
        }
    }
}
