package import Ambient

extension Execution {
    /// Answers one event: the only way an execution changes.
    ///
    /// Every pair of phase and event has its answer here. Stale, late and repeated events are welcome and change nothing.
    package mutating func receive(_ event: Event, at now: Instant) -> Outcome {
        var outcome = Outcome()
        switch (phase, event) {
        case (.active, .jobAccepted(let key, let jobId)), (.cancelling, .jobAccepted(let key, let jobId)),
            (.ended, .jobAccepted(let key, let jobId)):
            accept(key, as: jobId, at: now, &outcome)
        case (.active, .launchDeferred(let key, let code, let text)),
            (.cancelling, .launchDeferred(let key, let code, let text)):
            postpone(key, code: code, text: text, at: now, &outcome)
        case (.active, .launchWaits(let key, let wait)), (.cancelling, .launchWaits(let key, let wait)):
            beginWait(key, wait, .jobWaiting, at: now, &outcome)
        case (.active, .launchRefused(let key, let code, let text)),
            (.cancelling, .launchRefused(let key, let code, let text)):
            refuse(key, code: code, text: text, at: now, &outcome)
        case (.active, .serversReported(let key, let reports)), (.cancelling, .serversReported(let key, let reports)),
            (.ended, .serversReported(let key, let reports)):
            for report in reports { record(report, of: key, at: now, &outcome) }
        case (.active, .jobEnded(let key)), (.cancelling, .jobEnded(let key)):
            end(key, at: now, &outcome)
        case (.active, .jobTimedOut(let key)), (.cancelling, .jobTimedOut(let key)):
            timeOut(key, at: now, &outcome)
        case (.active, .pauseRequested(let mode, let person)):
            pause(mode, by: person, at: now, &outcome)
        case (.active, .resumed(let wave, let person, let comment)):
            resume(wave, by: person, comment: comment, &outcome)
        case (.active, .pauseExpired(let wave)):
            expirePause(of: wave, at: now, &outcome)
        case (.active, .approved(let wave, let person, let comment)):
            approve(wave, by: person, comment: comment, &outcome)
        case (.active, .declined(let wave, let person, let comment)):
            decline(wave, by: person, comment: comment, &outcome)
        case (.active, .cancelRequested(let person, let comment)):
            cancel(by: person, comment: comment, &outcome)
        case (.active, .withdrawn(let keys)), (.cancelling, .withdrawn(let keys)):
            for key in keys { withdraw(key, at: now, &outcome) }
        case (.active, .held(let keys)):
            keepBack(keys, &outcome)
        case (.active, .retryRequested(let servers, let person)), (.ended, .retryRequested(let servers, let person)):
            retry(servers, by: person, at: now, &outcome)
        case (.active, .skipRequested(let servers, let person, let reason)),
            (.ended, .skipRequested(let servers, let person, let reason)):
            skip(servers, by: person, reason: reason, at: now, &outcome)
        case (.active, .recoveryPointReplaced(let server, let snapshot, let person, let reason)),
            (.ended, .recoveryPointReplaced(let server, let snapshot, let person, let reason)):
            replaceRecoveryPoint(of: server, by: snapshot, person: person, reason: reason, &outcome)
        case (.active, .noted(let person, let text)), (.cancelling, .noted(let person, let text)),
            (.ended, .noted(let person, let text)):
            outcome.journal.append(JournalEntry(.note, by: person, text: text))
        case (.ended, .terminationRequested(let person)):
            beginCleanUp(by: person, saying: nil, &outcome)
        case (.ended, .instancesReported(let reports)):
            for report in reports { record(report, at: now, &outcome) }
        case (.ended, .terminationEnded(let key, let problem)):
            endCleanUp(key, problem: problem, at: now, &outcome)
        case (.ended, .cleanUpDue):
            cleanUpWhatIsDue(&outcome)
        case (.active, .terminationRequested), (.active, .instancesReported), (.active, .terminationEnded),
            (.cancelling, .pauseRequested), (.cancelling, .resumed), (.cancelling, .pauseExpired),
            (.cancelling, .approved), (.cancelling, .declined), (.cancelling, .cancelRequested),
            (.cancelling, .retryRequested), (.cancelling, .skipRequested), (.cancelling, .recoveryPointReplaced),
            (.cancelling, .terminationRequested), (.cancelling, .instancesReported), (.cancelling, .terminationEnded),
            (.cancelling, .held), (.ended, .held),
            // Its end starts the timer anew.
            (.active, .cleanUpDue), (.cancelling, .cleanUpDue),
            (.ended, .launchDeferred), (.ended, .launchWaits), (.ended, .launchRefused), (.ended, .jobEnded),
            (.ended, .jobTimedOut),
            (.ended, .pauseRequested), (.ended, .resumed), (.ended, .pauseExpired), (.ended, .approved),
            (.ended, .declined), (.ended, .cancelRequested), (.ended, .withdrawn):
            return outcome
        }
        moveOn(at: now, &outcome)
        return outcome
    }
}
