internal import Ambient
internal import Recovery

/// `Conductor.record` and the calls around it: what spokes report.
extension World {
    /// A heartbeat reaches the hub.
    mutating func receive(_ batch: Batch) {
        guard let replica = someReplica() else { return }
        var answer = Acknowledgement(
            batch: batch.number,
            session: batch.session,
            sentAt: batch.sentAt,
            holding: batch.holding
        )
        guard let session = tables.sessions.firstIndex(where: { $0.number == batch.session }) else {
            answer.isKnown = false
            return respond(answer, to: batch)
        }
        tables.sessions[session].lastSeen = now
        let holding =
            rules.renewsAll
            ? tables.leased(to: batch.session).map { Work(commandId: $0.number, term: $0.term) } : batch.holding
        tables.renew(batch.session, holding: holding, until: now + WorkLease.time)
        let groups = Dictionary(grouping: batch.reports) { tables.command($0.work.commandId)?.execution }
        for report in groups[nil] ?? [] where !answer.stale.contains(report.work) { answer.stale.append(report.work) }
        for index in groups.keys.compactMap(\.self).sorted() {
            // The replica may die between two transactions, and then nobody hears of the first.
            if isFaulty, dice.happens(0.01) { return }
            turn(of: index, at: replica) { world, turn in
                world.record(groups[index] ?? [], &turn, into: &answer)
                return true
            }
        }
        respond(answer, to: batch)
    }

    private mutating func respond(_ answer: Acknowledgement, to batch: Batch) {
        let action = Action.heard(batch.spoke, epoch: batch.epoch, answer)
        guard isFaulty else { return plan(action, in: .milliseconds(5)) }
        guard !isCut(batch.spoke), !dice.happens(0.06) else { return }
        plan(action, in: dice.happens(0.05) ? dice.seconds(1...15) : .milliseconds(dice.number(1...300)))
    }

    private mutating func record(_ reports: [Said], _ turn: inout Turn, into answer: inout Acknowledgement) {
        for number in Set(reports.map(\.work.commandId)).sorted() {
            guard let command = tables.command(number) else { continue }
            let order = ReportOrder(
                term: command.term,
                sequence: command.sequence,
                isLeased: command.state == .leased
            )
            let said = rules.answer(order, reports.filter { $0.work.commandId == number })
            answer.stale += said.stale.sorted().map { Work(commandId: number, term: $0) }
            if let sequence = said.acknowledged {
                answer.acknowledged.append((Work(commandId: number, term: command.term), sequence))
            }
            for report in said.news {
                checkTaken(report, of: command)
                apply(report, to: command, &turn)
            }
            if let last = said.news.last { tables.acknowledge(number, sequence: last.sequence) }
        }
    }

    private mutating func checkTaken(_ said: Said, of command: Command) {
        // After a database went back, a term may have been another spoke's before.
        let isHolder = said.spoke == command.spoke || evidence.isRestored
        if said.work.term != command.term || !isHolder {
            breach(
                .term,
                "spoke \(said.spoke) under term \(said.work.term) is heard, \(short(command.key)) is with spoke "
                    + "\(command.spoke ?? -1) under term \(command.term)"
            )
        }
        let last = evidence.taken[said.work] ?? 0
        if said.sequence != last + 1, !evidence.isRestored {
            breach(.reports, "report \(said.sequence) of \(short(command.key)) is taken after \(last)")
        }
        evidence.taken[said.work] = said.sequence
    }

    private mutating func apply(_ said: Said, to command: Command, _ turn: inout Turn) {
        let (event, fate) = said.report.meaning(forKey: command.key, isLaunch: command.work.isLaunch)
        switch fate {
        case .goesOn: break
        case .waits(let problem):
            sights.insert("deferred")
            tables.postpone(
                command.number,
                until: now + dice.seconds(0...min(20, 1 << min(command.attempt, 4))),
                isUnclear: problem.isUnclear,
                isSettled: problem.isSettled
            )
        case .done:
            if rules.endsDone { tables.end(command.number, as: .done) }
            turn.places[command.place] = true
        case .failed:
            tables.end(command.number, as: .failed)
            turn.places[command.place] = true
        }
        receive(event, &turn)
    }
}
