package import Contract
package import Hypertext
package import Recovery

/// How something stands: an icon, a word and a colour, always together, never colour alone.
package struct Status: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case success, error, warning, info, running, approval, pending, stopped
    }

    package let kind: Kind
    package let label: String

    package init(_ kind: Kind, _ label: String) {
        self.kind = kind
        self.label = label
    }

    package var html: HTML {
        "<span class=\"status \(kind.rawValue)\">\(icon(kind.rawValue))<span>\(label)</span></span>"
    }
}

extension Status {
    package init(_ status: ExecutionStatus, waitsForApproval: Bool = false) {
        switch status {
        case .pending: self.init(.pending, "Not started")
        case .initiated: self.init(.running, "Starting")
        case .running: self.init(.running, "Running")
        case .paused: self = waitsForApproval ? Self(.approval, "Needs approval") : Self(.stopped, "Paused")
        case .cancelling: self.init(.running, "Cancelling")
        case .completed: self.init(.success, "Completed")
        case .partial: self.init(.warning, "Partly failed")
        case .failed: self.init(.error, "Failed")
        case .cancelled: self.init(.stopped, "Cancelled")
        }
    }

    package init(_ wave: ExecutionWaveView) {
        switch wave.status {
        case .pending: self.init(.pending, "Not started")
        case .paused:
            self = wave.waitingFor?.kind == .approval ? Self(.approval, "Needs approval") : Self(.stopped, "Paused")
        case .started: self = wave.waitingFor?.kind == .quota ? Self(.pending, "Queued") : Self(.running, "Starting")
        case .launching, .polling: self.init(.running, "Launching")
        case .completed: self.init(.success, "Completed")
        case .partial: self.init(.warning, "Partly failed")
        case .failed: self.init(.error, "Failed")
        case .cancelled: self.init(.stopped, "Cancelled")
        case .skipped: self.init(.stopped, "Skipped")
        }
    }

    package init(_ status: ServerStatus) {
        switch status {
        case .pending: self.init(.pending, "Not started")
        case .queued: self.init(.pending, "Queued")
        case .inProgress: self.init(.running, "Launching")
        case .launched: self.init(.success, "Launched")
        case .failed: self.init(.error, "Launch failed")
        case .skipped: self.init(.stopped, "Skipped")
        case .cancelled: self.init(.stopped, "Cancelled")
        }
    }

    package init(_ state: InstanceState) {
        switch state {
        case .running: self.init(.success, "Running")
        case .terminating: self.init(.running, "Terminating")
        case .terminated: self.init(.stopped, "Terminated")
        case .terminationFailed: self.init(.error, "Not terminated")
        }
    }

    package init(_ state: Readiness.State) {
        switch state {
        case .ready: self.init(.success, "Ready")
        case .verified: self.init(.success, "Verified")
        case .needsCheck: self.init(.warning, "Needs check")
        case .notReady: self.init(.error, "Not ready")
        }
    }

    package init(_ state: Spoke.State) {
        switch state {
        case .connected: self.init(.success, "Connected")
        case .lost: self.init(.error, "Lost")
        case .draining: self.init(.warning, "Draining")
        }
    }

    package init(_ result: Verdict.Result) {
        switch result {
        case .pass: self.init(.success, "Pass")
        case .passWithDeviations: self.init(.warning, "Pass with deviations")
        case .partial: self.init(.warning, "Partial")
        case .fail: self.init(.error, "Fail")
        case .aborted: self.init(.stopped, "Aborted")
        }
    }

    /// DRS's word for a server's replication; one that we do not know is shown as it is.
    package init(replication: String) {
        switch replication {
        case "CONTINUOUS": self.init(.success, "Continuous")
        case "INITIAL_SYNC", "INITIATING": self.init(.running, "Initial sync")
        case "RESCAN": self.init(.running, "Rescan")
        case "BACKLOG": self.init(.warning, "Backlog")
        case "CREATING_SNAPSHOT": self.init(.running, "Creating snapshot")
        case "STALLED": self.init(.error, "Stalled")
        case "DISCONNECTED": self.init(.error, "Disconnected")
        case "PAUSED": self.init(.stopped, "Paused")
        case "STOPPED": self.init(.stopped, "Stopped")
        default: self.init(.info, Self.words(replication))
        }
    }

    /// A label in words: `INITIAL_SYNC` as "Initial sync".
    package static func words(_ label: String) -> String {
        let words = label.lowercased().split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

extension ExecutionView {
    /// Whether it waits for somebody's approval.
    package var waitsForApproval: Bool { waitingForPerson == .approval }
    /// Whether it waits for a person.
    package var needsSomebody: Bool { waitingForPerson != nil || status == .paused }
}

extension ExecutionType {
    /// The badge beside a name.
    var badge: HTML {
        switch self {
        case .drill: "<span class=\"badge drill\">DRILL</span>"
        case .recovery: "<span class=\"badge recovery\">RECOVERY</span>"
        }
    }

    var noun: String {
        switch self {
        case .drill: "drill"
        case .recovery: "recovery"
        }
    }
}

extension Role {
    /// The role as people say it.
    package var words: String {
        switch self {
        case .admin: "Administrator"
        case .recoveryManager: "Recovery manager"
        case .planManager: "Plan manager"
        case .recoveryOperator: "Operator"
        case .readOnly: "Read only"
        }
    }
}
