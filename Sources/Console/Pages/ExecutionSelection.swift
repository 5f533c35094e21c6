internal import Ambient
package import Hypertext
package import Recovery

extension ExecutionPage {
    /// What of a run the address asks for: which servers, which events, and which server beside them.
    package struct Selection: Sendable, Hashable {
        package var wave: Int?
        package var status: ServerStatus?
        /// From 0.
        package var page: Int
        /// The server in the panel.
        package var server: SourceServerID?
        package var log: Log

        /// Which events are shown.
        package struct Log: Sendable, Hashable {
            package var wave: Int?
            package var isOfProblems: Bool
            /// The event that the page shows with those around it; it stands still then.
            package var around: Int?

            package init(wave: Int? = nil, isOfProblems: Bool = false, around: Int? = nil) {
                self.wave = wave
                self.isOfProblems = isOfProblems
                self.around = around
            }
        }

        package init(
            wave: Int? = nil,
            status: ServerStatus? = nil,
            page: Int = 0,
            server: SourceServerID? = nil,
            log: Log = Log()
        ) {
            self.wave = wave
            self.status = status
            self.page = page
            self.server = server
            self.log = log
        }

        /// The address that says so.
        package func link(of id: Execution.ID) -> Link {
            Link.execution(id).with(pairs)
        }

        /// The names and values of the address.
        var pairs: [(name: String, value: String?)] {
            [
                ("wave", wave.map(String.init) ?? "all"), ("status", status?.rawValue),
                ("page", page == 0 ? nil : String(page)), ("server", server?.rawValue),
                ("logWave", log.wave.map(String.init)), ("log", log.isOfProblems ? "problems" : nil),
                ("event", log.around.map(String.init)),
            ]
        }

        /// The same but for some of it.
        func with(_ change: (inout Selection) -> Void) -> Selection {
            var selection = self
            change(&selection)
            return selection
        }
    }
}
