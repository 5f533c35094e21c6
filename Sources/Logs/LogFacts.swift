internal import Ambient
package import Logging

/// What every line says that is logged while something is done: of which request, execution or command it is.
///
/// Facts go along with the task and with the tasks that it starts, so that whoever logs deep inside need not know them.
package enum LogFacts {
    @TaskLocal package static var current: Logger.Metadata = [:]

    /// The same with the step of the trace that is being done.
    static var all: Logger.Metadata {
        guard let trace = TraceContext.current else { return current }
        return current.merging(trace.facts) { $1 }
    }
}

extension TraceContext {
    /// What a line says of it.
    package var facts: Logger.Metadata { ["trace": "\(traceId)", "span": "\(spanId)"] }
}
