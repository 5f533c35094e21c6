internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store
internal import TestKit

extension Examined {
    static let signIn: [Examined] =
        each("sign-in forget", SignInStatements.forget(at: .sample, idleSince: .sample)) + [
            Examined(
                "sign-in insert",
                SignInStatements.insert(
                    SignInStatements.Begun(issuer: "a", stateHash: [1], secrets: [1], returnPath: "/"),
                    cookieHash: [1],
                    until: .sample
                )
            ),
            Examined("sign-in take", SignInStatements.take([1], at: .sample)),
            Examined(
                "break-glass insert",
                SignInStatements.insert(
                    SignInStatements.BreakGlass(name: "a", reason: "b", role: .admin),
                    codeHash: [1],
                    until: .sample,
                    at: .sample
                )
            ),
            Examined("break-glass use", SignInStatements.useCode([1], at: .sample)),
            Examined("browser session insert", BrowserSessionStatements.insert(session, at: .sample)),
            Examined("browser session", BrowserSessionStatements.find([1], at: .sample, idleSince: .sample)),
            Examined("browser session touch", BrowserSessionStatements.touch(.sample(1), at: .sample)),
            Examined(
                "browser session rotate",
                BrowserSessionStatements.rotate(.sample(1), from: [1], to: [2], oldUntil: .sample)
            ),
            Examined(
                "browser session claim",
                BrowserSessionStatements.claim(.sample(1), freshBefore: .sample, until: .sample, at: .sample)
            ),
            Examined(
                "browser session renew",
                BrowserSessionStatements.renew(.sample(1), refreshToken: [1], groups: ["a"], freshUntil: .sample)
            ),
            Examined("browser session postpone", BrowserSessionStatements.postpone(.sample(1), until: .sample)),
            Examined("browser session end", BrowserSessionStatements.end(.sample(1))),
            Examined("browser session end by cookie", BrowserSessionStatements.end(cookie: [1], at: .sample)),
            Examined(
                "browser session shown",
                BrowserSessionStatements.show(.sample(1), at: .sample, idleSince: .sample)
            ),
        ]
        + wallLinks
        + [nil, (issuer: "a", subject: "b")].flatMap { person in
            [nil, (at: Instant.sample, id: Identifier<BrowserSession>.sample(1))].map { last in
                Examined(
                    "browser sessions of \(person?.subject ?? "all") after \(last.map { "\($0.id)" } ?? "nothing")",
                    BrowserSessionStatements.list(
                        of: person,
                        current: [1],
                        after: last,
                        limit: 1,
                        at: .sample,
                        idleSince: .sample
                    )
                )
            }
        }

    private static let wallLinks: [Examined] =
        [
            Examined("wall link insert", WallLinkStatements.insert(wallLink, tokenHash: [1])),
            Examined("wall link", WallLinkStatements.find([1], of: .sample(1), at: .sample)),
            Examined("wall link count", WallLinkStatements.count(of: .sample(1), at: .sample)),
            Examined("wall link revoke", WallLinkStatements.revoke(.sample(1), of: .sample(1), at: .sample)),
            Examined("wall links forget", WallLinkStatements.forget(at: .sample)),
        ]
        + [nil, (at: Instant.sample, id: Identifier<WallLink>.sample(1))].map { last in
            Examined(
                "wall links after \(last.map { "\($0.id)" } ?? "nothing")",
                WallLinkStatements.list(of: .sample(1), after: last, limit: 1, at: .sample)
            )
        }

    private static let wallLink = WallLinkView(
        linkId: .sample(1),
        executionId: .sample(1),
        label: nil,
        createdBy: "a",
        createdAt: .sample,
        expiresAt: .sample
    )

    private static let session = BrowserSessionStatements.New(
        sessionId: .sample(1),
        tokenHash: [1],
        issuer: "a",
        subject: "b",
        clientId: "c",
        name: "d",
        groups: ["e"],
        refreshToken: [1],
        freshUntil: .sample,
        endsAt: .sample,
        sourceAddress: "127.0.0.1",
        userAgent: nil
    )
}
