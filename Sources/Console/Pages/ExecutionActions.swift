internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// What can be done to an execution now, and the dialogs that ask before it is done.
package struct ExecutionActions: Sendable {
    let execution: ExecutionView
    let viewer: Viewer

    package init(execution: ExecutionView, viewer: Viewer) {
        self.execution = execution
        self.viewer = viewer
    }

    private var id: String { execution.executionId.description }
    private var isActive: Bool { !execution.status.isTerminal }
    private var isPaused: Bool {
        execution.status == .paused || execution.waves?.contains { $0.waitingFor?.kind == .pause } == true
    }
    private var hasInstances: Bool {
        execution.counts.launched > 0 && !execution.instancesTerminated
    }

    /// Every call that the page may offer, for the test that compares them with the contract.
    package static let calls: [Action] = [
        Action(PauseExecution.self), Action(ResumeExecution.self), Action(CancelExecution.self),
        Action(TerminateExecutionInstances.self), Action(AddNote.self), Action(RetryServer.self),
        Action(SkipServer.self), Action(RetryWave.self), Action(SkipWave.self), Action(ApproveWave.self),
        Action(DeclineWave.self),
    ]

    package var buttons: HTML {
        var buttons: [Button] = []
        if isActive {
            if isPaused {
                buttons.append(button("Resume", .primary, "resume", ResumeExecution.permission))
            } else {
                buttons.append(button("Pause", .ordinary, "pause", PauseExecution.permission))
            }
        }
        buttons.append(button("Add note", .ordinary, "note", AddNote.permission))
        buttons.append(Button("Wallboard", link: .executionWall(execution.executionId)))
        if viewer.may(CreateWallLink.permission) { buttons.append(Button("Share", opens: "share")) }
        if !isActive { buttons.append(Button("Compare", link: .compare(execution.executionId))) }
        buttons.append(Button("Report", link: .executionReport(execution.executionId)))
        if isActive, execution.status != .cancelling {
            buttons.append(button("Cancel run", .danger, "cancel", CancelExecution.permission))
        }
        if !isActive, hasInstances {
            buttons.append(button("Terminate instances", .danger, "terminate", TerminateExecutionInstances.permission))
        }
        return buttons.html(\.html)
    }

    /// The buttons in their group, as a patch sends them.
    package var group: HTML {
        "<div class=\"actions\" id=\"actions\">\(buttons)</div>"
    }

    private func button(_ label: String, _ kind: Button.Kind, _ opens: String, _ permission: Permission?) -> Button {
        let reason: String? =
            if !viewer.may(permission), let permission {
                "This needs the permission \(permission.rawValue), which your roles do not have."
            } else if opens == "terminate", execution.cleanup?.state == .running {
                "A clean-up is running."
            } else {
                nil
            }
        return Button(label, kind, opens: opens, disabledBecause: reason)
    }

    package var dialogs: HTML {
        [pause, resume, cancel, note, terminate, retryServer, skipServer, repairSelected].joined()
    }

    private var pause: HTML {
        Dialog(
            "pause",
            "Pause this run",
            CallForm(
                Action(PauseExecution.self, [id]),
                submit: "Pause",
                done: "The run will pause.",
                fields: Field.radios(
                    "mode",
                    "When",
                    value: "NEXT_WAVE",
                    options: [
                        ("NEXT_WAVE", "Before the next wave", "What is being launched goes on to its end."),
                        ("NOW", "Now", "Launches that wait for room under DRS's quotas are held back too."),
                    ]
                )
            ).html
        ).html
    }

    private var resume: HTML {
        Dialog(
            "resume",
            "Resume this run",
            CallForm(
                Action(ResumeExecution.self, [id]),
                submit: "Resume",
                done: "The run goes on.",
                fields: Field.area(
                    "comment",
                    "Comment",
                    hint: "It stands in the event log.",
                    form: "resume-"
                )
            ).html
        ).html
    }

    private var cancel: HTML {
        let text: HTML = """
            Launches that DRS is working on cannot be stopped: the run is Cancelling until they end. Instances that \
            were launched stay until they are terminated.
            """
        return Dialog(
            "cancel",
            "Cancel this run",
            """
            \(Alert(.warning, "Waves that have not begun never will.", text).html)\(CallForm(
                Action(CancelExecution.self, [id]),
                submit: "Cancel the run",
                .danger,
                done: "The run is being cancelled."
            ).html)
            """
        ).html
    }

    private var note: HTML {
        Dialog(
            "note",
            "Add a note",
            CallForm(
                Action(AddNote.self, [id]),
                submit: "Add note",
                done: "The note is in the event log.",
                fields: Field.area(
                    "text",
                    "Note",
                    as: .text,
                    hint: "For everybody who watches; it stands in the event log.",
                    isRequired: true
                )
            ).html
        ).html
    }

    private var terminate: HTML {
        let isRecovery = execution.executionType == .recovery
        return Dialog(
            "terminate",
            "Terminate instances",
            """
            <p>The instances that <strong>\(execution.planName)</strong> launched: \(execution.counts.launched) of \
            \(execution.counts.total) servers.</p>\(Alert(
                .warning,
                "This cannot be undone.",
                isRecovery
                    ? "This was a recovery: if people work on these instances, their work is lost."
                    : "The drill's instances and their volumes are deleted in AWS."
            ).html)\(CallForm(
                Action(TerminateExecutionInstances.self, [id]),
                submit: "Terminate",
                .danger,
                done: "The instances are being terminated.",
                typed: execution.planName,
                fields: Field.text(
                    "confirm",
                    "Type the plan's name to confirm",
                    as: isRecovery ? .text : .none,
                    hint: execution.planName,
                    isRequired: true
                )
            ).html)
            """
        ).html
    }

    private var retryServer: HTML {
        Dialog(
            "retry-server",
            "Retry a server",
            """
            <p>Launch <strong data-subject></strong> once more.</p>\(CallForm(
                Action(RetryServer.self, [id, "-"]),
                submit: "Retry",
                done: "The server is launched once more."
            ).html)
            """
        ).html
    }

    /// Each selected server by a call of its own: what one of them refuses keeps none of the others.
    private var repairSelected: HTML {
        Dialog(
            "retry-selected",
            "Retry the selected servers",
            """
            <p>Launch <strong data-count>0</strong> selected servers once more.</p>\(CallForm(
                Action(RetryServer.self, [id, "-"]),
                submit: "Retry them",
                done: "The servers are launched once more.",
                isOfEach: true
            ).html)
            """
        ).html
            + Dialog(
                "skip-selected",
                "Skip the selected servers",
                """
                <p>Go on without <strong data-count>0</strong> selected servers.</p>\(CallForm(
                    Action(SkipServer.self, [id, "-"]),
                    submit: "Skip them",
                    done: "The servers are skipped.",
                    isOfEach: true,
                    fields: Field.area("reason", "Reason", as: .text, hint: "It stands in the event log.", isRequired: true, form: "skip-selected-")
                ).html)
                """
            ).html
    }

    private var skipServer: HTML {
        Dialog(
            "skip-server",
            "Skip a server",
            """
            <p>Go on without <strong data-subject></strong>.</p>\(CallForm(
                Action(SkipServer.self, [id, "-"]),
                submit: "Skip",
                done: "The server is skipped.",
                fields: Field.area("reason", "Reason", as: .text, hint: "It stands in the event log.", isRequired: true, form: "skip-server-")
            ).html)
            """
        ).html
    }
}
