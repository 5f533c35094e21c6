internal import Hummingbird
internal import NIOCore

extension ResponseBody {
    /// A live stream, which has its place in the hub until it has ended or is dropped.
    init<Feed: AsyncSequence & Sendable>(live feed: Feed, holding place: Capacity.Place)
    where Feed.Element == ByteBuffer {
        self.init { writer in
            try await writer.write(feed)
            try await writer.finish(nil)
            withExtendedLifetime(place) {}
        }
    }
}
