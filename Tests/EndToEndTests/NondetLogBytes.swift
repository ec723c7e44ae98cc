import HostSupport
import Traces

/// What a log says was written to the guest's memory.
struct NondetLogBytes {
    private var byAddress: [UInt64: [[UInt8]]] = [:]

    init(_ file: HostPath) throws {
        let log = try NondetLog(path: file.string)
        var found: [UInt64: [[UInt8]]] = [:]
        log.readSound { entry in
            guard case .skippedCall(.memoryUnmap(let address, _)) = entry.payload else { return }
            found[address, default: []].append(log.bytes(of: entry.dataRange))
        }
        byAddress = found
    }

    /// All that was written to an address, which is written in hexadecimal.
    func writes(to address: String) -> [[UInt8]] {
        UInt64(address.dropFirst(2), radix: 16).flatMap { byAddress[$0] } ?? []
    }
}
