import HostSupport

/// What is known of a deposit on this side: `NAME-deposit.json` beside the dataset.
///
/// It has no secret.
struct DepositState: Codable, Sendable {
    /// A file whose digest was taken.
    struct Digested: Codable, Sendable, Hashable {
        let bytes: UInt64
        /// When it was changed, in nanoseconds since 1970.
        let changed: Int64
        let md5: String
    }

    /// The service's address.
    let service: String
    /// The deposit's number there.
    let deposit: Int
    /// Digests by names, so that a large file is not read again each time.
    var files: [String: Digested] = [:]
    /// Its DOI, once it is published.
    var doi: String?

    static func read(_ path: HostPath) throws -> DepositState? {
        guard FileSystem.isRegularFile(path) else { return nil }
        return try JSONText.decode(DepositState.self, from: FileSystem.read(path), source: path.string)
    }

    func write(to path: HostPath) throws {
        try FileSystem.write(try JSONText.encode(self), to: path)
    }
}
