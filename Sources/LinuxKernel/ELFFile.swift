import Foundation
import HostSupport

/// The sections of an ELF file, as far as a kernel's profile needs them.
///
/// Source of the format: `include/uapi/linux/elf.h` of Linux.
struct ELFFile: Sendable {
    static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]

    /// A part of the file that is, or is not, loaded at an address.
    struct Section: Sendable {
        let name: String
        let address: UInt64
        let range: Range<Int>
    }

    let data: Data
    let is64Bit: Bool
    /// `e_machine`: 62 for x86-64, 3 for i386.
    let machine: UInt16
    let sections: [Section]

    private static let noBits: UInt32 = 8

    init(_ data: Data) throws {
        self.data = data
        (is64Bit, machine, sections) = try data.withKernelBytes { bytes in
            guard bytes.slice(0, 4)?.elementsEqual(Self.magic) == true, let bits = bytes.byte(4),
                bits == 1 || bits == 2, bytes.byte(5) == 1, let machine = bytes.uint16(18)
            else { throw Failure(.badData, "byte 0: it is no little-endian ELF file") }
            return (bits == 2, machine, try Self.sections(bytes, is64Bit: bits == 2))
        }
    }

    private static func sections(_ bytes: KernelBytes, is64Bit: Bool) throws -> [Section] {
        let table = is64Bit ? bytes.uint64(0x28) : bytes.uint32(0x20).map(UInt64.init)
        let header = is64Bit ? 0x3a : 0x2e
        guard let table, let size = bytes.uint16(header), let count = bytes.uint16(header + 2),
            let names = bytes.uint16(header + 4), table <= UInt64(bytes.count),
            size >= (is64Bit ? 64 : 40),
            bytes.slice(Int(table), Int(size) * Int(count)) != nil
        else {
            throw Failure(.badData, "byte \(is64Bit ? 0x28 : 0x20): its table of sections lies outside of it")
        }
        /// A section's header: name, type, address, offset and size.
        func entry(_ index: Int) -> (UInt32, UInt32, UInt64, UInt64, UInt64)? {
            let place = Int(table) + index * Int(size)
            guard let name = bytes.uint32(place), let type = bytes.uint32(place + 4) else { return nil }
            if is64Bit {
                guard let address = bytes.uint64(place + 16), let offset = bytes.uint64(place + 24),
                    let length = bytes.uint64(place + 32)
                else { return nil }
                return (name, type, address, offset, length)
            }
            guard let address = bytes.uint32(place + 12), let offset = bytes.uint32(place + 16),
                let length = bytes.uint32(place + 20)
            else { return nil }
            return (name, type, UInt64(address), UInt64(offset), UInt64(length))
        }
        guard names < count, let strings = entry(Int(names)), strings.3 <= UInt64(bytes.count) else {
            throw Failure(.badData, "byte \(header + 4): the names of its sections are missing")
        }
        return try (0..<Int(count)).compactMap { index in
            guard let (name, type, address, offset, length) = entry(index), type != noBits, length > 0 else {
                return nil
            }
            guard offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset,
                let text = bytes.text(Int(strings.3) + Int(name), limit: 256)
            else {
                throw Failure(
                    .badData,
                    "byte \(Int(table) + index * Int(size)): its section \(index) lies outside of it"
                )
            }
            return Section(name: text, address: address, range: Int(offset)..<Int(offset + length))
        }
    }

    /// A section's bytes, or nothing where there is none of that name.
    func contents(of name: String) -> Data? {
        sections.first { $0.name == name }.map { Data(data[$0.range]) }
    }

    /// The place in the file of what is loaded at an address.
    func offset(of address: UInt64) -> Int? {
        guard address != 0 else { return nil }
        for section in sections where section.address != 0 && address >= section.address {
            let distance = address - section.address
            if distance < UInt64(section.range.count) { return section.range.lowerBound + Int(distance) }
        }
        return nil
    }

    /// The text that is loaded at an address.
    func text(at address: UInt64) -> String? {
        offset(of: address).flatMap { place in data.withKernelBytes { $0.text(place) } }
    }
}
