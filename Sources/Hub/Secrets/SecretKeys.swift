package import OpenSSL

/// The hub's own keys: by them it keeps secrets in the database that a look into the database does not show.
///
/// The file of `MUSTER_SECRET_KEY_FILE` (or the text of `MUSTER_SECRET_KEY`) has one key a line: 32 random bytes in
/// Base64, as `openssl rand -base64 32` makes them; empty lines and those that begin with `#` do not count. The first key
/// seals, all of them open. So a key is changed by putting a new one before it. The old one is taken out when nothing is
/// left that it sealed or signed: a browser's session lasts 12 hours at most, the audit as long as it is kept.
///
/// A seal begins with a version and the identifier of its key, which is made of the key. For each purpose another key
/// is derived, so that nothing sealed for one can be opened for another.
package struct SecretKeys: Sendable {
    private struct Key: Sendable {
        let id: [UInt8]
        let bytes: SecretBytes

        init(_ bytes: SecretBytes) {
            self.bytes = bytes
            id = Array(HMACSHA256.authenticate(Array("muster key identifier".utf8), key: bytes).prefix(idLength))
        }
    }

    private let keys: [Key]

    private static let version: UInt8 = 1
    private static let idLength = 4
    /// As many as anybody changes keys at once.
    private static let mostKeys = 16

    /// Reads keys.
    ///
    /// - Throws: `Unusable`, which does not show the text.
    package init(parsing text: String) throws(Unusable) {
        let lines = text.split(whereSeparator: { $0.isNewline || $0 == "," }).map { $0.trimmingBlanks }
        var keys: [Key] = []
        for line in lines where !line.isEmpty && !line.hasPrefix("#") {
            guard let bytes = Base64.decode(line), bytes.count == AES256GCM.keyLength else {
                throw Unusable(
                    "must have keys of 32 bytes in Base64, one a line, as openssl rand -base64 32 makes them"
                )
            }
            keys.append(Key(SecretBytes(taking: consume bytes)))
        }
        guard (1...Self.mostKeys).contains(keys.count) else {
            throw Unusable("must have 1 to \(Self.mostKeys) keys, and has \(keys.count)")
        }
        guard Set(keys.map(\.id)).count == keys.count else { throw Unusable("has a key twice") }
        self.keys = keys
    }

    /// The text of a new key.
    package static func make() -> String {
        Base64.encode(SecureRandom.bytes(AES256GCM.keyLength))
    }

    /// Why keys cannot be used.
    package struct Unusable: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// The newest key for a purpose, and then the older ones: for what needs a key of its own.
    package func derived(for purpose: String) -> [SecretBytes] {
        keys.map { Self.derived($0, purpose) }
    }

    private static func derived(_ key: Key, _ purpose: String) -> SecretBytes {
        HMACSHA256.derive(Array("muster purpose: \(purpose)".utf8), from: key.bytes)
    }

    /// Seals a secret with the newest key.
    ///
    /// - Parameters:
    ///   - secret: What to keep secret.
    ///   - purpose: What it is for; a constant.
    ///   - place: Where it is kept, such as its row: moved elsewhere it cannot be opened.
    /// - Returns: What may be stored.
    /// - Throws: `OpenSSLError` where OpenSSL lacks the cipher.
    package func seal(_ secret: [UInt8], for purpose: String, at place: String) throws -> [UInt8] {
        guard let key = keys.first else { preconditionFailure("there is a key, or there were no keys") }
        let head = [Self.version] + key.id
        let context = head + Array(place.utf8)
        return head + (try AES256GCM.seal(secret, key: Self.derived(key, purpose), authenticating: context))
    }

    /// Opens what was sealed; nil where its key is gone, or purpose, place or a bit of it are others.
    package func open(_ sealed: [UInt8], for purpose: String, at place: String) -> [UInt8]? {
        let head = Array(sealed.prefix(1 + Self.idLength))
        guard head.first == Self.version, let key = keys.first(where: { $0.id == Array(head.dropFirst()) }) else {
            return nil
        }
        return AES256GCM.open(
            Array(sealed.dropFirst(head.count)),
            key: Self.derived(key, purpose),
            authenticating: head + Array(place.utf8)
        )
    }
}
