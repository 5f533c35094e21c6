/// The code of an AWS Region, such as `eu-west-1`.
///
/// The form is checked here; whether DRS exists there is a question to `Region.withDRS`.
package struct Region: Label {
    package static let rule = "a Region code such as eu-west-1"
    package static let pattern = "^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}$"
    package let rawValue: String

    package init?(rawValue: String) {
        let parts = rawValue.split(separator: "-", omittingEmptySubsequences: false)
        guard rawValue.utf8.count <= 32, parts.count >= 3, let number = parts.last, let first = parts.first,
            number.isDigits, (1...2).contains(number.utf8.count), (2...5).contains(first.utf8.count),
            parts.dropLast().allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (97...122).contains($0) } })
        else { return nil }
        self.rawValue = rawValue
    }

    /// Every Region where AWS offers DRS.
    ///
    /// The list of the DRS user guide (page "supported Regions", August 2026) together with the European Sovereign
    /// Cloud's Region from botocore 1.44.5's endpoints. There is no DRS in China.
    package static let withDRS: [Region] = """
        af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 \
        ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 \
        ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 \
        eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 \
        us-gov-east-1 us-gov-west-1 us-west-1 us-west-2
        """.split(separator: " ").compactMap { Region(rawValue: String($0)) }
}
