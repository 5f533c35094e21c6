/// Reports that the hub has not acknowledged yet, in the order in which things happened.
///
/// Those of each command and term are numbered from 1 without a gap; they stay until they are acknowledged or their
/// term is over.
package struct UnheardReports<ID: Hashable & Sendable, Report: Sendable>: Sendable {
    package typealias Work = WorkUnderTerm<ID>

    package struct Entry: Sendable {
        package let work: Work
        package let sequence: Int
        package let report: Report
    }

    package private(set) var entries: [Entry] = []
    private var sequences: [Work: Int] = [:]

    package init() {}

    /// The work that there is still something to say of.
    package var works: Set<Work> { Set(entries.map(\.work)) }

    /// Adds what happened as the next report of that work; the closure makes it from its number.
    package mutating func append(of work: Work, _ report: (_ sequence: Int) -> Report) {
        let sequence = (sequences[work] ?? 0) + 1
        sequences[work] = sequence
        entries.append(Entry(work: work, sequence: sequence, report: report(sequence)))
    }

    /// Forgets what the hub has stored; whether that was anything.
    @discardableResult
    package mutating func acknowledge(_ acknowledged: [(work: Work, sequence: Int)]) -> Bool {
        guard !acknowledged.isEmpty else { return false }
        var highest: [Work: Int] = [:]
        for entry in acknowledged { highest[entry.work] = max(highest[entry.work] ?? 0, entry.sequence) }
        let before = entries.count
        entries.removeAll { entry in highest[entry.work].map { entry.sequence <= $0 } ?? false }
        return entries.count < before
    }

    /// Forgets everything of a work: its term no longer holds.
    package mutating func drop(_ work: Work) {
        entries.removeAll { $0.work == work }
        sequences[work] = nil
    }

    /// Forgets how far a work was numbered, once nothing more comes of it; its reports stay until acknowledged.
    package mutating func finish(_ work: Work) {
        sequences[work] = nil
    }
}
