public import Foundation
import HostSupport

/// The types of a kernel, in the BPF type format.
///
/// Source of the format: `Documentation/bpf/btf.rst` and `include/uapi/linux/btf.h` of Linux.
public struct BTF: Sendable {
    /// A member of a structure or union.
    public struct Member: Sendable, Hashable {
        /// Where it begins, in bits from the start of the structure.
        public let bitOffset: UInt64
        /// How many bits it has, where it is a bit field.
        public let bitWidth: Int?
        let type: UInt32

        /// Where it begins, in bytes from the start of the structure; nothing for a bit field.
        public var byteOffset: Int? {
            bitWidth == nil && bitOffset % 8 == 0 ? Int(exactly: bitOffset / 8) : nil
        }
    }

    /// The kinds of types that are told apart here.
    enum Kind {
        static let integer: UInt32 = 1
        static let pointer: UInt32 = 2
        static let array: UInt32 = 3
        static let structure: UInt32 = 4
        static let union: UInt32 = 5
        static let enumeration: UInt32 = 6
        static let modifiers: Set<UInt32> = [8, 9, 10, 11, 18]
        static let functionPrototype: UInt32 = 13
        static let variable: UInt32 = 14
        static let dataSection: UInt32 = 15
        static let float: UInt32 = 16
        static let declarationTag: UInt32 = 17
        static let enumeration64: UInt32 = 19
    }

    /// The start of each type, by its number less one.
    private let places: [Int]
    private let data: Data
    private let strings: Range<Int>
    private let structures: [String: UInt32]

    /// The most types that a chain of names and qualifiers, or a nest of arrays or nameless members, may have.
    private static let deepest = 64
    /// The most members that are looked at for one name; the largest structures have some hundreds.
    private static let mostMembers = 1 << 16

    /// Reads the types.
    ///
    /// - Parameter data: The section `.BTF` of `vmlinux`, or a guest's `/sys/kernel/btf/vmlinux`.
    /// - Throws: ``HostSupport/Failure`` with `bad-data`, naming the byte that is wrong.
    public init(_ data: Data) throws {
        self.data = Data(data)
        (places, strings, structures) = try data.withKernelBytes(Self.index)
    }

    private static func index(_ bytes: KernelBytes) throws -> ([Int], Range<Int>, [String: UInt32]) {
        guard bytes.uint16(0) == 0xeb9f, bytes.byte(2) == 1, let header = bytes.uint32(4),
            let typeOffset = bytes.uint32(8), let typeLength = bytes.uint32(12),
            let stringOffset = bytes.uint32(16), let stringLength = bytes.uint32(20)
        else { throw damaged(0, "expected a little-endian header of version 1") }
        let (types, texts) = (Int(header) + Int(typeOffset), Int(header) + Int(stringOffset))
        guard bytes.slice(types, Int(typeLength)) != nil, bytes.slice(texts, Int(stringLength)) != nil else {
            throw damaged(8, "the types or their names lie outside of its \(bytes.count) bytes")
        }
        let strings = texts..<texts + Int(stringLength)
        var places: [Int] = []
        places.reserveCapacity(Int(typeLength) / 20)
        var structures: [String: UInt32] = [:]
        var place = types
        let end = types + Int(typeLength)
        while place < end {
            guard place + 12 <= end, let information = bytes.uint32(place + 4) else {
                throw damaged(place, "a type is cut")
            }
            let kind = information >> 24 & 0x1f
            let members = Int(information & 0xffff)
            guard let further = furtherBytes(kind, members) else {
                throw damaged(place, "the kind \(kind) of a type is not known here")
            }
            places.append(place)
            if kind == Kind.structure || kind == Kind.union, let name = bytes.uint32(place), name != 0 {
                guard let text = text(name, in: strings, bytes) else {
                    throw damaged(place, "the name of a type lies outside of the names")
                }
                if structures[text] == nil { structures[text] = UInt32(places.count) }
            }
            place += 12 + further
            guard place <= end else { throw damaged(place, "a type is cut") }
        }
        return (places, strings, structures)
    }

    /// How many bytes follow the 12 that all types have.
    private static func furtherBytes(_ kind: UInt32, _ members: Int) -> Int? {
        switch kind {
        case Kind.integer, Kind.variable, Kind.declarationTag: 4
        case Kind.array: 12
        case Kind.structure, Kind.union, Kind.dataSection, Kind.enumeration64: 12 * members
        case Kind.enumeration, Kind.functionPrototype: 8 * members
        // Pointers, forward declarations, names and qualifiers, functions, floats.
        case Kind.pointer, 7...12, Kind.float, 18: 0
        default: nil
        }
    }

    private static func text(_ offset: UInt32, in strings: Range<Int>, _ bytes: KernelBytes) -> String? {
        let place = strings.lowerBound + Int(offset)
        guard strings.contains(place) else { return nil }
        return bytes.text(place, limit: strings.upperBound - place)
    }

