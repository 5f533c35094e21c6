import Foundation

/// Files of a test, in a folder of their own.
enum TestFolder {
    /// A new folder.
    static var folder: String {
        get throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return folder.path
        }
    }

    /// A new file with a text; its path.
    static func file(_ text: String) throws -> String {
        let path = try folder + "/file"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    static func lines(of path: String) throws -> [ArraySlice<UInt8>] {
        Array(try Data(contentsOf: URL(filePath: path))).split(separator: UInt8(ascii: "\n"))
    }
}
