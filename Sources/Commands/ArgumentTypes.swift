public import ArgumentParser
public import HostSupport
public import RunRecords

extension GuestArchitecture: ExpressibleByArgument {}

extension ByteSize: ExpressibleByArgument {
    /// Reads a size such as `256M`.
    public init?(argument: String) { self.init(argument) }
}

extension Duration: @retroactive ExpressibleByArgument {
    /// Reads a time such as `90s` or `30m`.
    public init?(argument: String) { self.init(text: argument) }
}
