/// The version of Muster: of hub, spoke, command line and simulator, of their package and their image.
///
/// It stands here alone. The package is named by what the programs that are packed say themselves.
package enum MusterVersion {
    /// Three numbers (Semantic Versioning 2.0.0), with `-word` behind them before a release.
    package static let text = "0.1.0"
}
