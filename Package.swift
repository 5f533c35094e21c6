// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target: language mode 6, the upcoming features, and no warning left standing.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let ordered: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdHTTP2: Target.Dependency = .product(name: "HummingbirdHTTP2", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let xml: Target.Dependency = .product(name: "XMLCoder", package: "XMLCoder")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

/// What each module may import; the compiler holds it to that.
let modules: [Target] = [
    .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .target(name: "Ambient"),
    .target(name: "Measures", dependencies: [metrics]),
    .target(name: "JSON", dependencies: [ordered]),
    .target(name: "Logs", dependencies: ["Ambient", "JSON", logging, ordered]),
    .target(name: "OpenSSL", dependencies: ["COpenSSL"]),
    .target(name: "Hypertext"),
    .target(name: "PostgreSQL", dependencies: ["CPostgreSQL", "Ambient", "OpenSSL", logging, ordered, deque]),
    .target(name: "WebToken", dependencies: ["Ambient", "JSON", "OpenSSL", logging, deque]),
    .target(
        name: "AWS",
        dependencies: [
            "Ambient", "JSON", "Measures", "OpenSSL", httpClient, logging, metrics, nioCore, nioHTTP1, ordered, xml,
        ]
    ),
    .target(name: "Recovery", dependencies: ["Ambient"]),
    .target(name: "Audit", dependencies: ["Ambient", "JSON", "OpenSSL", "Recovery", ordered]),
    .target(
        name: "Reporting",
        dependencies: ["Ambient", "Audit", "Hypertext", "JSON", "OpenSSL", "Recovery"]
    ),
    .target(name: "Contract", dependencies: ["Ambient", "JSON", "Recovery", "Reporting", "OpenSSL", ordered]),
    .target(
        name: "Simulator",
        dependencies: [
            "Ambient", "AWS", "JSON", "OpenSSL", httpTypes, hummingbird, hummingbirdCore, lifecycle, logging, nioCore,
            ordered, yaml,
        ],
        resources: [.embedInCode("Worlds")]
    ),
    .target(
        name: "Schema",
        dependencies: ["PostgreSQL"],
        path: "Database",
        exclude: ["Schema.sql"],
        resources: [.embedInCode("Migrations"), .embedInCode("Roles.sql")]
    ),
    .target(
        name: "Store",
        dependencies: [
            "Ambient", "Audit", "Contract", "JSON", "OpenSSL", "PostgreSQL", "Recovery", "Reporting", ordered,
        ]
    ),
    .target(
        name: "Conductor",
        dependencies: [
            "Ambient", "Audit", "Contract", "JSON", "Measures", "OpenSSL", "PostgreSQL", "Recovery", "Reporting",
            "Store",
            logging, metrics, ordered,
        ]
    ),
    .target(
        name: "Console",
        dependencies: ["Ambient", "Contract", "Hypertext", "JSON", "Recovery", "Reporting", ordered],
        resources: [.embedInCode("Assets")]
    ),
    .target(
        name: "Hub",
        dependencies: [
            "AWS", "Ambient", "Audit", "Conductor", "Console", "Contract", "Hypertext", "JSON", "Logs", "Measures",
            "OpenSSL", "PostgreSQL", "Recovery", "Reporting", "Schema", "Store", "WebToken", configuration, httpClient,
            httpTypes, hummingbird, hummingbirdCore, hummingbirdHTTP2, hummingbirdTLS, lifecycle, logging, metrics,
            nioCore, nioHTTP1, nioHTTPTypes, nioPosix, nioSSL, nioTLS, ordered, signals, yaml,
        ]
    ),
    .target(
        name: "Spoke",
        dependencies: [
            "AWS", "Ambient", "Contract", "JSON", "Logs", "Measures", "Recovery", httpClient, lifecycle, logging,
            nioCore, nioHTTP1, ordered, yaml,
        ]
    ),
    .target(
        name: "Commands",
        dependencies: [
            "Ambient", "Audit", "Contract", "JSON", "Recovery", "Reporting", argumentParser, httpClient, nioCore,
            nioHTTP1, nioPosix, ordered,
        ]
    ),
    .executableTarget(name: "muster", dependencies: ["Commands"]),
    .executableTarget(
        name: "muster-hub",
        dependencies: [
            "Ambient", "Audit", "Contract", "Hub", "Logs", "Measures", "Recovery", argumentParser, configuration,
            lifecycle, logging, signals,
        ]
    ),
    .executableTarget(
        name: "muster-spoke",
        dependencies: ["AWS", "Ambient", "Logs", "Spoke", argumentParser, httpClient, lifecycle, logging, signals]
    ),
    .executableTarget(
        name: "muster-simulator",
        dependencies: ["Ambient", "Simulator", argumentParser, lifecycle, logging, signals]
    ),
]

