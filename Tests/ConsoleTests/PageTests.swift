import Console
import Contract
import Hypertext
import Recovery
import Testing

@Suite struct `Every page` {
    private static let names = Catalogue().pages.map(\.name)

    private static func document(_ name: String, _ roles: [Role] = [.admin]) throws -> HTML {
        let page = try #require(Catalogue().pages.first { $0.name == name })
        return Layout.document(page.page, for: Sample.viewer(roles))
    }

    @Test(arguments: names) func `puts no value where it could not be made harmless`(name: String) throws {
        #expect(try Self.document(name).misplacements == [])
    }

    @Test(arguments: names) func `lets no text become markup`(name: String) throws {
        let text = try Self.document(name).description
        #expect(!text.contains("<script>"))
        #expect(!text.contains("<img src=x"))
        #expect(!text.contains("onerror=alert(1)>"))
    }

    @Test(arguments: names) func `has one first headline, a title and one content`(name: String) throws {
        let text = try Self.document(name).description
        #expect(text.components(of: "<h1") == 1)
        #expect(text.components(of: "<title>") >= 1)
        #expect(text.components(of: "<main ") == 1)
    }

    /// A wall's screen has nobody before it who could sign out.
    @Test(arguments: names.filter { !$0.hasPrefix("wall") })
    func `has the way out in its head`(name: String) throws {
        #expect(try Self.document(name).description.contains(#"<form method="post" action="/sign-out""#))
    }

    @Test(arguments: names) func `gives each identifier once`(name: String) throws {
        let text = try Self.document(name).description
        var seen: Set<Substring> = []
        var twice: Set<Substring> = []
        for part in text.split(separator: " id=\"").dropFirst() {
            let id = part.prefix { $0 != "\"" }
            if !seen.insert(id).inserted { twice.insert(id) }
        }
        #expect(twice == [])
    }

    @Test(arguments: names) func `opens only dialogs that are there`(name: String) throws {
        let text = try Self.document(name).description
        for part in text.split(separator: "data-opens=\"").dropFirst() {
            let id = part.prefix { $0 != "\"" }
            #expect(text.contains("<dialog id=\"\(id)\""), "\(id)")
        }
    }

    @Test(arguments: names) func `holds no script and no style of its own`(name: String) throws {
        let text = try Self.document(name).description
        #expect(text.components(of: "<script") == 1)
        #expect(!text.contains("<style") && !text.contains(" style=\"") && !text.contains(" onclick="))
    }

    @Test(arguments: names) func `reads for somebody who may only look`(name: String) throws {
        let text = try Self.document(name, [.readOnly]).description
        #expect(text.components(of: "<h1") == 1)
        // What they may not do is not offered as a form that would be refused.
        #expect(!text.contains("data-opens=\"approve-"))
    }
}

@Suite struct `A plan that is not ready` {
    @Test func `can be drilled and recovered all the same, and says what is wrong with it`() throws {
        let plan = try #require(Sample.plans().first { $0.readiness.state == .notReady && !$0.hasServerConflict })
        let page = PlanPage(plan: plan, groups: [:], runs: [])
        let text = Layout.document(page, for: Sample.viewer([.admin])).description
        let why = try #require(plan.readiness.reasons.first)
        for type in [ExecutionType.drill, .recovery] {
            let link: HTML = "href=\"\(Link.planStart(plan.planId, type))\""
            #expect(text.contains(link.description))
            let start = PlanStartPage(plan: plan, type: type, validation: Sample.validation())
            #expect(Layout.document(start, for: Sample.viewer([.admin])).description.contains(why.text))
        }
        #expect(text.contains(why.text))
    }
}

@Suite struct `The assets` {
    @Test func `are small, as they are sent`() {
        #expect(Assets.scriptBytes <= 40_000)
    }

    @Test func `are sent without comments, and with all of the rest`() {
        let source = """
            // @ts-check
            import { a } from './a.js'

            /** One line. @param {string} text */
            export function b(text) {
              // Why.
              const c = /** @type {string} */ (text) // said beside it
              return c + '/** no comment */'
            }
            /**
             * Two lines.
             * @param {number} d
             */
            export const e = (d) => d
            """
        let sent = Assets.withoutComments(Array(source.utf8))
        #expect(
            String(decoding: sent, as: UTF8.self) == """
                import { a } from './a.js'
                export function b(text) {
                const c = /** @type {string} */ (text) // said beside it
                return c + '/** no comment */'
                }
                export const e = (d) => d
                """
        )
    }

    @Test func `hold every icon that a page draws`() throws {
        let icons = String(decoding: try #require(Assets.files["icons.svg"]).bytes, as: UTF8.self)
        for (_, page) in Catalogue().pages {
            let text = Layout.document(page, for: Sample.viewer()).description
            for part in text.split(separator: "icons.svg#").dropFirst() {
                let name = part.prefix { $0 != "\"" }
                #expect(icons.contains("id=\"\(name)\""), "\(name)")
            }
        }
    }
}

extension String {
    /// How often a text stands in this one.
    func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
