/// The version of this program.
enum PandacapVersion {
    /// The version, as it stands in records and in `--version`.
    static let current = "0.1.0"
}
