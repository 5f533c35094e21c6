/// What of AWS belongs together: one set of accounts, one set of credentials, one domain.
package struct Partition: Sendable, Hashable {
    /// The name as ARNs have it.
    package let name: String

    /// The domain that follows the Region in a host's name.
    package let domain: String

    /// Where the global IAM lives, and the Region its requests are signed for (AWS general reference, "IAM endpoints").
    package let iamHost: String
    package let iamRegion: String

    /// The beginnings of its Regions' names; the commercial partition has all the others.
    let prefixes: [String]

    /// Every partition that Muster knows (botocore 1.44.5, `partitions.json`); the isolated ones are not among them.
    package static let all: [Partition] = [
        Partition(
            name: "aws-us-gov",
            domain: "amazonaws.com",
            iamHost: "iam.us-gov.amazonaws.com",
            iamRegion: "us-gov-west-1",
            prefixes: ["us-gov-"]
        ),
        Partition(
            name: "aws-cn",
            domain: "amazonaws.com.cn",
            iamHost: "iam.cn-north-1.amazonaws.com.cn",
            iamRegion: "cn-north-1",
            prefixes: ["cn-"]
        ),
        Partition(
            name: "aws-eusc",
            domain: "amazonaws.eu",
            iamHost: "iam.eusc-de-east-1.amazonaws.eu",
            iamRegion: "eusc-de-east-1",
            prefixes: ["eusc-"]
        ),
        Partition(
            name: "aws",
            domain: "amazonaws.com",
            iamHost: "iam.amazonaws.com",
            iamRegion: "us-east-1",
            prefixes: ["af-", "ap-", "ca-", "eu-", "il-", "me-", "mx-", "sa-", "us-east-", "us-west-"]
        ),
    ]

    /// The partition of a Region, by the Region's name; nil for one whose partition is not known.
    package static func of(region: String) -> Partition? {
        guard isWellFormed(region: region) else { return nil }
        return all.first { $0.prefixes.contains(where: region.hasPrefix) }
    }

    /// Whether a text can be a Region's name: it becomes part of a host's name, so nothing else may pass.
    package static func isWellFormed(region: String) -> Bool {
        let parts = region.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...5).contains(parts.count), region.utf8.count <= 25 else { return false }
        return parts.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
            && parts[parts.count - 1].utf8.count == 1
            && parts[parts.count - 1].utf8.allSatisfy { (0x31...0x39).contains($0) }
    }
}

/// The Regions that offer Elastic Disaster Recovery.
package enum DRSRegions {
    /// 36 Regions (DRS user guide, "Supported Regions", as of 2026-08) and the European Sovereign Cloud (botocore 1.44.5).
    package static let all: [String] = [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
        "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
        "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
        "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1",
        "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2", "us-gov-east-1",
        "us-gov-west-1", "eusc-de-east-1",
    ]

    /// The Regions of one partition.
    package static func of(partition: String) -> [String] {
        all.filter { Partition.of(region: $0)?.name == partition }
    }
}
