package import Ambient
package import OrderedCollections

/// An AWS of several accounts and Regions as a value: what is in it, how fast its time goes, and who may call.
///
/// Nothing in it moves by itself. A call is answered from what was planned and the time that the caller of
/// `answer(_:at:)` gives; the program around it only carries bytes and obeys the reply's fate. So a test can take it
/// through an hour in a microsecond, and two worlds of one seed that get the same calls answer the same.
package struct World: Sendable {
    package internal(set) var settings: Settings
    package internal(set) var clock: ScaledClock
    package internal(set) var accounts: OrderedDictionary<String, Account>
    package internal(set) var estates: [Place: Estate]
    var keyring: Keyring
    var meters: Meters
    package internal(set) var faults: FaultBook
    package internal(set) var ledger = Ledger()
    let chance: any Chance

    /// - Parameters:
    ///   - settings: how the world behaves.
    ///   - accounts: the accounts that callers can assume roles in.
    ///   - estates: their Regions; a Region left out is one where DRS was never initialised.
    ///   - principals: callers that have credentials of their own.
    ///   - faults: what goes wrong from the beginning.
    ///   - seed: makes every identifier, time and accident repeatable.
    ///   - now: the wall clock, when the simulated time is zero.
    package init(
        settings: Settings = Settings(),
        accounts: some Sequence<Account>,
        estates: some Sequence<Estate>,
        principals: some Sequence<Principal>,
        faults: some Sequence<FaultRule> = [],
        seed: UInt64,
        at now: Instant
    ) {
        self.settings = settings
        self.accounts = OrderedDictionary(accounts.map { ($0.id, $0) }) { first, _ in first }
        self.estates = Dictionary(estates.map { ($0.place, $0) }) { first, _ in first }
        chance = SeededChance(seed: seed)
        clock = ScaledClock(start: now, scale: settings.clockScale)
        keyring = Keyring(principals: principals)
        meters = Meters(rates: settings.rates)
        self.faults = FaultBook(chance: SeededChance(seed: seed ^ 0xFA17))
        for rule in faults { self.faults.add(rule) }
    }

    /// The estate of a place; an account that exists has one in every Region of DRS.
    func estate(at place: Place) throws(Refusal) -> Estate {
        if let estate = estates[place] { return estate }
        guard accounts[place.account] != nil, Place.regions.contains(place.region) else {
            throw .denied("The account \(place.account) has no access to DRS in \(place.region).")
        }
        return Estate(place, isInitialized: false)
    }

    /// An initialised estate, to be read.
    func initializedEstate(at place: Place) throws(Refusal) -> Estate {
        let estate = try estate(at: place)
        guard estate.isInitialized else { throw .uninitialized }
        return estate
    }
}

extension World {
    /// How a world behaves; every member has a key of the same name in the world file.
    package struct Settings: Sendable {
        /// How many simulated seconds pass in a second.
        package var clockScale: Double = 1
        /// Items on a page when the caller does not say how many.
        package var pageSize = 20
        /// Items on a page at most, whatever the caller says.
        package var pageLimit = 1000
        package var timestamps = Stamp.Format.offset
        /// Completed jobs name no recovery instance, as one captured trace of a real job (2022) does not.
        package var omitsInstancesOfCompletedJobs = false
        package var timeline = Timeline()
        package var rates = Rates()
        /// How far a signature's time may be from the simulator's at the clock's own speed; AWS: 5 minutes.
        ///
        /// It grows with the clock's scale, so that a client that keeps simulated time is let in too.
        package var signatureWindow: Duration = .seconds(300)

        package init() {}
    }
}
