extension SkippedCall {
    /// The call's C structure, with `length` bytes of data to follow it.
    func arguments(length: Int, abi: HostABI) -> [UInt8] {
        var write = ArgumentWriter(abi: abi)
        switch self {
        case .memoryWrite(let address, let pointer):
            write.wide(address)
            write.pointer(pointer)
            write.word(UInt32(length))
        case .memoryRegionChange(let start, let size, let pointer, let kind, let added):
            write.wide(start)
            write.wide(size)
            write.pointer(pointer)
            write.word(UInt32(length))
            write.word(kind.rawValue)
            write.byte(added ? 1 : 0)
        case .memoryUnmap(let address, let pointer):
            write.wide(address)
            write.pointer(pointer)
            write.wide(UInt64(length))
        case .hardDriveTransfer(let kind, let source, let destination, let count):
            write.transfer(kind.rawValue, source, destination, count)
        case .networkTransfer(let kind, let source, let destination, let count):
            write.transfer(kind.rawValue, source, destination, count)
        case .packet(let pointer, let direction):
            write.pointer(pointer)
            write.word(UInt32(length))
            write.byte(direction.rawValue)
        case .serialReceive(let fifo, let value), .serialSend(let fifo, let value):
            write.wide(fifo)
            write.byte(value)
        case .serialRead(let fifo, let port, let value), .serialWrite(let fifo, let port, let value):
            write.wide(fifo)
            write.word(port)
            write.byte(value)
        case .registerWrite(let cpu, let pointer, let register):
            write.word(UInt32(bitPattern: cpu))
            write.pointer(pointer)
            write.word(UInt32(bitPattern: register))
            write.word(UInt32(length))
        }
        write.pad(to: ArgumentShape(of: kind, in: abi).bytes)
        return write.bytes
    }
}

extension ArgumentWriter {
    fileprivate mutating func transfer(
        _ kind: UInt32,
        _ source: UInt64,
        _ destination: UInt64,
        _ count: UInt32
    ) {
        word(kind)
        wide(source)
        wide(destination)
        word(count)
    }
}
