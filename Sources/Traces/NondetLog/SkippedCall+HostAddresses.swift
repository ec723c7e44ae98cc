extension SkippedCall {
    /// The same call with 0 for every address in the recording emulator.
    ///
    /// Such addresses differ between two recordings of one thing, and mean nothing in a replay; in a transfer, the side of
    /// a device's buffer is one.
    public var withoutHostAddresses: SkippedCall {
        switch self {
        case .memoryWrite(let address, _): .memoryWrite(address: address, hostPointer: 0)
        case .memoryRegionChange(let start, let size, _, let kind, let added):
            .memoryRegionChange(start: start, size: size, hostPointer: 0, kind: kind, added: added)
        case .memoryUnmap(let address, _): .memoryUnmap(address: address, hostPointer: 0)
        case .hardDriveTransfer(let kind, let source, let destination, let count):
            .hardDriveTransfer(
                kind: kind,
                source: [.bufferToDisk, .bufferToPort].contains(kind) ? 0 : source,
                destination: [.diskToBuffer, .portToBuffer].contains(kind) ? 0 : destination,
                count: count
            )
        case .networkTransfer(let kind, let source, let destination, let count):
            .networkTransfer(
                kind: kind,
                source: kind == .memoryToBuffer ? source : 0,
                destination: kind == .bufferToMemory ? destination : 0,
                count: count
            )
        case .packet(_, let direction): .packet(hostPointer: 0, direction: direction)
        case .serialReceive(_, let value): .serialReceive(fifo: 0, value: value)
        case .serialRead(_, let port, let value): .serialRead(fifo: 0, port: port, value: value)
        case .serialSend(_, let value): .serialSend(fifo: 0, value: value)
        case .serialWrite(_, let port, let value): .serialWrite(fifo: 0, port: port, value: value)
        case .registerWrite(let cpu, _, let register):
            .registerWrite(cpu: cpu, hostPointer: 0, register: register)
        }
    }
}

extension NondetPayload {
    /// The same payload with 0 for every address in the recording emulator; see ``SkippedCall/withoutHostAddresses``.
    public var withoutHostAddresses: NondetPayload {
        guard case .skippedCall(let call) = self else { return self }
        return .skippedCall(call.withoutHostAddresses)
    }
}
