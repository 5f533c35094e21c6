/// One account in one Region: what DRS initialises, meters and limits on its own.
package struct Place: Sendable, Hashable, CustomStringConvertible {
    /// Twelve digits.
    package let account: String
    package let region: String

    package init(account: String, region: String) {
        self.account = account
        self.region = region
    }

    package var description: String { "\(account)/\(region)" }

    /// AWS's partition of this Region, the second part of every ARN.
    var partition: String {
        region.hasPrefix("us-gov-") ? "aws-us-gov" : region.hasPrefix("eusc-") ? "aws-eusc" : "aws"
    }

    /// The ARN of something DRS keeps here, as `source-server/s-…`.
    func arn(_ resource: String) -> String {
        "arn:\(partition):drs:\(region):\(account):\(resource)"
    }
}

extension Place {
    /// The Regions where DRS is to be had (DRS user guide, "Supported AWS Regions", copy of 2026-08).
    package static let regions: [String] = [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
        "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
        "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
        "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1",
        "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1",
        "us-west-1", "us-west-2",
    ]
}