    private static func damaged(_ place: Int, _ problem: String) -> Failure {
        Failure(.badData, "the kernel's BTF is damaged at byte \(place): \(problem)")
    }

    /// How many types there are.
    public var count: Int { places.count }

    /// The size of a structure or union in bytes.
    public func size(of structure: String) -> Int? {
        structures[structure].flatMap { number in data.withKernelBytes { size(number, $0) } }
    }

    /// The size in bytes of a structure's member.
    public func size(of path: String, in structure: String) -> Int? {
        member(path, of: structure).flatMap { member in data.withKernelBytes { size(member.type, $0) } }
    }

    /// The place of a member, looked for in nameless members, too.
    ///
    /// - Parameters:
    ///   - path: The member's name, or the names that lead to it through structures: `f_path.dentry`.
    ///   - structure: The name of the structure or union.
    /// - Returns: The member, its offset counted from the start of `structure`; nothing where there is none.
    public func member(_ path: String, of structure: String) -> Member? {
        guard var type = structures[structure] else { return nil }
        return data.withKernelBytes { bytes in
            var offset: UInt64 = 0
            var found: Member?
            for name in path.split(separator: ".") {
                var budget = Self.mostMembers
                guard let next = find(String(name), in: type, bytes, depth: 0, budget: &budget) else {
                    return nil
                }
                let (sum, overflow) = offset.addingReportingOverflow(next.bitOffset)
                guard !overflow else { return nil }
                offset = sum
                type = next.type
                found = Member(bitOffset: sum, bitWidth: next.bitWidth, type: type)
            }
            return found
        }
    }

    private func find(
        _ name: String,
        in type: UInt32,
        _ bytes: KernelBytes,
        depth: Int,
        budget: inout Int
    ) -> Member? {
        guard depth < Self.deepest, let place = place(of: type, bytes),
            let information = bytes.uint32(place + 4), isStructure(information)
        else { return nil }
        for index in 0..<Int(information & 0xffff) {
            budget -= 1
            let entry = place + 12 + 12 * index
            guard budget >= 0, let nameOffset = bytes.uint32(entry), let type = bytes.uint32(entry + 4),
                let word = bytes.uint32(entry + 8)
            else { return nil }
            // With this flag the word has the width of a bit field in its upper byte.
            let hasWidths = information >> 31 == 1
            let offset = UInt64(hasWidths ? word & 0xff_ffff : word)
            if nameOffset == 0 {
                guard let inner = find(name, in: type, bytes, depth: depth + 1, budget: &budget) else {
                    continue
                }
                let (sum, overflow) = offset.addingReportingOverflow(inner.bitOffset)
                return overflow ? nil : Member(bitOffset: sum, bitWidth: inner.bitWidth, type: inner.type)
            }
            guard Self.text(nameOffset, in: strings, bytes) == name else { continue }
            let width = hasWidths && word >> 24 != 0 ? Int(word >> 24) : nil
            return Member(bitOffset: offset, bitWidth: width, type: type)
        }
        return nil
    }

    private func isStructure(_ information: UInt32) -> Bool {
        [Kind.structure, Kind.union].contains(information >> 24 & 0x1f)
    }

    /// The start of a type once names and qualifiers are taken off it.
    private func place(of type: UInt32, _ bytes: KernelBytes) -> Int? {
        var type = type
        for _ in 0..<Self.deepest {
            guard type >= 1, type <= places.count else { return nil }
            let place = places[Int(type) - 1]
            guard let information = bytes.uint32(place + 4), let next = bytes.uint32(place + 8) else {
                return nil
            }
            guard Kind.modifiers.contains(information >> 24 & 0x1f) else { return place }
            type = next
        }
        return nil
    }

    private func size(_ type: UInt32, _ bytes: KernelBytes) -> Int? {
        var factor = 1
        var type = type
        for _ in 0..<Self.deepest {
            guard let place = place(of: type, bytes), let information = bytes.uint32(place + 4),
                let word = bytes.uint32(place + 8)
            else { return nil }
            let size: Int
            switch information >> 24 & 0x1f {
            case Kind.array:
                guard let element = bytes.uint32(place + 12), let count = bytes.uint32(place + 20) else {
                    return nil
                }
                let (product, overflow) = factor.multipliedReportingOverflow(by: Int(count))
                guard !overflow else { return nil }
                factor = product
                type = element
                continue
            case Kind.pointer: size = 8
            case Kind.integer, Kind.structure, Kind.union, Kind.enumeration, Kind.float, Kind.enumeration64:
                size = Int(word)
            default: return nil
            }
            let (product, overflow) = factor.multipliedReportingOverflow(by: size)
            return overflow ? nil : product
        }
        return nil
    }
}
