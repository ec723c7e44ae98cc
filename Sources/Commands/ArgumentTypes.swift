public import ArgumentParser
public import Containers
public import GuestImages
public import HostSupport
public import RunRecords
public import TraceArchives

extension ContainerRuntime.Kind: ExpressibleByArgument {}

extension GuestArchitecture: ExpressibleByArgument {}

extension TraceForm: ExpressibleByArgument {}

extension GuestImage.Agent: ExpressibleByArgument {}

extension ByteSize: ExpressibleByArgument {
    /// Reads a size such as `256M`.
    public init?(argument: String) { self.init(argument) }
}

/// A length of time on the command line: `90`, `90s`, `30m`, `2h`.
struct TimeSpan: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        guard let duration = Duration(text: argument) else { return nil }
        self.duration = duration
    }
}
