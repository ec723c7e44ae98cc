import HostSupport

/// The physical memory of a guest, as far as finding a kernel in it needs.
public protocol GuestMemory {
    /// The physical addresses that there is memory at, rising.
    var ranges: [Range<UInt64>] { get }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - address: The physical address.
    /// - Returns: The bytes, or nothing where there is no memory.
    func bytes(_ count: Int, at address: UInt64) -> [UInt8]?
}

/// What a boot of a kernel decided: where it lies, and where the first processor's variables are.
public struct KernelBoot: Sendable, Hashable, Codable {
    /// What KASLR has added to the kernel's virtual addresses; 0 without it.
    public let slide: KernelAddress
    /// What `__per_cpu_offset[0]` holds.
    public let processorOffset: KernelAddress
    /// The physical address of the kernel's banner.
    public let bannerPlace: KernelAddress

    /// Describes a boot.
    public init(slide: KernelAddress, processorOffset: KernelAddress, bannerPlace: KernelAddress) {
        self.slide = slide
        self.processorOffset = processorOffset
        self.bannerPlace = bannerPlace
    }

    /// A kernel is moved by multiples of this, the size of the pages that it is mapped with, and by less than 1 GiB.
    private static let alignment: UInt64 = 2 << 20
    private static let mostSlide: UInt64 = 1 << 30

    /// Finds a kernel in a guest's memory.
    ///
    /// The banner tells where the kernel lies in physical memory, in which it is not torn apart, so that every other
    /// symbol has its place. That the place is right is seen by the first task: it has its name and points at itself,
    /// which also says by how much KASLR has moved the virtual addresses.
    ///
    /// - Parameters:
    ///   - profile: The kernel's profile.
    ///   - memory: The guest's memory.
    /// - Throws: ``HostSupport/Failure`` with `bad-data`, saying what was not found.
    public init(of profile: KernelProfile, in memory: some GuestMemory) throws {
        let landmarks = profile.landmarks
        let banner = Array(landmarks.banner.utf8) + [0]
        // A guest may fill its memory with anything: only where a kernel can lie is looked at.
        let distance = landmarks.bannerAddress.value % Self.alignment
        var problem: String?
        for range in memory.ranges {
            let start = range.lowerBound - range.lowerBound % Self.alignment + distance
            for place in stride(from: start, to: range.upperBound, by: Int(Self.alignment))
            where memory.bytes(banner.count, at: place) == banner {
                do {
                    self = try Self.boot(landmarks, memory, at: place)
                    return
                } catch let failure as Failure {
                    problem = "its banner is at \(KernelAddress(place)), but \(failure.message)"
                }
            }
        }
        throw Failure(
            .badData,
            "the kernel \(profile.release) was not found in the guest's memory: "
                + (problem ?? "its banner is nowhere where it can be"),
            hint: problem == nil ? "is it a snapshot of a guest with another kernel?" : nil
        )
    }

    private static func boot(
        _ landmarks: KernelProfile.Landmarks,
        _ memory: some GuestMemory,
        at place: UInt64
    ) throws -> KernelBoot {
        func physical(_ address: KernelAddress, _ offset: Int = 0) -> UInt64 {
            place &+ (address.value &- landmarks.bannerAddress.value) &+ UInt64(truncatingIfNeeded: offset)
        }
        func pointer(_ address: KernelAddress, _ offset: Int = 0) -> UInt64? {
            memory.bytes(8, at: physical(address, offset))?
                .reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        let name = memory.bytes(8, at: physical(landmarks.firstTask, landmarks.name)) ?? []
        guard name.starts(with: Array("swapper".utf8)) else {
            throw Failure(.badData, "the first task is not called swapper")
        }
        let pointers = landmarks.ownPointers.map { pointer(landmarks.firstTask, $0) }
        guard let first = pointers.first, let target = first, pointers.allSatisfy({ $0 == target }) else {
            throw Failure(.badData, "the first task does not point at itself")
        }
        let slide = target &- landmarks.firstTask.value
        guard slide % alignment == 0, slide < mostSlide else {
            throw Failure(.badData, "the first task points to \(KernelAddress(target)), which is not itself")
        }
        // The variables lie in the mapping of all memory, in the upper half, at a page.
        guard let offset = pointer(landmarks.processorOffsets), offset >> 63 == 1, offset % 4096 == 0 else {
            throw Failure(.badData, "__per_cpu_offset[0] holds no address of the kernel")
        }
        return KernelBoot(
            slide: KernelAddress(slide),
            processorOffset: KernelAddress(offset),
            bannerPlace: KernelAddress(place)
        )
    }
}
