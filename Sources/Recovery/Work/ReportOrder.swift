/// Which of a spoke's reports about one command are news, and what is answered to the rest.
///
/// Reports carry the term of the lease they were made under and are numbered within it from 1. Only the present term
/// counts, only the next number is taken, and what is repeated is acknowledged again: so reports may be lost, repeated
/// and reordered on the way, and what a spoke says after its lease went to another changes nothing.
package struct ReportOrder: Sendable, Hashable {
    /// The term of the newest lease.
    package var term: Int
    /// How far the reports of that term are stored.
    package var sequence: Int
    /// Whether a spoke has the command now.
    package var isLeased: Bool

    package init(term: Int, sequence: Int, isLeased: Bool) {
        self.term = term
        self.sequence = sequence
        self.isLeased = isLeased
    }

    /// What becomes of reports.
    package struct Answer<Report> {
        /// To be stored, in this order.
        package var news: [Report] = []
        /// Acknowledged up to this number of the present term.
        package var acknowledged: Int?
        /// Terms that are over: whoever works under one has nothing more to say.
        package var stale: Set<Int> = []
    }

    /// Sorts reports out, in whatever order they came.
    package func answer<Report>(
        to reports: [Report],
        numbered number: (Report) -> (term: Int, sequence: Int)
    ) -> Answer<Report> {
        var answer = Answer<Report>()
        var current: [(sequence: Int, report: Report)] = []
        for report in reports {
            let (reportTerm, sequence) = number(report)
            if reportTerm == term { current.append((sequence, report)) } else { answer.stale.insert(reportTerm) }
        }
        guard !current.isEmpty else { return answer }
        guard isLeased else {
            // Ended under this very term: the answer was lost, not the report. Otherwise somebody took it back.
            if current.allSatisfy({ $0.sequence <= sequence }) {
                answer.acknowledged = sequence
            } else {
                answer.stale.insert(term)
            }
            return answer
        }
        current.sort { $0.sequence < $1.sequence }
        // A spoke keeps what is not acknowledged, and sends the oldest first. Where that comes after a gap, the database
        // has forgotten what it acknowledged: it went back to an earlier moment. The spoke cannot say it again; so its
        // term is over, and the next one finds the job by its tag and tells everything anew.
        guard current[0].sequence <= sequence + 1 else {
            answer.stale.insert(term)
            return answer
        }
        var last = sequence
        for entry in current where entry.sequence == last + 1 {
            answer.news.append(entry.report)
            last = entry.sequence
        }
        answer.acknowledged = last
        return answer
    }
}
