internal import Recovery

/// The secrets of notification targets: sealed in the database, open only while a message is made.
struct NotificationSecrets: Sendable {
    let keys: SecretKeys

    private static let purpose = "notification secret"

    private static func place(of id: NotificationTarget.ID) -> String { "notification_target \(id)" }

    func seal(_ secret: String, of id: NotificationTarget.ID) throws -> [UInt8] {
        try keys.seal(Array(secret.utf8), for: Self.purpose, at: Self.place(of: id))
    }

    /// - Throws: `DeliveryProblem` where the key is gone that sealed it.
    func open(_ sealed: [UInt8]?, of id: NotificationTarget.ID) throws -> [UInt8] {
        guard let sealed, let secret = keys.open(sealed, for: Self.purpose, at: Self.place(of: id)) else {
            throw DeliveryProblem("the secret cannot be opened: give the target a new one", isFinal: true)
        }
        return secret
    }
}
