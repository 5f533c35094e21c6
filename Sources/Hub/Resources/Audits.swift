internal import Ambient
internal import Audit
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import NIOCore
internal import OpenSSL
internal import PostgreSQL
internal import Recovery
internal import Store
internal import Synchronization

/// What the calls about the audit do.
final class Audits: Sendable {
    private let pool: Pool
    private let keys: AuditKeys
    /// A verification reads everything: one at a time.
    private let isVerifying = Mutex(false)

    init(pool: Pool, keys: AuditKeys) {
        self.pool = pool
        self.keys = keys
    }

    func bind(to calls: inout Bindings) {
        calls.answer(
            ListAuditEvents.self,
            streaming: { call, context in try await self.export(call, context) }
        ) { call, context in
            try await self.list(call, context)
        }
        calls.answer(GetAuditVerification.self) { _, context in try await self.verify(context) }
        calls.answer(ListAuditKeys.self) { call, _ in try self.listKeys(call) }
    }

    private func list(_ call: ListAuditEvents, _ context: CallContext) async throws -> Page<AuditEventView> {
        let paging = try Paging(call.limit, call.nextToken, order: "audit events", keys: 2)
        let at = try paging.key(0) { Instant($0) }
        let id = try paging.key(1) { AuditEvent.ID($0) }
        var last: (at: Instant, id: AuditEvent.ID)?
        if let at, let id { last = (at, id) }
        let rows = try await pool.run(
            AuditReading.list(call.filter(for: context), after: last, limit: paging.limit)
        )
        let events = rows.compactMap { row in AuditEvent(text: row.text).map { (event: $0, sequence: row.sequence) } }
        return paging.page(of: events) {
            AuditEventView($0.event, sequence: $0.sequence, for: context)
        } keys: {
            [$0.event.at.description, $0.event.eventId.description]
        }
    }

    /// The whole chain up to the newest head; an event that the caller may not see, or did not ask for, is its digest.
    private func export(_ call: ListAuditEvents, _ context: CallContext) async throws -> Response {
        let start = try await AuditVerification.start(in: pool, signedBy: keys) ?? .beginning
        let head = try await pool.first(AuditSealStatements.head).flatMap { AuditHead(document: $0.document) }
        let stream = AuditStream(pool: pool, start: start, end: head, isShown: call.shows(to: context))
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
            body: ResponseBody(asyncSequence: stream)
        )
    }

    private func verify(_ context: CallContext) async throws -> AuditVerificationView {
        let isFree = isVerifying.withLock { busy in
            defer { busy = true }
            return !busy
        }
        guard isFree else {
            throw Problem(.tooManyRequests, "The audit is being verified already.", headers: [.retryAfter: "10"])
        }
        defer { isVerifying.withLock { $0 = false } }
        let finding = try await AuditVerification(pool: pool, keys: keys).run()
        if let first = finding.firstBreak {
            context.logger.error("the audit is not as it was sealed", metadata: ["break": "\(first)"])
        }
        return AuditVerificationView(finding, at: context.ambient.now)
    }

    private func listKeys(_ call: ListAuditKeys) throws -> Page<AuditKeyView> {
        let paging = try Paging(call.limit, call.nextToken, order: "audit keys", keys: 1)
        let after = paging.keys?.first ?? ""
        let views = keys.keys.sorted { $0.key < $1.key }.filter { $0.key > after }.map { id, key in
            AuditKeyView(keyId: id, algorithm: AuditKeys.algorithm, publicKey: Base64URL.encode(key.rawBytes))
        }
        return paging.page(of: views) { [$0.keyId] }
    }
}

extension ListAuditEvents {
    fileprivate func filter(for context: CallContext) -> AuditReading.Filter {
        AuditReading.Filter(
            principal: principal,
            action: action,
            subjectId: subjectId,
            outcome: outcome.flatMap { AuditEvent.Outcome(rawValue: $0.rawValue) },
            from: from,
            to: to,
            scope: context.scope,
            asker: context.caller.principal
        )
    }

    /// The same for one event: whether an export shows it.
    fileprivate func shows(to context: CallContext) -> @Sendable (AuditEvent) -> Bool {
        let (view, asker) = (context.access.view, context.caller.principal)
        return { event in
            // What is about other accounts too cannot be shown in part: its text is what is sealed.
            let isVisible = view == .all || (!event.accounts.isEmpty && view.covers(all: event.accounts))
            return (isVisible || (event.principal == asker && event.accounts.isEmpty))
                && principal.map { $0 == event.principal } ?? true
                && action.map { $0 == event.action } ?? true
                && subjectId.map { $0 == event.subjectId } ?? true
                && outcome.map { $0.rawValue == event.outcome.rawValue } ?? true
                && from.map { event.at >= $0 } ?? true
                && to.map { event.at < $0 } ?? true
        }
    }
}

extension AuditEventView {
    fileprivate init(_ event: AuditEvent, sequence: Int?, for context: CallContext) {
        let accounts = event.accounts.filter(context.access.view.covers)
        let isPartial = accounts.count < event.accounts.count
        self.init(
            sequence: sequence,
            eventId: event.eventId.description,
            at: event.at,
            principal: event.principal,
            action: event.action,
            outcome: event.outcome == .done ? .done : .refused,
            subjectKind: event.subjectKind,
            subjectId: event.subjectId,
            accountIds: accounts,
            sourceAddress: event.sourceAddress,
            requestId: event.requestId,
            oldRevision: event.oldRevision,
            newRevision: event.newRevision,
            detail: isPartial ? nil : event.detail,
            changes: isPartial
                ? []
                : event.changes.map { Change(field: $0.field, before: $0.before.text, after: $0.after.text) },
            outsideScope: isPartial
        )
    }
}

extension AuditVerificationView {
    fileprivate init(_ finding: AuditVerification.Finding, at now: Instant) {
        self.init(
            intact: finding.firstBreak == nil,
            verifiedAt: now,
            events: finding.events,
            unsealed: finding.unsealed,
            journals: finding.journals,
            archivedThrough: finding.start.sequence,
            firstBreak: finding.firstBreak.map {
                Break(kind: $0.kind.rawValue, sequence: $0.sequence, eventId: $0.eventId, detail: $0.detail)
            },
            head: finding.head.map { SignedHeadView(document: $0.document, signature: $0.signature) }
        )
    }
}
