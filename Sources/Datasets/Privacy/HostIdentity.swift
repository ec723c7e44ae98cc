public import Foundation
import Glibc
public import HostSupport

/// What tells who made a dataset, and where: what this machine and its user are called, and can be reached at.
public struct HostIdentity: Sendable {
    /// The user's names.
    public var userNames: [String] = []
    /// The folders that are his.
    public var homeFolders: [HostPath] = []
    /// The machine's names.
    public var hostNames: [String] = []
    /// Addresses, and what each is.
    public var addresses: [IPAddress: String] = [:]
    /// Folders that the collection, the images and the engines are in.
    public var paths: [HostPath] = []
    /// The public keys of the machine's ssh server, and of the user.
    public var publicKeys: [PublicKey] = []

    /// Knows nothing.
    public init() {}

    /// Looks at this machine.
    ///
    /// - Parameters:
    ///   - paths: Folders of the user's that the dataset is made of.
    ///   - environment: This process's variables.
    /// - Returns: What it is known by.
    public static func current(
        paths: [HostPath],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> HostIdentity {
        var identity = HostIdentity()
        identity.userNames = ["USER", "LOGNAME", "SUDO_USER"].compactMap { environment[$0] }
        if let entry = getpwuid(getuid()) {
            identity.userNames.append(String(cString: entry.pointee.pw_name))
            // The real name is what stands before the first comma.
            let real = String(cString: entry.pointee.pw_gecos).prefix { $0 != "," }
            identity.userNames.append(String(real))
            identity.homeFolders.append(HostPath(String(cString: entry.pointee.pw_dir)))
        }
        if let home = environment["HOME"] { identity.homeFolders.append(HostPath(home)) }
        identity.userNames = identity.userNames.filter { !$0.isEmpty }.uniqued()
        identity.homeFolders = identity.homeFolders.uniqued()
        var name = [CChar](repeating: 0, count: 256)
        if gethostname(&name, name.count - 1) == 0 {
            let full = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            identity.hostNames = [full, String(full.prefix { $0 != "." })].uniqued()
        }
        let resolver = (try? FileSystem.readText("/etc/resolv.conf", limit: 1 << 20)) ?? ""
        identity.take(resolver: resolver)
        for (address, what) in interfaces() { identity.addresses[address] = what }
        for variable in ["SSH_CLIENT", "SSH_CONNECTION"] {
            for word in (environment[variable] ?? "").split(separator: " ") {
                if let address = IPAddress(String(word)) { identity.addresses[address] = variable }
            }
        }
        identity.paths = (paths + [Storage.home]).map { FileSystem.absolute($0) }.uniqued()
        let folders = ["/etc/ssh"] + identity.homeFolders.map { $0 / ".ssh" }
        identity.publicKeys = folders.flatMap { PublicKey.find(in: $0) }
        return identity
    }

    /// Takes what `/etc/resolv.conf` says: name servers and domains.
    mutating func take(resolver text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 2 else { continue }
            switch words[0] {
            case "nameserver":
                if let address = IPAddress(String(words[1].prefix { $0 != "%" })) {
                    addresses[address] = "the name server"
                }
            case "search", "domain":
                for domain in words.dropFirst() where domain != "." && !hostNames.contains(domain) {
                    hostNames.append(domain)
                }
            default: break
            }
        }
    }

    private static func interfaces() -> [(IPAddress, String)] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [(IPAddress, String)] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let address = entry.ifa_addr else { continue }
            let name = String(cString: entry.ifa_name)
            let (offset, count): (Int, Int)
            switch Int32(address.pointee.sa_family) {
            case AF_INET: (offset, count) = (4, 4)
            case AF_INET6: (offset, count) = (8, 16)
            default: continue
            }
            let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + offset, count: count)
            if let address = IPAddress(bytes: bytes) { found.append((address, "interface \(name)")) }
        }
        return found
    }
}
