import JSON
import OpenSSL
import OrderedCollections
import WebToken

extension Forgery {
    static let issuersAndClients: [Forgery] = [
        .claims("no iss", .issuer, ["iss": nil as JSON?]),
        .claims("iss null", .issuer, ["iss": JSON.null]),
        .claims("iss a number", .issuer, ["iss": 1]),
        .claims("iss an array", .issuer) { ["iss": [.string($0.issuer)]] },
        .claims("iss empty", .issuer, ["iss": ""]),
        .claims("iss unknown", .issuer, ["iss": "https://stranger.example.com"]),
        .claims("iss with a slash at its end", .issuer) { ["iss": .string($0.issuer + "/")] },
        .claims("iss with more at its end", .issuer) { ["iss": .string($0.issuer + ".example.com")] },
        .claims("iss cut short", .issuer) { ["iss": .string(String($0.issuer.dropLast()))] },
        .claims("iss in upper case", .issuer) { ["iss": .string($0.issuer.uppercased())] },
        .claims("iss with a blank", .issuer) { ["iss": .string($0.issuer + " ")] },
        .claims("iss without TLS", .issuer) { ["iss": .string("http" + $0.issuer.dropFirst(5))] },
        .claims("an ID token's use", .use, ["token_use": "id"]),
        .claims("an ID token", .use, ["token_use": "id", "aud": .string(Forge.client), "client_id": nil as JSON?]),
        .claims("no use", .use, ["token_use": nil as JSON?]),
        .claims("use refresh", .use, ["token_use": "refresh"]),
        .claims("use in upper case", .use, ["token_use": "ACCESS"]),
        .claims("use an array", .use, ["token_use": ["access"]]),
        .claims("use null", .use, ["token_use": JSON.null]),
        .claims("no client", .client, ["client_id": nil as JSON?]),
        .claims("client null", .client, ["client_id": JSON.null]),
        .claims("client empty", .client, ["client_id": ""]),
        .claims("client unknown", .client, ["client_id": "stranger"]),
        .claims("client of the other issuer", .client, ["client_id": .string(Forge.otherClient)]),
        .claims("client an array", .client, ["client_id": [.string(Forge.client)]]),
        .claims("client in lower case", .client, ["client_id": .string(Forge.client.lowercased())]),
        .claims("client as aud alone", .client, ["client_id": nil as JSON?, "aud": .string(Forge.client)]),
        .claims("aud of another", .audience, ["aud": "https://stranger.example.com"]),
        .claims("aud of others", .audience, ["aud": ["https://a.example.com", "https://b.example.com"]]),
        .claims("aud empty", .audience, ["aud": []]),
        .claims("aud null", .audience, ["aud": JSON.null]),
        .claims("aud a number", .audience, ["aud": 1]),
    ]

    static let lifetimes: [Forgery] = [
        .claims("no exp", .expiry, ["exp": nil as JSON?]),
        .claims("exp null", .expiry, ["exp": JSON.null]),
        .claims("exp true", .expiry, ["exp": true]),
        .claims("exp negative", .expiry, ["exp": -1]),
        .claims("exp for ever", .expiry, ["exp": .integer(.max)]),
        .claims("exp beyond numbers", .expiry, ["exp": 1e300]),
        .claims("exp zero", .expired, ["exp": 0]),
        .times("exp a text", .expiry) { ["exp": .string(String($0 + 900))] },
        .times("exp with a fraction", .expiry) { ["exp": .decimal(Double($0 + 900) + 0.5)] },
        .times("exp an array", .expiry) { ["exp": [.integer($0 + 900)]] },
        .times("exp in milliseconds", .expiry) { ["exp": .integer($0 * 1000)] },
        .times("expired yesterday", .expired) { ["exp": .integer($0 - 86_400)] },
        .times("expired a minute ago", .expired) { ["exp": .integer($0 - 60)] },
        .times("not valid for another hour", .early) { ["nbf": .integer($0 + 3600)] },
        .times("nbf a text", .start) { ["nbf": .string(String($0))] },
        .times("nbf with a fraction", .start) { ["nbf": .decimal(Double($0) - 0.5)] },
        .claims("nbf null", .start, ["nbf": JSON.null]),
        .claims("nbf for ever", .start, ["nbf": .integer(.max)]),
        Forgery("times: exp with an exponent", .expiry) { forge in
            let text = JSON.object(forge.claims(["exp": nil as JSON?])).text.dropLast() + #","exp":18e8}"#
            return try forge.token(header: JSON.object(forge.header).bytes, payload: Array(text.utf8))
        },
    ]

    static let identities: [Forgery] = [
        .claims("no sub", .identity, ["sub": nil as JSON?]),
        .claims("sub empty", .identity, ["sub": ""]),
        .claims("sub a number", .identity, ["sub": 1]),
        .claims("username an object", .identity, ["username": [:]]),
        .claims("username null", .identity, ["username": JSON.null]),
        .claims("groups a text", .identity, ["cognito:groups": "DRSOrchestrationAdmin"]),
        .claims("groups an object", .identity, ["cognito:groups": ["0": "DRSOrchestrationAdmin"]]),
        .claims("groups with a number", .identity, ["cognito:groups": ["DRSOrchestrationAdmin", 1]]),
        .claims("scope an array", .identity, ["scope": ["muster/admin"]]),
    ]

