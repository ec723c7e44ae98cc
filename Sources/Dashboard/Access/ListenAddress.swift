import HostSupport

/// Where the dashboard listens: `127.0.0.1:8090`, `127.0.0.1`, `:8090`, `[::1]:8090`; port 0 is any that is free.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address.
    public let address: String
    /// The port.
    public let port: UInt16

    /// Reads an address.
    ///
    /// Nothing is returned where the text is none: names are not looked up.
    public init?(_ text: String) {
        var host = text
        var port: UInt16 = 0
        if let colon = text.lastIndex(of: ":"), text.hasPrefix("[") ? text[..<colon].hasSuffix("]") : true,
            text.hasPrefix("[") || text.firstIndex(of: ":") == colon
        {
            guard let number = UInt16(text[text.index(after: colon)...]) else { return nil }
            port = number
            host = String(text[..<colon])
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard IPAddressText.isIPv6(host) else { return nil }
        } else if host.isEmpty || host == "localhost" {
            host = "127.0.0.1"
        } else {
            guard IPAddressText.isIPv4(host) || IPAddressText.isIPv6(host) else { return nil }
        }
        address = host
        self.port = port
    }

    private init(address: String, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Whether only programs of this host can reach it.
    public var isLoopback: Bool {
        address == "::1" || (IPAddressText.isIPv4(address) && address.hasPrefix("127."))
    }

    /// The address as it stands before a path.
    public var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// The same with a port that is free.
    ///
    /// - Returns: The address with a port.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where the port is taken, or none is left.
    public func chosen() throws -> ListenAddress {
        if port == 0 { return ListenAddress(address: address, port: try HostPort.choose()) }
        // What is no IPv4 address is tried when it is listened at.
        guard IPAddressText.isIPv4(address), !HostPort.isFree(port, address: address) else { return self }
        throw Failure(
            .unavailable,
            "the port \(port) of \(address) is taken",
            hint: "name another with --listen, or leave it out for any that is free"
        )
    }
}
