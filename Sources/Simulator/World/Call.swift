package import Ambient
package import JSON
internal import OrderedCollections

/// A service of AWS that the simulator offers, by its name in a signature's scope.
package enum Service: String, Sendable, CaseIterable {
    case drs
    case sts
    case ec2
    case iam
    case serviceQuotas = "servicequotas"
    case sns

    /// How the service spells its requests and errors.
    enum Dialect: Sendable {
        case restJSON
        case json
        case query
        case ec2
    }

    var dialect: Dialect {
        switch self {
        case .drs: .restJSON
        case .serviceQuotas: .json
        case .sts, .iam, .sns: .query
        case .ec2: .ec2
        }
    }

    /// The namespace of its XML.
    var namespace: String {
        switch self {
        case .sts: "https://sts.amazonaws.com/doc/2011-06-15/"
        case .iam: "https://iam.amazonaws.com/doc/2010-05-08/"
        case .sns: "http://sns.amazonaws.com/doc/2010-03-31/"
        case .ec2: "http://ec2.amazonaws.com/doc/2016-11-15/"
        case .drs, .serviceQuotas: ""
        }
    }
}

/// A call whose caller is known: what an operation sees.
package struct Call: Sendable {
    package let service: Service
    package let operation: String
    /// The caller's account and the Region of the signature's scope.
    package let place: Place
    package let caller: Caller
    package let now: Instant
    /// The body, for services that speak JSON.
    package var json: JSON = .object([:])
    /// The parameters, for services that speak the query protocol, and of every query string.
    package var form = Form([:])
    /// What the path names behind its first part, decoded.
    package var subject = ""

    package init(_ service: Service, _ operation: String, at place: Place, by caller: Caller, now: Instant) {
        self.service = service
        self.operation = operation
        self.place = place
        self.caller = caller
        self.now = now
    }

    /// The action in IAM's spelling.
    var action: String { "\(service.rawValue):\(operation)" }
}

/// What an operation answers.
package enum Output: Sendable {
    case json(status: Int, JSON)
    /// 204, or an empty object where the service wants one.
    case empty(status: Int)
    /// The children of the answer's result element.
    case xml([XML])

    static func json(_ body: JSON) -> Output { .json(status: 200, body) }
}
