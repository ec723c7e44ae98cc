public import ArgumentParser
public import RunRecords

extension GuestArchitecture: ExpressibleByArgument {}
