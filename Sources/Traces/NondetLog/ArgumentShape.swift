/// The size of one call's C structure, and where in it the length of the data lies.
struct ArgumentShape {
    enum Length {
        case none
        case word(offset: Int)
        case wide(offset: Int)
    }

    let bytes: Int
    let length: Length

    init(of call: SkippedCallKind, in abi: HostABI) {
        var end = 0
        var strictest = 1
        var length = Length.none
        for field in call.fields {
            let alignment = field.alignment(in: abi)
            let start = align(end, to: alignment)
            switch field {
            case .dataLength: length = .word(offset: start)
            case .wideDataLength: length = .wide(offset: start)
            case .wide, .word, .byte, .pointer: break
            }
            strictest = max(strictest, alignment)
            end = start + field.bytes(in: abi)
        }
        bytes = align(end, to: strictest)
        self.length = length
    }
}

/// The shapes of all calls for one kind of host.
struct ArgumentShapes {
    private let shapes: InlineArray<11, ArgumentShape>

    init(for abi: HostABI) {
        let calls = SkippedCallKind.allCases
        shapes = InlineArray { ArgumentShape(of: calls[$0], in: abi) }
    }

    @inline(__always)
    subscript(call: SkippedCallKind) -> ArgumentShape {
        shapes[Int(call.rawValue)]
    }
}
