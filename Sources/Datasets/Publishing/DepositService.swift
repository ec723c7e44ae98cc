import HostSupport

/// Where deposits are made: Zenodo, its sandbox, or another service with the same interface (InvenioRDM's legacy one).
///
/// Source: https://developers.zenodo.org/, REST API, "Deposit" and "Deposition actions".
public struct DepositService: Sendable, Hashable {
    /// Zenodo itself: what is published there stays.
    public static let zenodo = DepositService(base: "https://zenodo.org")
    /// Zenodo's sandbox, whose records mean nothing and whose accounts are its own.
    public static let sandbox = DepositService(base: "https://sandbox.zenodo.org")

    /// The most files of one record.
    static let mostFiles = 100
    /// The most bytes of one record.
    static let mostBytes: UInt64 = 50_000_000_000

    /// The service's address, without a slash at its end.
    public let base: String

    private init(base: String) {
        self.base = base
    }

    /// A service at another address.
    ///
    /// - Parameter address: The address, such as `https://zenodo.example.org`.
    /// - Throws: ``HostSupport/Failure`` with `usage` where it is no address, or where the token would go over a network
    ///   in clear: only this machine's own addresses do without TLS.
    public init(address: String) throws {
        let trimmed = address.hasSuffix("/") ? String(address.dropLast()) : address
        guard
            let match = trimmed.wholeMatch(
                of: /(https?):\/\/(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(:[0-9]+)?(\/[\w.\/-]*)?/
            )
        else {
            throw Failure(
                .usage,
                "'\(address)' is no address of a service",
                hint: "such as https://zenodo.org"
            )
        }
        guard match.1 == "https" || ["localhost", "127.0.0.1", "[::1]"].contains(match.2) else {
            throw Failure(.usage, "the token would go to \(match.2) in clear", hint: "use https")
        }
        base = trimmed
    }

    /// Whether an address that the service told is its own: the token goes nowhere else.
    func owns(_ address: String) -> Bool { address.hasPrefix(base + "/") && !address.contains("/../") }

    var isEncrypted: Bool { base.hasPrefix("https:") }
}
