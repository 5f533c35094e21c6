package import Ambient

/// A time as AWS wrote it: `…Z` by its model, `2022-12-07T19:15:38.846723+00:00` in real answers.
///
/// The text is kept, so that one odd time never makes an answer of a thousand servers unreadable.
package struct WireTime: Sendable, Hashable, Codable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package init(_ instant: Instant) {
        text = instant.description
    }

    /// The moment; nil where the text is no time.
    package var instant: Instant? {
        Instant(text)
    }

    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
