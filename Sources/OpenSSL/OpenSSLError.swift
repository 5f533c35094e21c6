internal import COpenSSL

/// Why OpenSSL refused, as the operation and OpenSSL's own reason; neither holds key material.
package struct OpenSSLError: Error, Sendable, Hashable, CustomStringConvertible {
    package let operation: String
    package let reason: String

    package init(_ operation: String, reason: String) {
        self.operation = operation
        self.reason = reason
    }

    package var description: String { "\(operation): \(reason)" }

    /// Takes the newest reason from the thread's error queue and empties it.
    static func last(_ operation: String) -> OpenSSLError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard let text = unsafe ERR_reason_error_string(code) else {
            return OpenSSLError(operation, reason: "no reason given")
        }
        return OpenSSLError(operation, reason: unsafe String(cString: text))
    }
}
