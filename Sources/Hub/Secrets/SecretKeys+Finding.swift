internal import Foundation

extension SecretKeys {
    /// The keys of a configuration: from its file, from its text, or the embedded database's own.
    ///
    /// With an external database they must be given, for all its hubs share them. With the embedded one a key is made
    /// at the first start and kept in the state directory, where only the hub can read it.
    ///
    /// - Throws: `ConfigurationProblem`, which names the key.
    package init(finding configuration: HubConfiguration) throws {
        switch (configuration.secretKeyFile, configuration.secretKey) {
        case (_?, _?):
            throw ConfigurationProblem("MUSTER_SECRET_KEY", "must not be given beside MUSTER_SECRET_KEY_FILE")
        case (let file?, nil):
            self = try Self.keys("MUSTER_SECRET_KEY_FILE", in: try Self.text(ofFile: file))
        case (nil, let text?):
            self = try Self.keys("MUSTER_SECRET_KEY", in: text)
        case (nil, nil):
            guard configuration.databaseURL == nil else {
                throw ConfigurationProblem(
                    "MUSTER_SECRET_KEY_FILE",
                    "is missing, though MUSTER_DATABASE_URL is given: make one for all hubs of the database, with "
                        + "openssl rand -base64 32"
                )
            }
            self = try Self.keys("MUSTER_STATE_DIRECTORY", in: try Self.ownText(below: configuration.stateDirectory))
        }
    }

    private static func keys(_ key: String, in text: String) throws -> SecretKeys {
        do throws(Unusable) {
            return try SecretKeys(parsing: text)
        } catch {
            throw ConfigurationProblem(key, error.description)
        }
    }

    private static func text(ofFile path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationProblem("MUSTER_SECRET_KEY_FILE", "cannot be read as text: \(path)")
        }
    }

    /// The key that the hub made for itself; made now where there is none.
    private static func ownText(below directory: String) throws -> String {
        let folder = URL(filePath: directory).appending(path: "secrets")
        let file = folder.appending(path: "keys")
        do {
            let files = FileManager.default
            if files.fileExists(atPath: file.path(percentEncoded: false)) {
                return try String(contentsOf: file, encoding: .utf8)
            }
            // The folder is closed before anything is in it, so that the file is never open to anybody.
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
            try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path(percentEncoded: false))
            let text =
                "# Made by the hub. Whoever has it can read what the hub keeps secret in its database.\n\(make())\n"
            try Data(text.utf8).write(to: file, options: .atomic)
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path(percentEncoded: false))
            return text
        } catch let error as CocoaError {
            throw ConfigurationProblem(
                "MUSTER_STATE_DIRECTORY",
                "cannot keep the hub's secret key: \(error.localizedDescription)"
            )
        }
    }
}
