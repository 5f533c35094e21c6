/// Where credentials come from.
package protocol CredentialSource: Sendable {
    /// Credentials that are good now.
    ///
    /// Throws `CredentialsAbsent` where this source is not set up on this machine, and anything else where it is and failed.
    func credentials() async throws -> Credentials

    /// Says that AWS called these credentials expired; a source that keeps any forgets them.
    func discard(_ credentials: Credentials) async
}

extension CredentialSource {
    package func discard(_ credentials: Credentials) async {}
}

/// A source that is not there on this machine, so that the next of a chain is asked.
package struct CredentialsAbsent: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// A source that is there and gave no credentials.
package struct CredentialsFailed: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Credentials that are known already.
package struct FixedCredentials: CredentialSource {
    private let fixed: Credentials

    package init(_ credentials: Credentials) {
        fixed = credentials
    }

    package func credentials() async throws -> Credentials {
        fixed
    }
}

/// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
package struct EnvironmentCredentials: CredentialSource {
    private let environment: [String: String]

    /// Takes the environment as a value; nothing here reads the process's own.
    package init(environment: [String: String]) {
        self.environment = environment
    }

    package func credentials() async throws -> Credentials {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
        case (nil, nil): throw CredentialsAbsent("AWS_ACCESS_KEY_ID is not set")
        case (let key?, let secret?):
            return Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: value("AWS_SESSION_TOKEN"))
        case (nil, _?), (_?, nil):
            throw CredentialsFailed("one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set without the other")
        }
    }
}

/// Asks several sources in turn; the first that is there answers, and its failure is the chain's.
package struct CredentialChain: CredentialSource {
    private let sources: [any CredentialSource]

    package init(_ sources: [any CredentialSource]) {
        self.sources = sources
    }

    /// The chain of a server: environment, container endpoint, instance metadata.
    ///
    /// - Parameters:
    ///   - environment: The program's environment, as a value.
    ///   - exchange: What the two endpoints are asked through.
    package init(environment: [String: String], exchange: HTTPExchange) {
        self.init([
            EnvironmentCredentials(environment: environment),
            ContainerCredentials(environment: environment, exchange: exchange),
            InstanceCredentials(environment: environment, exchange: exchange),
        ])
    }

    package func credentials() async throws -> Credentials {
        var reasons: [String] = []
        for source in sources {
            do { return try await source.credentials() } catch let absent as CredentialsAbsent {
                reasons.append(absent.description)
            }
        }
        throw CredentialsFailed("no source of credentials: \(reasons.joined(separator: "; "))")
    }

    package func discard(_ credentials: Credentials) async {
        for source in sources { await source.discard(credentials) }
    }
}
