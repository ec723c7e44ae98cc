import Foundation
import HostSupport
import Testing

@testable import LinuxKernel

/// Physical memory as an array.
private struct ArrayMemory: GuestMemory {
    var all: [UInt8]
    /// Where its second half begins.
    var upper: UInt64?

    var ranges: [Range<UInt64>] {
        guard let upper else { return [0..<UInt64(all.count)] }
        let half = UInt64(all.count / 2)
        return [0..<half, upper..<upper + half]
    }

    private func index(_ address: UInt64) -> Int? {
        guard let upper, address >= upper else { return Int(exactly: address) }
        return Int(exactly: address - upper).map { $0 + all.count / 2 }
    }

    func bytes(_ count: Int, at address: UInt64) -> [UInt8]? {
        guard let start = index(address), start <= all.count, count <= all.count - start else {
            return nil
        }
        return Array(all[start..<start + count])
    }

    mutating func put(_ bytes: [UInt8], at address: UInt64) {
        all.replaceSubrange(Int(address)..<Int(address) + bytes.count, with: bytes)
    }

    mutating func put(_ value: UInt64, at address: UInt64) {
        Swift.withUnsafeBytes(of: value.littleEndian) { put(Array($0), at: address) }
    }
}

@Suite struct KernelBootTests {
    private static let processorOffset: UInt64 = 0xffff_8881_1d20_0000

    private let profile: KernelProfile

    init() throws { profile = try KernelProfile(vmlinux: KernelFixture().vmlinux) }

    /// A booted kernel whose address of `readOnly` lies at a physical address.
    private func memory(at place: UInt64, slide: UInt64) -> ArrayMemory {
        var memory = ArrayMemory(all: [UInt8](repeating: 0, count: 24 << 20))
        func physical(_ address: UInt64) -> UInt64 { place + address - KernelFixture.readOnly }
        let banner = Array(profile.landmarks.banner.utf8) + [0]
        // A copy that comes first, where the kernel may have been loaded and moved away from.
        memory.put(banner, at: 0)
        memory.put(banner, at: place)
        let task = physical(KernelFixture.firstTask)
        for offset in profile.landmarks.ownPointers {
            memory.put(KernelFixture.firstTask + slide, at: task + UInt64(offset))
        }
        memory.put(Array("swapper/0\0".utf8), at: task + UInt64(profile.landmarks.name))
        memory.put(Self.processorOffset, at: physical(KernelFixture.processorOffsets))
        return memory
    }

    @Test(arguments: [0, 0x900_0000, 0x3fe0_0000] as [UInt64])
    func aKernelIsFoundWhereverItLies(_ slide: UInt64) throws {
        for place: UInt64 in [0x20_0000, 0x60_0000] {
            let boot = try KernelBoot(of: profile, in: memory(at: place, slide: slide))
            #expect(boot.slide == KernelAddress(slide))
            #expect(boot.processorOffset == KernelAddress(Self.processorOffset))
            #expect(boot.bannerPlace == KernelAddress(place))
        }
    }

    private func message(_ change: (inout ArrayMemory, UInt64) -> Void) -> String {
        let place: UInt64 = 0x20_0000
        var memory = memory(at: place, slide: 0)
        change(&memory, place)
        let failure = #expect(throws: Failure.self) { try KernelBoot(of: profile, in: memory) }
        #expect(failure?.code == .badData)
        return failure?.message ?? ""
    }

    @Test func whatIsNotFoundIsSaid() {
        let task = KernelFixture.firstTask - KernelFixture.readOnly
        let pointer = UInt64(profile.landmarks.ownPointers[0])
        let offsets = KernelFixture.processorOffsets - KernelFixture.readOnly
        #expect(message { memory, _ in memory.all = [] }.contains("its banner is nowhere"))
        #expect(
            message { memory, place in memory.put([0], at: place + task + UInt64(profile.landmarks.name)) }
                .contains("not called swapper")
        )
        #expect(message { $0.put(7, at: $1 + task + pointer) }.contains("does not point at itself"))
        #expect(
            message { memory, place in
                for pointer in profile.landmarks.ownPointers {
                    memory.put(KernelFixture.firstTask + 0x1000, at: place + task + UInt64(pointer))
                }
            }.contains("which is not itself")
        )
        #expect(message { $0.put(0x1000, at: $1 + offsets) }.contains("__per_cpu_offset[0]"))
        #expect(
            message { memory, place in memory.all.removeSubrange((Int(place) + 0x40_0000)...) }
                .contains("its banner is at 0x200000, but the first task is not called swapper")
        )
    }

    @Test func aKernelAbove4GiBIsFound() throws {
        var memory = memory(at: 14 << 20, slide: 0)
        memory.upper = 1 << 32
        let boot = try KernelBoot(of: profile, in: memory)
        #expect(boot.bannerPlace == KernelAddress(1 << 32 + 2 << 20))
    }

    @Test func aBannerWhereNoKernelCanLieIsNotLookedAt() {
        let banner = Array(profile.landmarks.banner.utf8) + [0]
        #expect(
            message { memory, place in
                for other in [0, place] { memory.put([0], at: other) }
                for copy in 1..<2000 { memory.put(banner, at: UInt64(copy * 512)) }
            }.contains("nowhere where it can be")
        )
    }
}
