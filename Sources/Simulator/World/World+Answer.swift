package import Ambient
internal import JSON
package import OrderedCollections

extension World {
    /// Answers a request to any of AWS's services: who calls, what goes wrong, what it may, and what it gets.
    package mutating func answer(_ request: Request, at now: Instant) -> Reply {
        let requestID = Naming(chance: chance).hexadecimal(32)
        guard let service = Self.service(of: request) else {
            let refusal = Refusal(501, "NotImplemented", "This service is not simulated.")
            return Self.reply(refusal, dialect: .json, requestID: requestID)
        }
        do throws(Refusal) {
            let proof = try proof(of: request, for: service, at: now)
            let call = try call(request, service, proof, now: now)
            return serve(call, requestID: requestID)
        } catch {
            ledger.count(error, of: service.rawValue)
            return Self.reply(error, dialect: service.dialect, requestID: requestID)
        }
    }

    /// Serves a call whose caller is known: first the faults, then the rates, then the permission.
    package mutating func serve(_ call: Call, requestID: String = "") -> Reply {
        let dialect = call.service.dialect
        ledger.count(call.action)
        let place = Self.subjectPlace(of: call)
        let strike = faults.strike(service: call.service.rawValue, operation: call.operation, at: place)
        if strike != nil { ledger.countFault(of: call.action) }
        var (fate, delay) = (Reply.Fate.sent, Duration.zero)
        var reply: Reply
        switch strike {
        case .dropRequest:
            (reply, fate) = (Reply(status: 500), .dropped)
        case .refuse(let status, let code, let message):
            reply = refuse(Refusal(status, code, message), call, requestID)
        case .throttle(let seconds):
            reply = refuse(Denial.throttled(retryAfter: seconds).refusal(in: dialect), call, requestID)
        case .dropAnswer, .truncate, .delay, nil:
            if strike == .dropAnswer { fate = .dropped }
            if strike == .truncate { fate = .truncated }
            if case .delay(let duration) = strike { delay = duration }
            do throws(Refusal) {
                reply = Self.reply(try perform(call), to: call, requestID: requestID)
            } catch {
                reply = refuse(error, call, requestID)
            }
        }
        (reply.fate, reply.delay) = (fate, delay)
        return reply
    }

    private mutating func refuse(_ refusal: Refusal, _ call: Call, _ requestID: String) -> Reply {
        ledger.count(refusal, of: call.action)
        return Self.reply(refusal, dialect: call.service.dialect, requestID: requestID)
    }

    private mutating func perform(_ call: Call) throws(Refusal) -> Output {
        let unknown = Denial.unknownOperation(call.operation).refusal(in: call.service.dialect)
        guard Self.offered[call.service]?.contains(call.operation) ?? false else { throw unknown }
        if let seconds = meters.take(call.operation, at: call.place, now: call.now) {
            throw Denial.throttled(retryAfter: seconds).refusal(in: call.service.dialect)
        }
        // GetCallerIdentity needs no permission, and none can take it away.
        guard call.caller.allows(call.action) || call.operation == STSOperation.getCallerIdentity.rawValue else {
            throw Denial.forbidden(call.caller, action: call.action).refusal(in: call.service.dialect)
        }
        switch call.service {
        case .drs: if let operation = DRSOperation(rawValue: call.operation) { return try perform(operation, call) }
        case .sts: if let operation = STSOperation(rawValue: call.operation) { return try perform(operation, call) }
        case .ec2: if let operation = EC2Operation(rawValue: call.operation) { return try perform(operation, call) }
        case .iam: if let operation = IAMOperation(rawValue: call.operation) { return try perform(operation, call) }
        case .sns: if let operation = SNSOperation(rawValue: call.operation) { return try perform(operation, call) }
        case .serviceQuotas:
            if let operation = ServiceQuotasOperation(rawValue: call.operation) { return try perform(operation, call) }
        }
        throw unknown
    }

    /// Every operation that the simulator offers, by service.
    package static let offered: OrderedDictionary<Service, [String]> = [
        .drs: DRSOperation.allCases.map(\.rawValue), .sts: STSOperation.allCases.map(\.rawValue),
        .ec2: EC2Operation.allCases.map(\.rawValue), .iam: IAMOperation.allCases.map(\.rawValue),
        .serviceQuotas: ServiceQuotasOperation.allCases.map(\.rawValue), .sns: SNSOperation.allCases.map(\.rawValue),
    ]

    // MARK: What is asked for

    /// The service that the signature is for; without one, the dialect in which a refusal will be understood.
    private static func service(of request: Request) -> Service? {
        if let header = request.header("authorization"), let scope = header.split(separator: "Credential=").last {
            let parts = scope.prefix { $0 != "," && $0 != " " }.split(separator: "/")
            if parts.count >= 4 { return Service(rawValue: String(parts[3])) }
        }
        return request.path == "/" ? .sts : .drs
    }

    private func call(
        _ request: Request,
        _ service: Service,
        _ proof: Proof,
        now: Instant
    ) throws(Refusal) -> Call {
        let place = Place(account: proof.caller.account, region: proof.region)
        let isForm = service.dialect == .query || service.dialect == .ec2
        let form = Form(parsing: isForm && !request.body.isEmpty ? request.text : request.query)
        let name = Self.operation(of: request, service, form)
        var call = Call(service, name, at: place, by: proof.caller, now: now)
        call.form = form
        call.subject = request.parts.dropFirst().joined(separator: "/")
        guard !isForm, !request.body.isEmpty else { return call }
        do {
            call.json = try JSON(parsing: request.body)
        } catch {
            throw Refusal(400, "SerializationException", "The body is not JSON: \(error)")
        }
        return call
    }

    private static func operation(of request: Request, _ service: Service, _ form: Form) -> String {
        switch service.dialect {
        case .query, .ec2: return form["Action"] ?? ""
        case .json:
            return request.header("x-amz-target").flatMap { $0.split(separator: ".").last }.map(String.init) ?? ""
        case .restJSON:
            let first = request.parts.first ?? ""
            guard first == "tags" else { return request.method == "POST" ? first : "" }
            return switch request.method {
            case "GET": DRSOperation.listTagsForResource.rawValue
            case "POST": DRSOperation.tagResource.rawValue
            case "DELETE": DRSOperation.untagResource.rawValue
            case _: ""
            }
        }
    }

    /// Where a fault looks for a call: AssumeRole is a matter of the role's account, not of the caller's.
    private static func subjectPlace(of call: Call) -> Place {
        guard call.service == .sts, let arn = call.form["RoleArn"] else { return call.place }
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 4 ? Place(account: String(parts[4]), region: call.place.region) : call.place
    }
}
