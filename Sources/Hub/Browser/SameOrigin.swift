internal import HTTPTypes

/// Whether a request was made by a page of ours, or by another site through somebody's browser.
///
/// Every browser of today sends `Sec-Fetch-Site` to https and loopback addresses, and no page can change it (W3C, Fetch
/// Metadata Request Headers). Where it is absent `Origin` decides. A request with neither is refused.
enum SameOrigin {
    /// Whether the headers show that a page of this origin made the request.
    static func isShown(by headers: HTTPFields, origin: String) -> Bool {
        let sites = headers[values: .secFetchSite]
        if !sites.isEmpty { return sites == ["same-origin"] }
        return headers[values: .origin] == [origin]
    }

    /// Refuses a request that changes something and cannot be shown to be a page's own.
    ///
    /// - Parameters:
    ///   - exchange: The request.
    ///   - origin: The origin that it was made to.
    ///   - json: Whether its body must say that it is JSON, which no form can: every call of the API, but no form.
    /// - Throws: `Problem` 403, 415.
    static func require(_ exchange: Exchange, origin: String, json: Bool) throws {
        guard isShown(by: exchange.headers, origin: origin) else {
            throw Problem(.crossSite, "Another site may not change anything here through somebody's browser.")
        }
        guard !json || exchange.headers[.contentType].flatMap(MediaType.init)?.name == "application/json" else {
            throw Problem(
                .unsupportedMediaType,
                "With a cookie every change must say Content-Type: application/json, also one without a body.",
                headers: [.accept: "application/json"]
            )
        }
    }
}
