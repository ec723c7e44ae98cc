extension NondetLog {
    /// The same log, read by the layout of another sort of host, if it is complete that way.
    ///
    /// Nothing in a log says which host made it. One that is damaged by its own layout and complete by another is of the
    /// other sort of host.
    ///
    /// - Parameter limits: What is believed of the log.
    /// - Returns: Nothing where no other layout fits.
    public func inOtherLayout(limits: NondetLogLimits = NondetLogLimits()) -> NondetLog? {
        HostABI.allCases.lazy.filter { $0 != abi }
            .map { NondetLog(self, abi: $0) }
            .first { $0.survey(limits: limits).state == .complete }
    }
}
