/// The type of one member of the C structures in the log.
enum ArgumentField {
    /// `uint64_t`, `hwaddr`
    case wide
    /// `uint32_t`, `int`, an enumeration
    case word
    /// `uint8_t`, `bool`
    case byte
    /// A pointer of the recording host.
    case pointer
    /// A ``word`` that says how many bytes follow the structure.
    case dataLength
    /// A ``wide`` that says how many bytes follow the structure.
    case wideDataLength

    func bytes(in abi: HostABI) -> Int {
        switch self {
        case .wide, .wideDataLength: 8
        case .word, .dataLength: 4
        case .byte: 1
        case .pointer: abi.pointerBytes
        }
    }

    func alignment(in abi: HostABI) -> Int {
        switch self {
        case .wide, .wideDataLength: abi.wideAlignment
        case .word, .byte, .dataLength, .pointer: bytes(in: abi)
        }
    }
}

/// Rounds `offset` up to a multiple of `alignment`.
func align(_ offset: Int, to alignment: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
}
