internal import Foundation
internal import XMLCoder

/// The query protocol of STS, EC2, IAM and SNS: a form goes out, XML comes back.
enum Query {
    /// A request of one action.
    static func request(
        _ action: String,
        version: String,
        _ parameters: [(name: String, value: String)]
    ) -> SignableRequest {
        SignableRequest(
            headers: [("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: PercentEncoding.form([("Action", action), ("Version", version)] + parameters)
        )
    }

    /// Reads an answer's XML; one without the members asked for is an error.
    static func read<Document: Decodable>(
        _ document: Document.Type,
        from answer: HTTPExchange.Answer
    ) throws -> Document {
        try read(document, from: answer.body)
    }

    static func read<Document: Decodable>(_ document: Document.Type, from body: [UInt8]) throws -> Document {
        guard PlainXML.isPlain(body) else { throw Unreadable() }
        return try XMLDecoder().decode(document, from: Data(body))
    }

    /// An answer that is not given to the XML reader.
    struct Unreadable: Error, CustomStringConvertible {
        let description = "the answer is no XML as AWS writes it"
    }
}
