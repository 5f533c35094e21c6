internal import Ambient
internal import Foundation
package import Hypertext
internal import PostgreSQL
internal import Synchronization

/// Prints reports as PDF: WeasyPrint over the same HTML as the page, as a program of its own.
///
/// One at a time in each replica: it takes a core for seconds.
package final class ReportPress: Sendable {
    /// Why there is no PDF.
    package enum Failure: Error, Sendable, CustomStringConvertible {
        /// WeasyPrint is not on this machine.
        case missing
        /// Another one is being printed.
        case busy
        case failed(String)

        package var description: String {
            switch self {
            case .missing: "WeasyPrint is not installed"
            case .busy: "another report is being printed"
            case .failed(let why): "WeasyPrint failed: \(why)"
            }
        }
    }

    /// Where Debian, and where pip, puts it.
    package static let usualPlaces = ["/usr/bin/weasyprint", "/usr/local/bin/weasyprint"]
    /// The most that a print may take, in seconds: the largest report measured takes a tenth of it.
    private static let patience = 120
    /// Characters of what WeasyPrint said that a log needs.
    private static let complaint = 400

    private let program: String?
    private let isPrinting = Mutex(false)

    package init(places: [String] = usualPlaces) {
        program = places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Whether reports can be printed here.
    package var isAvailable: Bool { program != nil }

    /// A page as PDF.
    ///
    /// - Parameters:
    ///   - page: What is printed.
    ///   - attachments: Files that go with it, by name.
    ///   - name: Of a folder that nobody else uses meanwhile.
    /// - Returns: The file.
    /// - Throws: `Failure`.
    package func pdf(
        of page: HTML,
        attaching attachments: [(name: String, bytes: [UInt8])],
        as name: String
    ) async throws -> [UInt8] {
        guard let program else { throw Failure.missing }
        let isFree = isPrinting.withLock { busy in
            defer { busy = true }
            return !busy
        }
        guard isFree else { throw Failure.busy }
        defer { isPrinting.withLock { $0 = false } }
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "muster-report-\(name)")
        do {
            try? files.removeItem(at: folder)
            try files.createDirectory(
                at: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            defer { try? files.removeItem(at: folder) }
            return try await pdf(of: page, attaching: attachments, in: folder, by: program)
        } catch let failure as Failure {
            throw failure
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            throw Failure.failed("\(error)")
        }
    }

    private func pdf(
        of page: HTML,
        attaching attachments: [(name: String, bytes: [UInt8])],
        in folder: URL,
        by program: String
    ) async throws -> [UInt8] {
        let (source, pdf) = (folder.appending(path: "report.html"), folder.appending(path: "report.pdf"))
        try Data(page.bytes).write(to: source)
        var attached: [String] = []
        for attachment in attachments {
            let file = folder.appending(path: attachment.name)
            try Data(attachment.bytes).write(to: file)
            attached += ["--attachment", file.path]
        }
        let result = try await Program.run(
            "/usr/bin/timeout",
            ["--kill-after=5", "\(Self.patience)", program, "--quiet", "--pdf-variant", "pdf/ua-1"] + attached
                + [source.path, pdf.path],
            endsWhenCancelled: true
        )
        // A hub that stops does not wait for it: whichever hub looks next prints it.
        try Task.checkCancellation()
        guard result.status == 0, let data = contents(of: pdf) else {
            throw Failure.failed("status \(result.status), \(result.output.suffix(Self.complaint))")
        }
        return data
    }

    private func contents(of url: URL) -> [UInt8]? {
        FileManager.default.contents(atPath: url.path).map { Array($0) }
    }
}
