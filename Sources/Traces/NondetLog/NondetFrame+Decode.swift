extension NondetFrame {
    /// The whole entry; the scanner has made sure that its bytes are there.
    func entry(in view: ByteView, abi: HostABI) -> NondetEntry {
        NondetEntry(
            index: index,
            range: offset..<end,
            instructionCount: instructionCount,
            callsite: Callsite(rawValue: callsite),
            payload: payload(in: view, abi: abi),
            dataRange: dataOffset..<end
        )
    }

    private func payload(in view: ByteView, abi: HostABI) -> NondetPayload {
        if let call {
            return .skippedCall(arguments(of: call, in: view, abi: abi))
        }
        switch kind {
        case .input1: return .input1(view.byte(at: payloadOffset))
        case .input2: return .input2(view.littleEndian(at: payloadOffset, as: UInt16.self))
        case .input4: return .input4(view.littleEndian(at: payloadOffset, as: UInt32.self))
        case .input8: return .input8(view.littleEndian(at: payloadOffset, as: UInt64.self))
        case .interruptRequest: return .interruptRequest(view.littleEndian(at: payloadOffset, as: Int32.self))
        case .exitRequest: return .exitRequest(view.littleEndian(at: payloadOffset, as: UInt16.self))
        case .pendingInterrupts:
            return .pendingInterrupts(view.littleEndian(at: payloadOffset, as: UInt32.self))
        case .exception: return .exception(view.littleEndian(at: payloadOffset, as: Int32.self))
        // A skipped call has been dealt with above.
        case .endOfLog, .skippedCall: return .endOfLog
        }
    }

    // Arguments are evaluated from left to right, in the order of the members; lengths are in `dataRange`.
    private func arguments(of call: SkippedCallKind, in view: ByteView, abi: HostABI) -> SkippedCall {
        var read = ArgumentReader(view, at: payloadOffset, abi: abi)
        switch call {
        case .memoryWrite:
            return .memoryWrite(address: read.wide(), hostPointer: read.pointer())
        case .memoryRegionChange:
            let (start, size, pointer) = (read.wide(), read.wide(), read.pointer())
            _ = read.word()
            return .memoryRegionChange(
                start: start,
                size: size,
                hostPointer: pointer,
                kind: .init(rawValue: read.word()),
                added: read.byte() != 0
            )
        case .memoryUnmap:
            return .memoryUnmap(address: read.wide(), hostPointer: read.pointer())
        case .hardDriveTransfer:
            return .hardDriveTransfer(
                kind: .init(rawValue: read.word()),
                source: read.wide(),
                destination: read.wide(),
                count: read.word()
            )
        case .networkTransfer:
            return .networkTransfer(
                kind: .init(rawValue: read.word()),
                source: read.wide(),
                destination: read.wide(),
                count: read.word()
            )
        case .packet:
            let pointer = read.pointer()
            _ = read.word()
            return .packet(hostPointer: pointer, direction: .init(rawValue: read.byte()))
        case .serialReceive:
            return .serialReceive(fifo: read.wide(), value: read.byte())
        case .serialRead:
            return .serialRead(fifo: read.wide(), port: read.word(), value: read.byte())
        case .serialSend:
            return .serialSend(fifo: read.wide(), value: read.byte())
        case .serialWrite:
            return .serialWrite(fifo: read.wide(), port: read.word(), value: read.byte())
        case .registerWrite:
            return .registerWrite(
                cpu: Int32(bitPattern: read.word()),
                hostPointer: read.pointer(),
                register: Int32(bitPattern: read.word())
            )
        }
    }
}
