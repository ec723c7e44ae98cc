public import ArgumentParser
public import Catalogue
public import Containers
public import Datasets
import Foundation
public import GuestImages
public import HostSupport
public import RunRecords
public import TraceArchives
public import Traces

extension ContainerRuntime.Kind: ExpressibleByArgument {}

extension CataloguedRun.State: ExpressibleByArgument {}

extension RunQuery.Order: ExpressibleByArgument {}

extension GuestArchitecture: ExpressibleByArgument {}

extension TraceForm: ExpressibleByArgument {}

extension DatasetIndex.Format: ExpressibleByArgument {}

extension GuestImage.Agent: ExpressibleByArgument {}

extension ByteSize: ExpressibleByArgument {
    /// Reads a size such as `256M`.
    public init?(argument: String) { self.init(argument) }
}

extension TimeSpan: ExpressibleByArgument {
    /// Reads a length of time such as `30m`.
    public init?(argument: String) { self.init(argument) }
}

extension Instant: ExpressibleByArgument {
    /// Reads a time such as `2020-02-01T12:00:00Z`, with a fraction of a second or without.
    init?(argument: String) {
        let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
        guard let date = styles.lazy.compactMap({ try? Date(argument, strategy: $0) }).first else {
            return nil
        }
        self.init(date: date)
    }
}

extension SnapshotMemory.TextEncoding: ExpressibleByArgument {}

extension SerialPort: ExpressibleByArgument {
    /// Reads `com1` or `0x3f8`.
    public init?(argument: String) {
        let known = [SerialPort.com1, .com2, .com3, .com4].first { $0.name == argument.lowercased() }
        let digits = argument.hasPrefix("0x") ? UInt32(argument.dropFirst(2), radix: 16) : UInt32(argument)
        guard let port = known ?? digits.map(SerialPort.init(rawValue:)) else { return nil }
        self = port
    }
}
