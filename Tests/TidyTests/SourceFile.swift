import Foundation

/// A Swift file of the project, read as text.
struct SourceFile: Sendable {
    let path: String
    let lines: [String]

    /// The module that the file belongs to: the folder below `Sources`.
    var module: String {
        path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    }

    /// The folder of the package, three above this file.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file below a folder of the package.
    static func all(below folder: String) -> [SourceFile] {
        let base = root.appending(path: folder)
        let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
        return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
            .compactMap { url in
                guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
                let path = url.path.replacing(root.path + "/", with: "", maxReplacements: 1)
                return SourceFile(
                    path: path,
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                )
            }
            .sorted { $0.path < $1.path }
    }

    /// Places where the code (not its comments) matches, as `path:line`.
    func places(of matches: (Substring) -> Bool) -> [String] {
        lines.enumerated().compactMap { number, line in
            let code = Self.code(of: line)
            return matches(code) ? "\(path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))" : nil
        }
    }

    private static func code(of line: String) -> Substring {
        let trimmed = line.drop { $0 == " " }
        guard !trimmed.hasPrefix("//") else { return "" }
        guard let comment = trimmed.firstRange(of: " // ") else { return trimmed }
        return trimmed[..<comment.lowerBound]
    }
}
