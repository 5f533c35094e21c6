/// The style sheet, the icons and the scripts, embedded; each is served under a path with the hash of them all.
package enum Assets {
    /// One file.
    package struct File: Sendable {
        package let name: String
        package let type: String
        package let bytes: [UInt8]
    }

    /// Every file, by name.
    package static let files: [String: File] = {
        var files: [String: File] = [:]
        func add(_ name: String, _ type: String, _ bytes: [UInt8]) {
            files[name] = File(name: name, type: type, bytes: name.hasSuffix(".js") ? withoutComments(bytes) : bytes)
        }
        let script = "text/javascript; charset=utf-8"
        add("app.css", "text/css; charset=utf-8", PackageResources.app_css)
        add("icons.svg", "image/svg+xml", PackageResources.icons_svg)
        add("logo.svg", "image/svg+xml", PackageResources.logo_svg)
        add("app.js", script, PackageResources.app_js)
        add("choices.js", script, PackageResources.choices_js)
        add("morph.js", script, PackageResources.morph_js)
        add("live.js", script, PackageResources.live_js)
        add("form.js", script, PackageResources.form_js)
        add("flash.js", script, PackageResources.flash_js)
        add("table.js", script, PackageResources.table_js)
        add("times.js", script, PackageResources.times_js)
        add("keys.js", script, PackageResources.keys_js)
        add("session.js", script, PackageResources.session_js)
        add("discovery.js", script, PackageResources.discovery_js)
        add("wave-editor.js", script, PackageResources.wave_editor_js)
        return files
    }()

    /// A script without the lines that are comment alone and without indentation: they are for whoever reads the source.
    ///
    /// No text of ours spans lines, so that nothing but comments and blanks is lost.
    package static func withoutComments(_ script: [UInt8]) -> [UInt8] {
        var (lines, isInComment) = ([Substring](), false)
        for line in String(decoding: script, as: UTF8.self).split(separator: "\n") {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("/**"), !text.contains("*/") || text.hasSuffix("*/") { isInComment = true }
            if !isInComment, !text.hasPrefix("//") { lines.append(text) }
            if text.hasSuffix("*/") { isInComment = false }
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// A hash of all files: whoever has a path with it has the file of it for ever.
    package static let version: String = {
        // FNV-1a of 64 bits: it need tell versions apart, not keep out an attacker.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for file in files.values.sorted(by: { $0.name < $1.name }) {
            for byte in file.bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        return String(hash, radix: 16)
    }()

    /// Bytes of all scripts together: they load before a page is usable.
    package static var scriptBytes: Int {
        files.values.filter { $0.name.hasSuffix(".js") }.reduce(0) { $0 + $1.bytes.count }
    }
}
