internal import Foundation
internal import XMLCoder

/// What STS answers to GetCallerIdentity: who signed the request.
package struct CallerIdentity: Sendable, Hashable {
    package let arn: String
    package let account: String
    package let userID: String

    package init(arn: String, account: String, userID: String) {
        self.arn = arn
        self.account = account
        self.userID = userID
    }

    /// The identity as a principal; nil for a kind of ARN that is not known.
    package var principal: Principal? {
        Principal(arn: arn)
    }

    /// Why an answer of STS is not believed.
    package struct Unreadable: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// The most bytes an answer may have; a real one has about 500.
    package static let longestAnswer = 8192

    /// Reads the XML of an answer of status 200, strictly, because people are let in by it.
    ///
    /// One result with exactly one `Arn`, one `UserId` and one `Account`, which must be the ARN's account; no document
    /// type, comment, CDATA or processing instruction, so that two readers cannot see two texts.
    package init(parsing bytes: [UInt8]) throws(Unreadable) {
        guard bytes.count <= Self.longestAnswer else { throw Unreadable(description: "the answer is too long") }
        guard PlainXML.isPlain(bytes), Self.isWhole(String(decoding: bytes, as: UTF8.self)) else {
            throw Unreadable(description: "the answer is no plain GetCallerIdentityResponse")
        }
        let document: Document
        do {
            document = try XMLDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            throw Unreadable(description: "the answer is no well-formed GetCallerIdentityResponse")
        }
        guard document.results.count == 1, let result = document.results.first, result.arns.count == 1,
            result.userIDs.count == 1, result.accounts.count == 1, let arn = result.arns.first,
            let userID = result.userIDs.first, let account = result.accounts.first
        else { throw Unreadable(description: "the answer has not exactly one Arn, UserId and Account") }
        guard let principal = Principal(arn: arn), principal.account == account, !userID.isEmpty else {
            throw Unreadable(description: "the answer's Arn is not a principal of its Account")
        }
        self.init(arn: arn, account: account, userID: userID)
    }

    /// Whether what follows the XML declaration is the one element that is expected, and nothing comes after it.
    private static func isWhole(_ text: String) -> Bool {
        var rest = text[...].drop(while: \.isWhitespace)
        if rest.hasPrefix("<?xml ") {
            guard let end = rest.firstRange(of: "?>") else { return false }
            rest = rest[end.upperBound...].drop(while: \.isWhitespace)
        }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        let root = "GetCallerIdentityResponse"
        return (rest.hasPrefix("<\(root)>") || rest.hasPrefix("<\(root) ")) && rest.hasSuffix("</\(root)>")
            && rest.ranges(of: root).count == 2
    }

    private struct Document: Decodable {
        let results: [Result]

        enum CodingKeys: String, CodingKey {
            case results = "GetCallerIdentityResult"
        }
    }

    private struct Result: Decodable {
        let arns: [String]
        let userIDs: [String]
        let accounts: [String]

        enum CodingKeys: String, CodingKey {
            case arns = "Arn"
            case userIDs = "UserId"
            case accounts = "Account"
        }
    }
}
