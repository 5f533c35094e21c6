internal import HTTPTypes
internal import Hummingbird
internal import Hypertext
internal import NIOCore
internal import Reporting

/// How reports are sent.
extension Response {
    /// A file to be kept.
    static func file(_ bytes: [UInt8], _ type: String, named name: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .contentDisposition: "attachment; filename=\"\(name)\""],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    static func csv(_ text: String, named name: String) -> Response {
        file(Array(text.utf8), "text/csv; charset=utf-8; header=present", named: "\(name).csv")
    }

    /// A page that stands for itself: its own style, by its digest, and nothing else at all.
    static func report(_ page: HTML, named name: String) -> Response {
        let policy = """
            default-src 'none'; style-src '\(ReportStyle.digest)'; frame-ancestors 'none'; base-uri 'none'; \
            form-action 'none'
            """
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: policy,
                .contentDisposition: "inline; filename=\"\(name).html\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.bytes))
        )
    }
}
