internal import HTTPTypes
internal import HummingbirdCore

/// The origins by which browsers reach the hub, and which one of them a request was made to.
struct BrowserOrigins: Sendable {
    private let origins: [String]

    /// - Parameter origins: `MUSTER_PUBLIC_URL`: lower case, without the scheme's own port; at least one.
    init(_ origins: [String]) {
        self.origins = origins
    }

    /// The origin of a request: the one of its host, or the first where a proxy has put another host there.
    func origin(of exchange: Exchange) -> String {
        let authority = exchange.request.head.authority?.lowercased()
        return origins.first { origin in origin.split(separator: "/").last.map(String.init) == authority }
            ?? origins.first ?? ""
    }
}

extension HTTPField.Name {
    static let secFetchSite = known("Sec-Fetch-Site")
    static let secFetchMode = known("Sec-Fetch-Mode")
}
