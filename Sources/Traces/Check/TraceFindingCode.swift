extension TraceFinding {
    /// The kinds of findings; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        private init(_ name: String) {
            description = name
        }

        /// The code of what a reader says.
        public init(_ code: TraceFormatError.Code) {
            description = code.description
        }

        /// The log was not ended: its engine was killed, or its disk ran full.
        public static let notEnded = Self("notEnded")
        /// The header is not the count of the end.
        public static let headerMismatch = Self(TraceFormatError.Code.headerMismatch)
        /// An entry's call site is none that makes entries of its kind.
        public static let unknownCallsite = Self("unknownCallsite")
        /// An entry writes to where the machine has no memory.
        public static let outsideMemory = Self("outsideMemory")
        /// An entry is of a kind that this machine's processor does not make.
        public static let otherProcessor = Self("otherProcessor")
        /// The log has the layout of a host of another width.
        public static let otherHostLayout = Self("otherHostLayout")
        /// A block of memory lacks pages.
        public static let missingPages = Self("missingPages")
        /// The state of a device has no end.
        public static let deviceNotEnded = Self("deviceNotEnded")
        /// The end of the snapshot is missing.
        public static let snapshotCut = Self("snapshotCut")
        /// More follows the end of the snapshot.
        public static let bytesAfterEnd = Self(TraceFormatError.Code.bytesAfterEnd)
        /// A file is not what the run's record says: its size.
        public static let otherSize = Self("otherSize")
        /// A file is not what the run's record says: its digest.
        public static let otherDigest = Self("otherDigest")
        /// The log is not what the run's record says: its instructions or entries.
        public static let otherCounts = Self("otherCounts")
        /// The machine of the record is not that of the snapshot.
        public static let otherMachine = Self("otherMachine")
        /// The record says nothing of a file.
        public static let notRecorded = Self("notRecorded")
        /// A file is missing, or cannot be read.
        public static let unreadable = Self("unreadable")
    }
}
