import Ambient
import Recovery
import TestKit
import Testing

@Suite struct `The price of an instance` {
    private let prices = InstancePrices(hourly: ["m5.large": 0.2, "x.strange": 3], otherwise: 0.5, factor: 2)

    @Test func `is the one given, else the list's by family and size, else the average`() {
        #expect(prices.perHour("m5.large") == 0.2)
        #expect(prices.perHour("x.strange") == 3)
        #expect(abs(prices.perHour("m5.2xlarge") - 0.768) < 1e-9)
        #expect(abs(InstancePrices().perHour("t3.micro") - 0.0104) < 1e-9)
        for type in [nil, "", "m5", "m5.", "m5.huge", "z9.large", "m5.large.x"] { #expect(prices.perHour(type) == 0.5) }
    }

    @Test func `makes a cost that grows with time and is never below nothing`() {
        var random = SeededGenerator(Seed(9))
        for _ in 0..<500 {
            let type = ["m5.large", "t3.micro", "z9.large"].randomElement(using: &random)
            let first = Instant.sample + .seconds(random.number(-100_000...100_000))
            let second = first + .seconds(random.number(0...1_000_000))
            let (one, other) = (
                prices.cost(of: type, since: .sample, until: first),
                prices.cost(of: type, since: .sample, until: second)
            )
            #expect(one >= 0 && other >= one)
        }
        #expect(prices.cost(of: "m5.large", since: .sample, until: .sample + .seconds(36_000)) == 2)
    }

    @Test func `that is no price is refused`() {
        #expect(InstancePrices().problem == nil)
        #expect(InstancePrices(currency: "usd").problem != nil)
        #expect(InstancePrices(hourly: ["a": -1]).problem != nil)
        #expect(InstancePrices(otherwise: .nan).problem != nil)
    }
}
