import AWS
import JSON
import TestKit
import Testing

/// What reads bytes that a stranger may have sent: whatever they are, it answers with a value or with its own error.
struct Fuzzed: Sendable, CustomTestStringConvertible {
    let name: String
    let samples: [[UInt8]]
    /// Reads; throws only what it says it throws, and otherwise checks that the value comes back from its own text.
    let read: @Sendable ([UInt8]) throws -> Void

    var testDescription: String { name }

    /// How many spoilt samples a seed makes.
    static let rounds = 250

    init(_ name: String, _ samples: [String], read: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.samples = samples.map { Array($0.utf8) }
        self.read = read
    }

    /// For what reads texts.
    static func text(
        _ name: String,
        _ samples: [String],
        read: @escaping @Sendable (String) throws -> Void
    ) -> Fuzzed {
        Fuzzed(name, samples) { try read(String(decoding: $0, as: UTF8.self)) }
    }

    /// For values that come back from their text.
    static func text<Value: Equatable & SendableMetatype>(
        _ name: String,
        _ samples: [String],
        as parse: @escaping @Sendable (String) -> Value?,
        writing text: @escaping @Sendable (Value) -> String
    ) -> Fuzzed {
        .text(name, samples) { given in
            guard let value = parse(given) else { return }
            #expect(parse(text(value)) == value, "\(value) is not what its own text says")
        }
    }

    /// For messages of JSON; a text that is no such message is a `DecodingError`, or no JSON at all.
    static func message<Message: Codable & Equatable & Sendable>(_ samples: [Message]) throws -> Fuzzed {
        Fuzzed(String(describing: Message.self), try samples.map { try JSON(encoding: $0).text }) { bytes in
            do {
                let message = try JSON(parsing: bytes).decoded(as: Message.self)
                #expect(try JSON(encoding: message).decoded(as: Message.self) == message)
            } catch is JSON.SyntaxError {
                return
            } catch is DecodingError {
                return
            }
        }
    }
}

@Suite struct `Whatever a stranger sends` {
    @Test(arguments: Fuzzed.all, Seed.some(4))
    func `is read or refused, never more`(parser: Fuzzed, seed: Seed) throws {
        for sample in parser.samples { try parser.read(sample) }
        var mutator = Mutator(seed)
        for _ in 0..<Fuzzed.rounds {
            let bytes = mutator.spoilt(parser.samples)
            do {
                try parser.read(bytes)
            } catch {
                let shown = String(decoding: bytes.prefix(400), as: UTF8.self)
                Issue.record(
                    "\(type(of: error)) is not what \(parser.name) throws: \(error), of \(shown.debugDescription)"
                )
            }
        }
    }

    /// The other half: the samples are good ones, or spoiling them would show nothing.
    @Test func `begins with samples that are taken`() throws {
        #expect(Fuzzed.all.count >= 25)
        #expect(Set(Fuzzed.all.map(\.name)).count == Fuzzed.all.count)
        #expect(Fuzzed.all.allSatisfy { !$0.samples.isEmpty })
        // Their readers answer with any error, so that only this shows that the samples are no error.
        for fuzzed in Fuzzed.all {
            for sample in fuzzed.samples {
                if fuzzed.name == "AssumeRole" { _ = try STSClient.credentials(in: sample) }
                if fuzzed.name == "DescribeInstances" { _ = try EC2Client.page(in: sample) }
            }
        }
    }
}
