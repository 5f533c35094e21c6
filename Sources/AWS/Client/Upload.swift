internal import NIOCore
internal import Synchronization

/// A request's body that knows whether anyone began to send it.
///
/// The client asks for the body only when a connection stands and the head is out. Until then nobody can have acted on
/// the request, whatever went wrong, and it may be sent again even if it must not be performed twice.
final class Upload: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let bytes: [UInt8]
    private let begun = Mutex(false)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var hasBegun: Bool {
        begun.withLock { $0 }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(upload: self)
    }

    struct Iterator: AsyncIteratorProtocol {
        let upload: Upload
        var isDone = false

        mutating func next() async -> ByteBuffer? {
            guard !isDone else { return nil }
            isDone = true
            upload.begun.withLock { $0 = true }
            return ByteBuffer(bytes: upload.bytes)
        }
    }
}