/// Tests see what the modules of the package see; nothing here is shipped.
let tests: [Target] = [
    .target(name: "TestKit", dependencies: ["Ambient", "PostgreSQL", "Recovery", logging], path: "Tests/TestKit"),
    .target(
        name: "Forgeries",
        dependencies: ["Ambient", "JSON", "OpenSSL", "WebToken", ordered],
        path: "Tests/Forgeries"
    ),
    .target(name: "FalseProofs", dependencies: ["AWS", "Ambient"], path: "Tests/FalseProofs"),
    .testTarget(name: "MeasuresTests", dependencies: ["Measures", metrics]),
    .testTarget(name: "JSONTests", dependencies: ["Ambient", "JSON", ordered]),
    .testTarget(name: "LogsTests", dependencies: ["Ambient", "JSON", "Logs", logging]),
    .testTarget(name: "OpenSSLTests", dependencies: ["OpenSSL"]),
    .testTarget(name: "HypertextTests", dependencies: ["Hypertext"]),
    .testTarget(name: "PostgreSQLTests", dependencies: ["Ambient", "PostgreSQL", "TestKit", logging]),
    .testTarget(
        name: "WebTokenTests",
        dependencies: ["Ambient", "Forgeries", "JSON", "OpenSSL", "WebToken", logging, ordered]
    ),
    .testTarget(
        name: "AWSTests",
        dependencies: [
            "AWS", "Ambient", "FalseProofs", "JSON", "OpenSSL", httpClient, logging, nioCore, nioHTTP1, nioPosix,
        ],
        exclude: ["Peers"]
    ),
    .testTarget(name: "AuditTests", dependencies: ["Ambient", "Audit", "JSON", "OpenSSL", "Recovery", ordered]),
    .testTarget(
        name: "ReportingTests",
        dependencies: [
            "Ambient", "Audit", "Hypertext", "JSON", "OpenSSL", "Recovery", "Reporting", "TestKit", ordered,
        ]
    ),
    .testTarget(name: "RecoveryTests", dependencies: ["Ambient", "Recovery", "TestKit"]),
    .target(name: "Simulation", dependencies: ["Ambient", "Recovery"], path: "Tests/Simulation"),
    .executableTarget(name: "simulate", dependencies: ["Simulation"], path: "Tests/Simulate"),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "TestKit"]),
    .testTarget(
        name: "StoreTests",
        dependencies: [
            "Ambient", "Audit", "Contract", "JSON", "PostgreSQL", "Recovery", "Reporting", "Schema", "Store", "TestKit",
        ]
    ),
    .testTarget(
        name: "ConductorTests",
        dependencies: [
            "Ambient", "Audit", "Conductor", "Contract", "JSON", "OpenSSL", "PostgreSQL", "Recovery", "Schema",
            "Store", "TestKit", logging,
        ]
    ),
    .testTarget(
        name: "SimulatorTests",
        dependencies: [
            "AWS", "Ambient", "JSON", "OpenSSL", "Simulator", httpClient, logging, nioCore, nioHTTP1, ordered,
        ],
        exclude: ["boto3_drive.py", "run-boto3"]
    ),
    .testTarget(
        name: "SpokeTests",
        dependencies: [
            "AWS", "Ambient", "Conductor", "Contract", "FalseProofs", "Hub", "JSON", "PostgreSQL", "Recovery", "Schema",
            "Simulator", "Spoke", "Store", "TestKit", httpClient, httpTypes, hummingbird, lifecycle, logging, nioCore,
            nioHTTP1,
            nioPosix, ordered,
        ]
    ),
    .testTarget(
        name: "ContractTests",
        dependencies: ["Ambient", "Contract", "JSON", "Recovery", "TestKit", ordered]
    ),
    .testTarget(
        name: "HubTests",
        dependencies: [
            "AWS", "Ambient", "Audit", "Conductor", "Contract", "Forgeries", "Hub", "Hypertext", "JSON", "Logs",
            "OpenSSL", "PostgreSQL", "Recovery", "Reporting", "Schema", "Simulator", "Store", "TestKit", "WebToken",
            configuration, httpClient,
            httpTypes, hummingbird, lifecycle, logging, nioCore, nioEmbedded, nioHTTP1, nioHTTPTypes, nioPosix, nioSSL,
            ordered,
        ]
    ),
    .testTarget(
        name: "ConsoleTests",
        dependencies: ["Ambient", "Console", "Contract", "Hypertext", "JSON", "Recovery", "Reporting"]
    ),
    .testTarget(
        name: "CommandsTests",
        dependencies: ["Ambient", "Commands", "Contract", "JSON", "Recovery", "muster", nioCore, nioHTTP1, nioPosix]
    ),
    .testTarget(
        name: "FuzzTests",
        dependencies: [
            "AWS", "Ambient", "Commands", "Contract", "Forgeries", "Hub", "JSON", "OpenSSL", "Recovery", "Simulator",
            "Spoke", "Store", "TestKit", "WebToken",
        ]
    ),
    .testTarget(name: "TidyTests", dependencies: ["Hub", "Measures", "Recovery", "Store"]),
]

for target in modules + tests where target.type != .system { target.swiftSettings = strict }

let package = Package(
    name: "muster",
    products: ["muster", "muster-hub", "muster-spoke", "muster-simulator"].map { .executable(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: modules + tests
)
