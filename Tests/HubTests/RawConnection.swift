import Ambient
import NIOCore
import NIOPosix

/// A connection that sends whatever bytes it is given, as no client library would.
enum RawConnection {
    /// The other end neither answered nor closed.
    struct Silence: Error {}

    /// Sends the text, and answers all that comes back until the other end closes or nothing more comes.
    static func ask(
        _ port: Int,
        _ text: String,
        within patience: Duration = .seconds(10),
        until enough: @escaping @Sendable (String) -> Bool = Self.isWhole
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    // The other end may close before it has read everything; then the answer is what counts.
                    try? await outbound.write(ByteBuffer(string: text))
                    return nil
                }
                group.addTask {
                    var received = ""
                    do {
                        for try await buffer in inbound {
                            received += String(buffer: buffer)
                            if enough(received) { break }
                        }
                    } catch {
                        // A reset after the answer is an end as well.
                    }
                    return received
                }
                group.addTask {
                    try await SystemTime().sleep(for: patience)
                    throw Silence()
                }
                defer { group.cancelAll() }
                while let next = try await group.next() { if let next { return next } }
                return ""
            }
        }
    }

    /// Whether the text has a whole answer with a `Content-Length`.
    @Sendable static func isWhole(_ text: String) -> Bool {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
        let head = text[..<end.lowerBound].lowercased()
        guard let length = head.firstMatch(of: /content-length: ([0-9]+)/).flatMap({ Int($0.output.1) }) else {
            return false
        }
        return text[end.upperBound...].utf8.count >= length
    }
}
