import Ambient
import Contract
import Recovery

extension Sample {
    /// One of each sort.
    static func orphans(_ text: String) -> [OrphanView] {
        let terminations: [Orphan.Termination?] = [
            nil, .init(state: "READY", problem: nil), .init(state: "FAILED", problem: text),
        ]
        return terminations.enumerated().map { number, termination in
            let orphan = Orphan(
                recoveryInstanceId: number == 0 ? text : "i-0123456789abcdef\(number)",
                place: Place(accountId: label("111122223333"), region: label("eu-west-1")),
                sourceServerId: number == 2 ? nil : label("s-0123456789abcdef0"),
                hostname: number == 2 ? nil : text,
                jobId: nil,
                state: text,
                instanceType: number == 0 ? "m5.large" : nil,
                since: now,
                isSinceLaunch: number == 0,
                termination: termination
            )
            return OrphanView(orphan, prices: InstancePrices(), at: now + .seconds(86_400))
        }
    }
}
