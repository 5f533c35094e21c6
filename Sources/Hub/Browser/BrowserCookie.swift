internal import Ambient
internal import HTTPTypes
internal import OpenSSL

/// The cookies that a browser gets: each is 256 random bits, of which only the SHA-256 is kept.
///
/// Over https their names begin with `__Host-`, which browsers take only with `Secure`, `Path=/` and without a domain,
/// so that no other host can set them. Over plain http, which is for loopback addresses only, they have neither prefix
/// nor `Secure`: Chromium would take both there, other browsers do not.
enum BrowserCookie: String, CaseIterable {
    /// Somebody who is signed in.
    case session = "muster_session"
    /// Somebody who is at the issuer to sign in.
    case login = "muster_login"
    /// Where somebody wants to be after they were signed out and in again: a path, no secret.
    case destination = "muster_return"

    /// Bytes of a secret cookie: 256 bits cannot be guessed.
    static let length = 32

    func name(at origin: String) -> String {
        origin.hasPrefix("https://") ? "__Host-\(rawValue)" : rawValue
    }

    /// A new secret, as text, with the hash under which it is kept.
    static func make() -> (text: String, hash: [UInt8]) {
        let bytes = SecureRandom.bytes(length)
        return (Base64URL.encode(bytes), SHA256.digest(bytes))
    }

    /// The hash of a text that a browser carries.
    static func hash(ofText text: String) -> [UInt8] {
        SHA256.digest(Array(text.utf8))
    }

    /// Whether a text is the one of a hash, in the same time wherever they differ.
    static func isSame(_ text: String, asHash hash: [UInt8]) -> Bool {
        ConstantTime.equal(Self.hash(ofText: text), hash)
    }

    /// The value in a request; nil where there is none, or more than one.
    func value(in headers: HTTPFields, at origin: String) -> String? {
        let prefix = name(at: origin) + "="
        let pairs = headers[values: .cookie].flatMap { $0.split(separator: ";") }.map { $0.trimmingBlanks }
        let values = pairs.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return values.count == 1 ? values[0] : nil
    }

    /// The hash of the secret in a request; nil where there is none that could be one of ours.
    func hash(in headers: HTTPFields, at origin: String) -> [UInt8]? {
        guard let text = value(in: headers, at: origin), let bytes = Base64URL.decode(text),
            bytes.count == Self.length
        else { return nil }
        return SHA256.digest(bytes)
    }

    /// The header field that sets it.
    ///
    /// `SameSite=Lax`: `Strict` is not sent on the way back from the issuer.
    func setting(_ value: String, at origin: String, for lifetime: Duration) -> HTTPField {
        field("\(name(at: origin))=\(value); Max-Age=\(lifetime.milliseconds / 1000)", at: origin)
    }

    /// The header field that takes it away.
    func clearing(at origin: String) -> HTTPField {
        field("\(name(at: origin))=; Max-Age=0", at: origin)
    }

    private func field(_ start: String, at origin: String) -> HTTPField {
        let secure = origin.hasPrefix("https://") ? "; Secure" : ""
        return HTTPField(name: .setCookie, value: "\(start); Path=/; HttpOnly; SameSite=Lax\(secure)")
    }
}
