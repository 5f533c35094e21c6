package import Ambient
package import JSON
package import Recovery

extension ExecutionWaveView {
    /// What a wave, or one of its servers, waits for.
    package struct WaitingFor: Codable, Sendable, Hashable {
        package var kind: WaitKind
        /// Since when, where it is known.
        @Nullable package var since: Instant?
        /// When the wait ends by itself, such as a pause that expires.
        @Nullable package var until: Instant?
        /// What exactly, in words: which quota, who uses the servers, how many approvals are left.
        @Nullable package var detail: String?
        /// Where, for what waits for DRS.
        @Nullable package var accountId: AccountNumber?
        @Nullable package var region: Region?
        /// Which quota or what else: a label of ours such as `CONCURRENT_JOBS`, or AWS's code.
        @Nullable package var code: String?
        /// The figures of a quota, where it is one.
        @Nullable package var use: Use?

        /// A quota in numbers.
        package struct Use: Codable, Sendable, Hashable {
            package var limit: Int
            package var usedByOthers: Int
            /// By the same execution.
            package var usedByThis: Int
            /// What the job that waits needs of it.
            package var needed: Int

            package init(limit: Int, usedByOthers: Int, usedByThis: Int, needed: Int) {
                self.limit = limit
                self.usedByOthers = usedByOthers
                self.usedByThis = usedByThis
                self.needed = needed
            }
        }

        package init(
            kind: WaitKind,
            since: Instant?,
            until: Instant? = nil,
            detail: String?,
            place: Place? = nil,
            code: String? = nil,
            use: Use? = nil
        ) {
            self.kind = kind
            self.since = since
            self.until = until
            self.detail = detail
            self.accountId = place?.accountId
            self.region = place?.region
            self.code = code
            self.use = use
        }
    }
}

/// What kind of thing a wave waits for.
package enum WaitKind: String, Codable, Sendable, CaseIterable {
    case pause = "PAUSE"
    case approval = "APPROVAL"
    case quota = "QUOTA"
    /// Something else uses servers of it: a DRS job, or a recovery plan of DRS's own.
    case conflict = "CONFLICT"
    /// AWS, or a spoke's way to it, for any other reason.
    case aws = "AWS"
}
