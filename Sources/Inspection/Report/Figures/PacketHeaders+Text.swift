public import Traces

extension PacketHeaders.Transport {
    /// Its name, such as `tcp`; of what has none here, the number.
    public var name: String {
        switch self {
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmp: "icmp"
        case .arp: "arp"
        case .ip(let number): "ip-\(number)"
        case .ethernet(let type): "0x" + String(type, radix: 16)
        }
    }
}

extension PacketHeaders.Endpoint {
    /// The address, and the port where there is one, such as `10.0.2.15:22` or `[fe80::2]:53`.
    public var text: String {
        guard let port else { return address }
        return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
