extension NondetPayload {
    /// The payload on a line, in the words of this library, addresses in hexadecimal.
    public var text: String {
        switch self {
        case .input1(let value): "input of 1 byte: \(hexadecimal(value))"
        case .input2(let value): "input of 2 bytes: \(hexadecimal(value))"
        case .input4(let value): "input of 4 bytes: \(hexadecimal(value))"
        case .input8(let value): "input of 8 bytes: \(hexadecimal(value))"
        case .interruptRequest(let value): "interrupt request \(hexadecimal(UInt32(bitPattern: value)))"
        case .exitRequest(let value): "exit request \(value)"
        case .skippedCall(let call): call.text
        case .endOfLog: "end of the log"
        case .pendingInterrupts(let value): "pending interrupts \(hexadecimal(value))"
        case .exception(let value): "exception \(value)"
        }
    }
}

extension SkippedCall {
    /// The call on a line, addresses in hexadecimal.
    public var text: String {
        switch self {
        case .memoryWrite(let address, _): "memory write to \(hexadecimal(address))"
        case .memoryRegionChange(let start, let size, _, let kind, let added):
            "memory region of kind \(kind.rawValue) \(added ? "added" : "removed") at \(hexadecimal(start)), "
                + "\(size) bytes"
        case .memoryUnmap(let address, _): "memory write through a mapping to \(hexadecimal(address))"
        case .hardDriveTransfer(let kind, let source, let destination, let count):
            "disk transfer of kind \(kind.rawValue) from \(hexadecimal(source)) to \(hexadecimal(destination)), "
                + "\(count) bytes"
        case .networkTransfer(let kind, let source, let destination, let count):
            "network transfer of kind \(kind.rawValue) from \(hexadecimal(source)) to "
                + "\(hexadecimal(destination)), \(count) bytes"
        case .packet(_, let direction): direction == .sent ? "packet sent" : "packet received"
        case .serialReceive(_, let value): "serial port received \(hexadecimal(value))"
        case .serialRead(_, let port, let value):
            "serial port \(hexadecimal(port)): guest read \(hexadecimal(value))"
        case .serialSend(_, let value): "serial port sent \(hexadecimal(value))"
        case .serialWrite(_, let port, let value):
            "serial port \(hexadecimal(port)): guest wrote \(hexadecimal(value))"
        case .registerWrite(let cpu, _, let register): "register \(register) of processor \(cpu) written"
        }
    }
}

private func hexadecimal(_ value: some BinaryInteger) -> String {
    "0x" + String(value, radix: 16)
}
