package import Ambient
internal import Foundation
internal import JSON
internal import OrderedCollections

/// The tokens that sign-in keeps, one a hub, in a file that only its owner can read.
///
/// It lies in the XDG state directory (`$XDG_STATE_HOME/muster/tokens.json`, by default below `~/.local/state`). A token
/// is given out only for the hub that it was kept for.
package struct TokenFile: Sendable {
    private let directory: URL

    private var file: URL { directory.appending(path: "tokens.json") }

    /// - Throws: `Trouble` where there is no home directory to keep anything in.
    package init(environment: [String: String]) throws {
        // The specification says to ignore a path that is not absolute.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            directory = URL(filePath: state).appending(path: "muster")
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            directory = URL(filePath: home).appending(path: ".local/state/muster")
        } else {
            throw Trouble(
                "There is no place for tokens",
                code: "NO_STATE_DIRECTORY",
                advice: "Set HOME or XDG_STATE_HOME, or give the token by MUSTER_TOKEN."
            )
        }
    }

    /// The token that was kept for a hub; nil when there is none.
    ///
    /// - Throws: `Trouble` for one that has expired, and for a file that others could read.
    package func token(for hub: HubAddress, at now: Instant) throws -> String? {
        guard let entry = try entries()[hub.description], let token = entry["token"]?.string else { return nil }
        if let end = entry["expiresAt"]?.string.flatMap({ Instant($0) }), end <= now {
            throw Trouble(
                "The token for \(hub) expired at \(end)",
                code: "TOKEN_EXPIRED",
                advice: "Sign in again with: muster sign-in",
                status: .notAuthenticated
            )
        }
        return token
    }

    package func keep(_ token: String, for hub: HubAddress, until end: Instant?) throws {
        var entries = try entries()
        entries[hub.description] = ["token": .string(token), "expiresAt": end.map { .string("\($0)") } ?? .null]
        try write(entries)
    }

    /// Forgets the token of a hub, and says whether there was one.
    package func forget(_ hub: HubAddress) throws -> Bool {
        var entries = try entries()
        guard entries.removeValue(forKey: hub.description) != nil else { return false }
        try write(entries)
        return true
    }

    private func entries() throws -> OrderedDictionary<String, JSON> {
        let path = file.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
            guard mode & 0o077 == 0 else {
                throw Trouble(
                    "\(path) can be read by others",
                    code: "TOKEN_FILE_OPEN",
                    advice: "Make it yours alone (chmod 600), and sign in anew: somebody may have the tokens."
                )
            }
            return try JSON(parsing: Array(try Data(contentsOf: file))).object ?? [:]
        } catch let error as JSON.SyntaxError {
            throw Self.unusable(path, error.description)
        } catch let error as CocoaError {
            throw Self.unusable(path, error.localizedDescription)
        }
    }

    private func write(_ entries: OrderedDictionary<String, JSON>) throws {
        let path = file.path(percentEncoded: false)
        do {
            let files = FileManager.default
            // The directory is closed first: the file is never open to anybody, not even while it is written.
            try files.createDirectory(at: directory, withIntermediateDirectories: true)
            let closed = directory.path(percentEncoded: false)
            try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: closed)
            try Data(JSON.object(entries).bytes).write(to: file, options: .atomic)
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch let error as CocoaError {
            throw Self.unusable(path, error.localizedDescription)
        }
    }

    private static func unusable(_ path: String, _ reason: String) -> Trouble {
        Trouble("\(path) cannot be used", code: "TOKEN_FILE_UNUSABLE", details: [reason])
    }
}
