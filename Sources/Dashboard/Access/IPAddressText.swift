import Glibc

/// Addresses as text.
enum IPAddressText {
    /// Whether a text is an IPv4 address with four numbers.
    static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    /// Whether a text is an IPv6 address.
    static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }
}