    static let texts: [Forgery] = [
        Forgery("text: empty", .malformed) { _ in "" },
        Forgery("text: a dot", .malformed) { _ in "." },
        Forgery("text: two dots", .malformed) { _ in ".." },
        .text("one part", .malformed) { $0[0] },
        .text("two parts", .malformed) { "\($0[0]).\($0[1])" },
        .text("four parts", .malformed) { $0.joined(separator: ".") + ".AAAA" },
        .text("a dot at its end", .malformed) { $0.joined(separator: ".") + "." },
        .text("a dot before it", .malformed) { "." + $0.joined(separator: ".") },
        .text("five parts", .malformed) { "\($0[0]).AA.AA.\($0[1]).\($0[2])" },
        .text("a blank before it", .malformed) { " " + $0.joined(separator: ".") },
        .text("a line end after it", .malformed) { $0.joined(separator: ".") + "\n" },
        .text("a blank in the claims", .malformed) { "\($0[0]). \($0[1]).\($0[2])" },
        .text("a line end in the signature", .malformed) {
            "\($0[0]).\($0[1]).\($0[2].prefix(4))\r\n\($0[2].dropFirst(4))"
        },
        .text("padding of the header", .malformed) { "\($0[0])=.\($0[1]).\($0[2])" },
        .text("padding of the claims", .malformed) { "\($0[0]).\($0[1])==.\($0[2])" },
        .text("padding of the signature", .malformed) { "\($0[0]).\($0[1]).\($0[2])==" },
        .text("a stray bit in the signature", .malformed) { parts in
            let last = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
            let value = parts[2].last.flatMap { last.firstIndex(of: $0) } ?? 0
            return "\(parts[0]).\(parts[1]).\(parts[2].dropLast())\(last[value ^ 1])"
        },
        .text("base64 for mail", .malformed) { "\($0[0]).\($0[1]).+/\($0[2].dropFirst(2))" },
        .text("the scheme before it", .malformed) { "Bearer " + $0.joined(separator: ".") },
        .text("two tokens", .malformed) { "\($0.joined(separator: ".")),\($0.joined(separator: "."))" },
        .text("escaped dots", .malformed) { $0.joined(separator: "%2E") },
        .text("a NUL after it", .malformed) { $0.joined(separator: ".") + "\u{0}" },
        .text("a letter that is not ASCII", .malformed) { "\($0[0]).\($0[1]).\u{ff21}\($0[2].dropFirst())" },
        .text("JSON serialisation", .malformed) { parts in
            #"{"protected":"\#(parts[0])","payload":"\#(parts[1])","signature":"\#(parts[2])"}"#
        },
        Forgery("text: longer than 8 KiB", .tooLong) { forge in
            try forge.token(claims: forge.claims(["filler": .string(String(repeating: "x", count: 8192))]))
        },
        Forgery("text: longer than 8 KiB by a byte", .tooLong) { try token(of: 8193, by: $0) },
    ]

    /// A good token of exactly so many bytes: a claim and, where base64 skips a length, a header are filled up.
    package static func token(of length: Int, by forge: Forge) throws -> String {
        for filler in 0..<4 {
            let header = forge.header(["filler": .string(String(repeating: "x", count: filler))])
            let short = try forge.token(header: header, claims: forge.claims(["filler": ""])).utf8.count
            let claims = forge.claims(["filler": .string(String(repeating: "x", count: (length - short) * 3 / 4))])
            let token = try forge.token(header: header, claims: claims)
            if token.utf8.count == length { return token }
        }
        return ""
    }

    static let payloads: [Forgery] = [
        .payload("exp repeated") { "{\"exp\":1," + $0.dropFirst() },
        .payload("exp repeated by an escape") { #"{"\u0065xp":9999999999,"# + $0.dropFirst() },
        .payload("iss repeated at its end") { $0.dropLast() + #","iss":"https://stranger.example.com"}"# },
        .payload("repeated below") { $0.dropLast() + #","x":{"a":1,"a":2}}"# },
        .payload("an array") { "[\($0)]" },
        .payload("a text") { _ in #""https://issuer.example.com""# },
        .payload("empty") { _ in "" },
        .payload("not JSON") { _ in "exp=9999999999" },
        .payload("text after its end") { $0 + "{}" },
        .payload("a byte order mark") { "\u{feff}" + $0 },
        .payload("U+0000") { $0.dropLast() + #","x":"\u0000"}"# },
        .payload("half a surrogate pair") { $0.dropLast() + #","x":"\ud800"}"# },
        .payload("too deep") { text in
            text.dropLast() + ",\"x\":" + String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}"
        },
        .payload("a comma too many") { $0.dropLast() + ",}" },
        Forgery("payload: not UTF-8", .malformed) { forge in
            let bytes = JSON.object(forge.claims).bytes.dropLast() + Array(#","x":""#.utf8) + [0xFF, 0x22, 0x7D]
            return try forge.token(header: JSON.object(forge.header).bytes, payload: Array(bytes))
        },
    ]

    /// A good signature over claims that are spoilt as text.
    private static func payload(_ name: String, _ spoil: @escaping @Sendable (String) -> String) -> Forgery {
        Forgery("payload: " + name, .malformed) { forge in
            let text = spoil(JSON.object(forge.claims).text)
            return try forge.token(header: JSON.object(forge.header).bytes, payload: Array(text.utf8))
        }
    }
}
