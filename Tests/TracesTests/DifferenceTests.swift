import Testing

@testable import Traces

@Suite("Where two logs part")
struct DifferenceTests {
    private func log(_ change: (inout LogBuilder) throws -> Void) throws -> NondetLog {
        var builder = LogBuilder()
        try builder.append(.input1(1), at: 1)
        try change(&builder)
        try builder.append(.input2(2), at: 100)
        return try builder.log(endingAt: 200)
    }

    @Test("a log is like itself, whatever it holds", arguments: HostABI.allCases)
    func same(abi: HostABI) throws {
        let log = NondetLog(bytes: try sampleLog(abi), abi: abi)
        #expect(log.difference(from: log) == nil)
    }

    @Test("addresses in the emulator and padding are not compared")
    func hostAddresses() throws {
        func log(_ pointer: UInt64) throws -> NondetLog {
            try self.log { log in
                try log.append(.skippedCall(.serialSend(fifo: pointer, value: 5)), at: 2)
                try log.append(.skippedCall(.memoryUnmap(address: 5, hostPointer: pointer)), at: 2)
                try log.append(
                    .skippedCall(
                        .networkTransfer(kind: .bufferToMemory, source: pointer, destination: 4, count: 1)
                    ),
                    at: 3
                )
                try log.append(
                    .skippedCall(
                        .hardDriveTransfer(kind: .diskToBuffer, source: 4, destination: pointer, count: 1)
                    ),
                    at: 3
                )
            }
        }
        #expect(try log(0x7fff_0000).difference(from: log(0x5555_0000)) == nil)
        var bytes = try log(1).bytes(of: 0..<log(1).byteCount)
        // The last byte of the padding behind the serial port's byte.
        let entry = try #require(readAll(NondetLog(bytes: bytes)).entries.first { $0.call == .serialSend })
        bytes[entry.range.upperBound - 1] = 0xaa
        #expect(try NondetLog(bytes: bytes).difference(from: log(1)) == nil)
    }

    @Test("guest addresses are compared")
    func guestAddresses() throws {
        func log(_ address: UInt64) throws -> NondetLog {
            try self.log {
                try $0.append(.skippedCall(.memoryUnmap(address: address, hostPointer: 1)), at: 2)
            }
        }
        let difference = try #require(try log(1).difference(from: log(2)))
        #expect(difference.aspect == .payload && difference.equalEntries == 1)
    }

    @Test("the first thing that differs is named")
    func aspects() throws {
        let plain = try log { try $0.append(.input4(7), at: 5) }
        func aspect(_ change: (inout LogBuilder) throws -> Void) throws -> NondetLogDifference.Aspect? {
            plain.difference(from: try log(change))?.aspect
        }
        #expect(try aspect { try $0.append(.input4(7), at: 6) } == .instructionCount)
        #expect(try aspect { try $0.append(.input8(7), at: 5) } == .kind)
        #expect(try aspect { try $0.append(.input4(7), at: 5, callsite: .mainLoopWait) } == .callsite)
        #expect(try aspect { try $0.append(.input4(8), at: 5) } == .payload)
        #expect(try aspect { try $0.append(.input4(7), at: 5) } == nil)
    }

    @Test("data differ at a byte, or one is longer")
    func data() throws {
        func log(_ frame: [UInt8]) throws -> NondetLog { try self.log { try $0.send(frame, at: 2) } }
        let first = try log([1, 2, 3, 4])
        #expect(first.difference(from: try log([1, 2, 9, 4]))?.aspect == .data(offset: 2))
        #expect(first.difference(from: try log([1, 2, 3]))?.aspect == .data(offset: 3))
    }

    @Test("one log ends before the other")
    func end() throws {
        let whole = try log { _ in }
        let cut = NondetLog(bytes: whole.bytes(of: 0..<whole.byteCount - 10))
        let difference = try #require(whole.difference(from: cut))
        #expect(difference.aspect == .end(ofFirst: false) && difference.second == nil)
        #expect(difference.equalEntries == 2 && difference.equalInstructions == 100)
        #expect(cut.difference(from: whole)?.aspect == .end(ofFirst: true))
    }
}
