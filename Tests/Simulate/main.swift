internal import Foundation
internal import Simulation

// Runs simulated worlds and prints what it found: `Tests/simulate` builds and starts it.
//
//     simulate [--worlds N] [--from SEED] [--bug NAME]     runs N worlds; exits with 1 when a law was broken
//     simulate --seed N [--bug NAME]                       runs one and prints what happens in it
//     simulate --bugs                                      lists the planted bugs

/// What is asked for on the command line.
struct Options {
    var worlds: UInt64 = 20_000
    var from: UInt64 = 0
    var seed: UInt64?
    var rules = Rules()
    var bug = ""
    var listsBugs = false

    init(_ arguments: [String]) throws(Wrong) {
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            if flag == "--bugs" {
                listsBugs = true
                continue
            }
            guard let value = rest.popFirst() else { throw Wrong(text: "\(flag) wants a value") }
            switch flag {
            case "--worlds": worlds = try Self.number(value)
            case "--from": from = try Self.number(value)
            case "--seed": seed = try Self.number(value)
            case "--bug":
                guard let planted = PlantedBug.all.first(where: { $0.name == value }) else {
                    throw Wrong(text: "there is no planted bug of that name; --bugs lists them")
                }
                rules = planted.rules
                bug = " --bug '\(value)'"
            default: throw Wrong(text: "\(flag) is none of --worlds, --from, --seed, --bug, --bugs")
            }
        }
    }

    private static func number(_ text: String) throws(Wrong) -> UInt64 {
        guard let number = UInt64(text) else { throw Wrong(text: "\(text) is not a number") }
        return number
    }
}

struct Wrong: Error {
    let text: String
}

/// Runs one world and prints its history.
func replay(_ seed: UInt64, _ options: Options) -> Bool {
    var world = World(seed: seed, rules: options.rules, isTelling: true)
    world.run()
    for line in world.history { print(line) }
    print(world.breaches.isEmpty ? "Seed \(seed): every law held." : "Seed \(seed): \(world.breaches[0])")
    return world.breaches.isEmpty
}

/// Runs many worlds, on as many cores as there are.
func search(_ options: Options) async -> Bool {
    let cores = UInt64(max(1, ProcessInfo.processInfo.activeProcessorCount))
    let clock = SuspendingClock()
    let began = clock.now
    let found = await withTaskGroup(of: Search.self) { group in
        for core in 0..<cores {
            group.addTask {
                var search = Search()
                search.run(
                    stride(from: options.from + core, to: options.from + options.worlds, by: Int(cores)),
                    under: options.rules,
                    // A planted bug is there to be found once.
                    while: { options.bug.isEmpty || $0.finds.isEmpty }
                )
                return search
            }
        }
        return await group.reduce(into: Search()) { $0.merge($1) }
    }
    let taken = began.duration(to: clock.now) / .seconds(1)
    let rate = Int(Double(found.worlds) / taken * 60)
    print("\(found.worlds) worlds in \(Int(taken * 10) / 10) s on \(cores) cores: \(rate) a minute")
    for find in found.finds.sorted(by: { $0.seed < $1.seed }).prefix(10) {
        print("seed \(find.seed): \(find.breach)")
        print("    Tests/simulate --seed \(find.seed)\(options.bug)")
    }
    if found.finds.count > 10 { print("and \(found.finds.count - 10) more") }
    return found.finds.isEmpty
}

do {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    if options.listsBugs {
        for bug in PlantedBug.all { print(bug.name) }
    } else if let seed = options.seed {
        exit(replay(seed, options) ? 0 : 1)
    } else {
        exit(await search(options) ? 0 : 1)
    }
} catch {
    print(error.text)
    exit(2)
}
