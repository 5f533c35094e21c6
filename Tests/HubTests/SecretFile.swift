import Foundation
import OpenSSL

/// Files of a test, in a folder of their own.
enum SecretFile {
    /// A new folder.
    static var folder: String {
        get throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return folder.path
        }
    }

    /// A file with one secret key.
    static var path: String {
        get throws {
            let path = try folder + "/keys"
            try Data((Base64.encode(SecureRandom.bytes(32)) + "\n").utf8).write(to: URL(filePath: path))
            return path
        }
    }

    static func lines(of path: String) throws -> [ArraySlice<UInt8>] {
        Array(try Data(contentsOf: URL(filePath: path))).split(separator: UInt8(ascii: "\n"))
    }
}
