package import HTTPTypes
package import Hummingbird
package import JSON
internal import NIOCore

extension Response {
    /// An answer of JSON.
    package static func json(_ value: JSON, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        json(bytes: value.bytes, status: status, headers: headers)
    }

    /// An answer of bytes that are JSON already.
    package static func json(
        bytes: [UInt8],
        status: HTTPResponse.Status = .ok,
        type: String = "application/json",
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// An answer of plain text.
    package static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// A problem document.
    package static func problem(_ problem: Problem, requestId: String) -> Response {
        json(
            bytes: problem.document(requestId: requestId).bytes,
            status: HTTPResponse.Status(code: problem.status),
            type: "application/problem+json",
            headers: problem.headers
        )
    }
}
