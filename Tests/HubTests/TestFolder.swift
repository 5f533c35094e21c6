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

    static func lines(of path: String) throws -> [ArraySlice<UInt8>] {
        Array(try Data(contentsOf: URL(filePath: path))).split(separator: UInt8(ascii: "\n"))
    }
}
