// swift-tools-version: 6.0
import PackageDescription

extension Target.Dependency {
  static var argumentParser: Self { .product(name: "ArgumentParser", package: "swift-argument-parser") }
}

/// A program is a folder: its command and its trade as a library, which tests and the toolbox can import, and in `main`
/// the three lines that make it an executable.
struct Program {
  let name: String
  let library: String
  let dependencies: [Target.Dependency]
  var links: [LinkerSetting] = []
  /// Files whose bytes become a part of the program.
  var embedded: [String] = []

  var targets: [Target] {
    [
      .target(
        name: library, dependencies: dependencies + ["Unix", .argumentParser], path: "Sources/\(name)",
        exclude: ["main"], resources: embedded.map { .embedInCode($0) }, swiftSettings: settings(name), linkerSettings: links),
      .executableTarget(
        name: name, dependencies: [.byName(name: library), "Unix"], path: "Sources/\(name)/main",
        swiftSettings: settings),
    ]
  }
}

let programs = [
  Program(name: "cw-config", library: "ConfigCommand", dependencies: ["Config", "Patterns"]),
  Program(name: "cw-creds", library: "CredsCommand", dependencies: ["AWS", "Config", "Records"]),
  Program(
    name: "cw-deploy-users", library: "DeployUsersCommand", dependencies: ["AWS", "Config", "Records"],
    embedded: ["Templates/cognito-stack.yaml", "Templates/iot-stack.yaml"]),
  Program(name: "cw-logfilter", library: "LogFilterCommand", dependencies: ["Config", "Patterns", "Records"]),
  Program(name: "cw-metrics", library: "MetricsCommand", dependencies: ["Config", "MetricOutput", "Patterns", "Records"]),
  Program(name: "cw-putlogs", library: "PutLogsCommand", dependencies: ["AWS", "Config", "Delivery", "Records"]),
  Program(
    name: "cw-putmetrics", library: "PutMetricsCommand",
    dependencies: ["AWS", "CDeflate", "Config", "Delivery", "MetricOutput", "Records"]),
  Program(name: "cw-supervise", library: "SuperviseCommand", dependencies: ["Records"]),
  Program(
    name: "cw-tail", library: "TailCommand", dependencies: ["CUnix", "CZlib", "Config", "MetricOutput", "Patterns", "Records"],
    // iconv(3) is in libc on Linux, and in a library of its own on macOS.
    links: [.linkedLibrary("iconv", .when(platforms: [.macOS]))]),
]

// `-warnings-as-errors` cannot be given on the command line (SwiftPM silences warnings in dependencies, and the two flags
// exclude each other), and a user with a newer compiler must not fail over a new warning: so only CI asks for it (`make test STRICT=1`).
let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Measured: a quarter of cw-tail's time went into checks at run time that no two parts change a thing at once. The
    // debug build, in which all unit tests run, has them.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
  ] + (Context.environment["CW_STRICT"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])])

/// What works once in a while, or once for a request, and not for each line or metric, is compiled for size.
let small: Set = ["AWS", "Config", "cw-config", "cw-creds", "cw-deploy-users", "cw-supervise"]

func settings(_ name: String) -> [SwiftSetting] {
  settings + (small.contains(name) ? [.unsafeFlags(["-Osize"], .when(configuration: .release))] : [])
}

let tests: [Target] = [
  .target(name: "TestSupport", dependencies: ["Unix"], path: "Tests/TestSupport", swiftSettings: settings),
  test("AWS", ["COpenSSL", "Config", "Records", .argumentParser]),
  test("Config", ["Patterns", "Records"]),
  test("ConfigCommand", ["Config", .argumentParser]),
  test("CredsCommand", ["AWS", "Config", "Records", .argumentParser]),
  test("Delivery", ["AWS", "Records"]),
  test("DeployUsersCommand", ["AWS", "COpenSSL", "Config", "Records", .argumentParser]),
  test("LogFilterCommand", ["Config", "Patterns", .argumentParser]),
  test("MetricOutput", ["Records"]),
  test("MetricsCommand", ["Config", "MetricOutput", "Records", .argumentParser]),
  test("Patterns", ["CPCRE2"]),
  test("PutLogsCommand", ["AWS", "Config", "Delivery", "Records"]),
  test("PutMetricsCommand", ["AWS", "Config", "Delivery", "MetricOutput", "Records"]),
  test("Records", []),
  test("SuperviseCommand", ["Records", .argumentParser]),
  test("TailCommand", ["Config", "MetricOutput", "Patterns", "Records", .argumentParser]),
  test("Unix", []),
]

/// Only for `make fuzz`: it cannot be linked without libFuzzer, which has its `main`.
let fuzzers: [Target] =
  Context.environment["CW_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "cw-fuzz",
      dependencies: [
        "AWS", "Config", "CredsCommand", "Delivery", "LogFilterCommand", "MetricsCommand", "Patterns", "PutLogsCommand",
        "PutMetricsCommand", "Records", "TailCommand", "TestSupport", "Unix",
      ], path: "Tests/fuzz", exclude: ["corpus", "run"], swiftSettings: settings)
  ]

// One line a module: what it may import stands here, and `make lint` holds every import line against it.
let package = Package(
  name: "cloudwatch-publisher",
  platforms: [.macOS(.v13)],
  products: programs.map { .executable(name: $0.name, targets: [$0.name]) }
    + [.executable(name: "cw-toolbox", targets: ["cw-toolbox"])],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")],
  targets: [
    systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
    systemLibrary("CDeflate", pkgConfig: "libdeflate", apt: "libdeflate-dev", brew: "libdeflate"),
    systemLibrary("CExpat", pkgConfig: "expat", apt: "libexpat1-dev", brew: "expat"),
    systemLibrary("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev", brew: "openssl@3"),
    systemLibrary("CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev", brew: "pcre2"),
    systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
    // The C library itself; nothing to install.
    .systemLibrary(name: "CUnix", path: "Sources/Shared/CUnix"),

    shared("Unix", ["CUnix", .argumentParser]),
    shared("Records", ["Unix"]),
    shared("Patterns", ["CPCRE2", "Unix"]),
    shared("Config", ["Patterns", "Records", "Unix"]),
    shared("MetricOutput", ["Config", "Records", "Unix", .argumentParser]),
    shared("AWS", ["CCurl", "CDeflate", "CExpat", "COpenSSL", "Config", "Records", "Unix", .argumentParser]),
    shared("Delivery", ["AWS", "CDeflate", "Records", "Unix"]),
  ] + programs.flatMap(\.targets) + [
    .executableTarget(
      name: "cw-toolbox", dependencies: programs.map { .byName(name: $0.library) } + ["Unix"],
      swiftSettings: settings)
  ] + tests + fuzzers
)

// Homebrew's libraries are found through pkg-config; Debian's lie where the compiler looks, and what its pkg-config says of
// libcurl makes SwiftPM warn.
func systemLibrary(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
  #if os(macOS)
    let pkgConfig: String? = pkgConfig
  #else
    let pkgConfig: String? = nil
  #endif
  return .systemLibrary(
    name: name, path: "Sources/Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

func shared(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/Shared/\(name)", swiftSettings: settings(name))
}

/// `Tests/NAMETests` tests the module NAME, and may import what the module itself imports.
func test(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  let own: [Target.Dependency] = name == "Unix" ? ["Unix"] : [.byName(name: name), "Unix"]
  return .testTarget(
    name: "\(name)Tests", dependencies: own + ["TestSupport"] + dependencies, path: "Tests/\(name)Tests",
    swiftSettings: settings)
}
