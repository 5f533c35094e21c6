/// Percent-encoding as SigV4 wants it: everything but the unreserved characters of RFC 3986 section 2.3, in capitals.
package enum PercentEncoding {
    /// The text with every byte encoded that is not a letter, a digit, `-`, `.`, `_` or `~`.
    package static func encode(_ text: String) -> String {
        encode(text, keepingSlashes: false)
    }

    /// The path with its slashes left as they are; a `%` in it is encoded again, which SigV4 wants of every service but S3.
    package static func encodePath(_ path: String) -> String {
        encode(path, keepingSlashes: true)
    }

    /// The text behind an encoded one, or nil where an escape is broken or the bytes are no UTF-8; `+` stays a plus.
    package static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(nibble), let low = rest.popFirst().flatMap(nibble) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A query's names and values, decoded; nil where an escape is broken.
    ///
    /// A name without `=` has the empty value, as SigV4 signs it.
    package static func query(_ text: String) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&", omittingEmptySubsequences: true) {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(String(halves[0])), let value = decode(halves.count > 1 ? String(halves[1]) : "")
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }

    /// An HTML form's body (`application/x-www-form-urlencoded`), which the query protocol of STS and EC2 sends.
    ///
    /// Byte for byte as AWS's own SDKs write it, a blank as `+`: a server that rebuilds the body from the form to verify
    /// its hash then finds the same.
    package static func form(_ pairs: [(name: String, value: String)]) -> [UInt8] {
        let text = pairs.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
        return Array(text.replacing("%20", with: "+").utf8)
    }

    private static func encode(_ text: String, keepingSlashes: Bool) -> String {
        var encoded = ""
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) || (keepingSlashes && byte == UInt8(ascii: "/")) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
