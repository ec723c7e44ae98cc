extension TraceFormatError {
    /// The kinds of trouble a file can be in; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case cannotOpen
            case cannotRead
            case notRegularFile
            case tornEntry
            case unknownKind
            case unknownCall
            case countDecreased
            case lengthTooLarge
            case lengthBeyondFile
            case emptyPacket
            case bytesAfterEnd
            case headerMismatch
            case invalidEntry
            case notMigrationStream
            case unsupportedVersion
            case streamCut
            case unexpectedSection
            case invalidName
            case invalidMemoryTable
            case invalidPage
            case nothingToSalvage
            case cannotWrite
        }

        private let value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// The code's name, as it is spelt here.
        public var description: String { value.rawValue }

        /// The file or folder cannot be opened; a symbolic link never can.
        public static let cannotOpen = Self(.cannotOpen)
        /// The system failed to read or map the file.
        public static let cannotRead = Self(.cannotRead)
        /// The path names a folder, a device, a socket or a pipe.
        public static let notRegularFile = Self(.notRegularFile)

        /// The log stops inside an entry.
        public static let tornEntry = Self(.tornEntry)
        /// An entry's kind is none that PANDA writes.
        public static let unknownKind = Self(.unknownKind)
        /// A skipped call's kind is none that PANDA writes.
        public static let unknownCall = Self(.unknownCall)
        /// An entry's instruction count is below that of the one before.
        public static let countDecreased = Self(.countDecreased)
        /// An entry claims more data than the machine has memory, or a negative length.
        public static let lengthTooLarge = Self(.lengthTooLarge)
        /// An entry claims more data than the file holds, though the file was closed properly.
        public static let lengthBeyondFile = Self(.lengthBeyondFile)
        /// A packet of 0 bytes, which PANDA aborts on.
        public static let emptyPacket = Self(.emptyPacket)
        /// The end-of-log entry is not the last thing in the file.
        public static let bytesAfterEnd = Self(.bytesAfterEnd)
        /// The header's instruction count contradicts the entries.
        public static let headerMismatch = Self(.headerMismatch)
        /// A writer was asked for an entry that the format cannot hold.
        public static let invalidEntry = Self(.invalidEntry)

        /// The file does not begin as a QEMU migration stream.
        public static let notMigrationStream = Self(.notMigrationStream)
        /// The migration stream or its memory section has a version not known here.
        public static let unsupportedVersion = Self(.unsupportedVersion)
        /// The migration stream stops inside its head or its memory.
        public static let streamCut = Self(.streamCut)
        /// The migration stream has another section where a certain one belongs.
        public static let unexpectedSection = Self(.unexpectedSection)
        /// A name in the migration stream is empty, too long, repeated or not printable ASCII.
        public static let invalidName = Self(.invalidName)
        /// The table of memory blocks does not add up.
        public static let invalidMemoryTable = Self(.invalidMemoryTable)
        /// A page of memory is of a kind or at a place that it cannot be.
        public static let invalidPage = Self(.invalidPage)

        /// A log is whole, or nothing in it can be kept.
        public static let nothingToSalvage = Self(.nothingToSalvage)
        /// A file cannot be made or written.
        public static let cannotWrite = Self(.cannotWrite)
    }
}
