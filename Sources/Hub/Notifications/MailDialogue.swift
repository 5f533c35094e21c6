internal import OpenSSL
package import Recovery

/// What is said to a mail server, as a value (RFC 5321, 3207, 4954): a reply goes in, the next step comes out.
///
/// It never waits and never touches the line. A password is only ever said under TLS, and what a server promised before
/// TLS is forgotten after it.
package struct MailDialogue: Sendable {
    /// One reply: its code, and its lines without it.
    package struct Reply: Sendable, Hashable {
        package var code: Int
        package var lines: [String]

        package init(code: Int, lines: [String]) {
            self.code = code
            self.lines = lines
        }
    }

    package enum Step: Sendable, Hashable {
        case say(String)
        /// TLS begins; then `.isSecured` goes in.
        case secure
        /// The message's bytes, and the line with the full stop.
        case send
        /// The server has taken the message.
        case done
        case fail(String, isFinal: Bool)
    }

    private enum Stage {
        case greeting, hello, securing, user, password, login, sender
        case receiver(Int)
        case data, message
    }

    private let mail: NotificationTarget.Mail
    private let password: String?
    private let name: String
    private var stage = Stage.greeting
    private var isSecured: Bool

    /// - Parameters:
    ///   - mail: The server and who is written to.
    ///   - password: What goes with the user's name.
    ///   - name: What the hub calls itself.
    package init(_ mail: NotificationTarget.Mail, password: String?, name: String) {
        self.mail = mail
        self.password = password
        self.name = name
        isSecured = mail.security == .tls
    }

    /// TLS holds from here on: everything begins anew.
    package mutating func secured() -> Step {
        isSecured = true
        return hello()
    }

    /// What follows a reply.
    package mutating func receive(_ reply: Reply) -> Step {
        guard (200..<400).contains(reply.code) else { return refused(reply) }
        switch stage {
        case .greeting: return hello()
        case .hello: return greeted(reply)
        case .securing: return .secure
        case .user:
            stage = .password
            return .say(Base64.encode(Array((mail.username ?? "").utf8)))
        case .password:
            stage = .login
            return .say(Base64.encode(Array((password ?? "").utf8)))
        case .login: return begin()
        case .sender: return receiver(0)
        case .receiver(let index): return receiver(index + 1)
        case .data:
            guard reply.code == 354 else { return refused(reply) }
            stage = .message
            return .send
        case .message: return .done
        }
    }

    private mutating func hello() -> Step {
        stage = .hello
        return .say("EHLO \(name)")
    }

    private mutating func greeted(_ reply: Reply) -> Step {
        let offers = reply.lines.dropFirst().map { $0.uppercased() }
        if !isSecured {
            if offers.contains("STARTTLS") {
                stage = .securing
                return .say("STARTTLS")
            }
            guard mail.security == .whereOffered else {
                return .fail("the server offers no STARTTLS", isFinal: false)
            }
            guard mail.username == nil else {
                return .fail("the server offers no STARTTLS, without which no password is sent", isFinal: true)
            }
        }
        guard let username = mail.username else { return begin() }
        let ways = offers.first { $0.hasPrefix("AUTH ") }?.split(separator: " ").dropFirst() ?? []
        if ways.contains("PLAIN") {
            stage = .login
            return .say("AUTH PLAIN " + Base64.encode(Array("\0\(username)\0\(password ?? "")".utf8)))
        }
        guard ways.contains("LOGIN") else {
            return .fail("the server takes passwords neither by PLAIN nor by LOGIN", isFinal: true)
        }
        stage = .user
        return .say("AUTH LOGIN")
    }

    private mutating func begin() -> Step {
        stage = .sender
        return .say("MAIL FROM:<\(mail.from)>")
    }

    private mutating func receiver(_ index: Int) -> Step {
        guard index < mail.to.count else {
            stage = .data
            return .say("DATA")
        }
        stage = .receiver(index)
        return .say("RCPT TO:<\(mail.to[index])>")
    }

    /// 4xx passes, 5xx does not (RFC 5321 section 4.2.1).
    ///
    /// One receiver who is refused means that nobody gets it, and the
    /// problem names them.
    private func refused(_ reply: Reply) -> Step {
        let what =
            switch stage {
            case .greeting, .hello: "the greeting"
            case .securing: "STARTTLS"
            case .user, .password, .login: "the user and the password"
            case .sender: "the sender"
            case .receiver(let index): "the receiver \(mail.to[index])"
            case .data, .message: "the message"
            }
        return .fail("the server refuses \(what) with \(reply.code)", isFinal: reply.code >= 500)
    }
}

/// Takes a server's bytes apart into replies.
package struct MailReplies: Sendable {
    private var bytes: [UInt8] = []
    private var lines: [String] = []

    /// Bytes of one reply: RFC 5321 section 4.5.3.1.5 has lines of 512, and no server offers a hundred things.
    private static let longest = 65_536

    package init() {}

    /// Whether nothing is left over; what came before TLS was asked for must not be read under it.
    package var isEmpty: Bool { bytes.isEmpty && lines.isEmpty }

    /// What cannot be a reply.
    package struct Unreadable: Error {}

    package mutating func add(_ more: some Sequence<UInt8>) throws(Unreadable) {
        bytes += more
        guard bytes.count <= Self.longest, lines.count <= 200 else { throw Unreadable() }
    }

    /// The next whole reply; nil: more bytes are needed.
    package mutating func next() throws(Unreadable) -> MailDialogue.Reply? {
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            bytes.removeSubrange(...end)
            guard let code = Int(line.prefix(3)), (200..<600).contains(code) else { throw Unreadable() }
            lines.append(String(line.dropFirst(4)))
            if line.dropFirst(3).first == "-" { continue }
            defer { lines = [] }
            return MailDialogue.Reply(code: code, lines: lines)
        }
        return nil
    }
}
