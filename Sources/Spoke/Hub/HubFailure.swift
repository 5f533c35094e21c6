/// Why a call of the hub has no answer.
package enum HubFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nobody answered, or not in time.
    case unreachable(String)
    /// The hub said no: the status with the problem's code and sentence.
    case refused(status: Int, code: String, detail: String)
    /// The answer is not what the agent protocol says.
    case unreadable(String)

    package var description: String {
        switch self {
        case .unreachable(let reason): "the hub cannot be reached: \(reason)"
        case .refused(let status, let code, let detail): "the hub answered \(status) \(code): \(detail)"
        case .unreadable(let reason): "the hub's answer cannot be read: \(reason)"
        }
    }

    /// The session is not known or has ended.
    package var isUnauthenticated: Bool {
        if case .refused(401, _, _) = self { true } else { false }
    }

    package var isForbidden: Bool {
        if case .refused(403, _, _) = self { true } else { false }
    }

    /// The hub understood and will never accept it, so that sending it again is no use.
    package var isPermanent: Bool {
        switch self {
        case .refused(let status, _, _): (400..<500).contains(status) && ![401, 403, 408, 425, 429].contains(status)
        case .unreachable, .unreadable: false
        }
    }
}
