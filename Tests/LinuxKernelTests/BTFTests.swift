import Foundation
import HostSupport
import TestSupport
import Testing

@testable import LinuxKernel

@Suite struct BTFTests {
    private typealias Member = BTFBuilder.Member

    /// A structure with nameless members, bit fields, arrays and names of types.
    private func sample() -> BTFBuilder {
        var types = BTFBuilder()
        let int = types.integer("int", 4)
        let char = types.integer("char", 1)
        let pointer = types.pointer(to: int)
        let name = types.array(of: char, 16)
        let constant = types.add(10, "", name)
        let alias = types.add(8, "name_t", constant)
        let inner = types.structure(
            "inner",
            16,
            [.init(name: "first", type: pointer, bits: 0), .init(name: "second", type: int, bits: 64)]
        )
        let union = types.structure(
            "",
            16,
            [.init(name: "", type: inner, bits: 0), .init(name: "other", type: pointer, bits: 0)],
            isUnion: true
        )
        _ = types.structure(
            "outer",
            64,
            [
                .init(name: "number", type: int, bits: 0),
                .init(name: "low", type: int, bits: 35, width: 3),
                .init(name: "", type: union, bits: 64),
                .init(name: "inner", type: inner, bits: 192),
                .init(name: "name", type: alias, bits: 320),
                .init(name: "rows", type: types.array(of: name, 3), bits: 448),
            ],
            hasWidths: true
        )
        // Every other kind, each with what follows it.
        types.add(6, "colour", 4, members: 2)
        for word in [types.name("red"), 0, types.name("blue"), 1] { types.types.add(word) }
        types.add(7, "elsewhere", 0)
        types.add(13, "", int, members: 1)
        types.types.add(UInt64(0))
        types.add(12, "function", types.count)
        types.add(14, "variable", int)
        types.types.add(UInt32(1))
        types.add(15, ".data", 4, members: 1)
        for word: UInt32 in [1, 0, 4] { types.types.add(word) }
        types.add(16, "float", 4)
        types.add(17, "tag", int)
        types.types.add(UInt32(0))
        types.add(18, "type_tag", int)
        types.add(19, "wide", 8, members: 1)
        for word: UInt32 in [0, 1, 0] { types.types.add(word) }
        _ = types.structure("last", 8, [.init(name: "only", type: pointer, bits: 0)])
        return types
    }

    @Test func membersAreFoundInNamelessMembersToo() throws {
        let types = try BTF(sample().data)
        #expect(types.member("number", of: "outer")?.byteOffset == 0)
        #expect(types.member("first", of: "outer")?.byteOffset == 8)
        #expect(types.member("second", of: "outer")?.byteOffset == 16)
        #expect(types.member("other", of: "outer")?.byteOffset == 8)
        #expect(types.member("inner.second", of: "outer")?.byteOffset == 32)
        #expect(types.member("only", of: "last")?.byteOffset == 0, "types of every kind are passed over")
        #expect(types.member("missing", of: "outer") == nil)
        #expect(types.member("number.x", of: "outer") == nil)
        #expect(types.member("number", of: "missing") == nil)
        #expect(types.member("", of: "outer") == nil)
    }

    @Test func aBitFieldHasAPlaceInBitsAndNoneInBytes() throws {
        let member = try #require(try BTF(sample().data).member("low", of: "outer"))
        #expect(member.bitOffset == 35)
        #expect(member.bitWidth == 3)
        #expect(member.byteOffset == nil)
    }

    @Test func sizesAreThoseOfTheTypesBehindNamesAndArrays() throws {
        let types = try BTF(sample().data)
        #expect(types.size(of: "outer") == 64)
        #expect(types.size(of: "name", in: "outer") == 16)
        #expect(types.size(of: "rows", in: "outer") == 48)
        #expect(types.size(of: "first", in: "outer") == 8)
        #expect(types.size(of: "missing") == nil)
        #expect(types.size(of: "missing", in: "outer") == nil)
    }

    @Test func theFirstOfTwoStructuresOfOneNameCounts() throws {
        var types = BTFBuilder()
        _ = types.structure("same", 8, [])
        _ = types.structure("same", 16, [])
        #expect(try BTF(types.data).size(of: "same") == 8)
    }

    @Test func typesThatReferToThemselvesEndTheSearch() throws {
        var types = BTFBuilder()
        // A name of itself, an array of itself, and a structure that has itself as a nameless member, many times.
        let alias = types.add(8, "alias", 1)
        let array = types.array(of: 2, 1)
        let own = types.count + 1
        _ = types.structure(
            "own",
            8,
            [.init(name: "alias", type: alias, bits: 0), .init(name: "array", type: array, bits: 0)]
                + Array(repeating: .init(name: "", type: own, bits: 0), count: 1000)
        )
        let all = try BTF(types.data)
        #expect(all.member("alias", of: "own")?.byteOffset == 0)
        #expect(all.size(of: "alias", in: "own") == nil)
        #expect(all.size(of: "array", in: "own") == nil)
        #expect(all.member("missing", of: "own") == nil)
    }

    @Test func arraysLargerThanAnyMemoryHaveNoSize() throws {
        var types = BTFBuilder()
        var type = types.integer("long", 8)
        for _ in 0..<5 { type = types.array(of: type, .max) }
        _ = types.structure("large", 8, [.init(name: "all", type: type, bits: 0)])
        #expect(try BTF(types.data).size(of: "all", in: "large") == nil)
    }

    @Test func damageIsNamedWithItsPlace() throws {
        let whole = sample().data
        func message(_ change: (inout Data) -> Void) -> String {
            var data = whole
            change(&data)
            return #expect(throws: Failure.self) { try BTF(data) }?.message ?? ""
        }
        #expect(message { $0[0] = 0 }.contains("byte 0"))
        #expect(message { $0[2] = 9 }.contains("version 1"))
        #expect(message { $0.removeLast() }.contains("lie outside"))
        #expect(message { $0[15] = 0x7f }.contains("lie outside"))
        #expect(message { $0[24 + 7] = 30 }.contains("byte 24: the kind 30"))
        #expect(message { $0[12] &-= 4 }.contains("cut"))
        #expect(message { $0 = Data() }.contains("byte 0"))
    }

    @Test func aSectionThatDoesNotBeginAtZeroIsReadAlike() throws {
        let data = (Data([1, 2, 3]) + sample().data).dropFirst(3)
        #expect(try BTF(data).size(of: "outer") == 64)
    }

    @Test func damagedAtRandomItIsRefusedOrAnswers() throws {
        let whole = sample().data
        var random = SeededGenerator(seed: 0xb7f)
        var read = 0
        for _ in 0..<6000 {
            let data = mutated(whole, &random)
            guard let types = try? BTF(data) else { continue }
            read += 1
            for name in ["outer", "inner", "last"] {
                _ = types.size(of: name)
                for member in ["second", "low", "inner.second", "rows", "missing"] {
                    _ = types.member(member, of: name)?.byteOffset
                    _ = types.size(of: member, in: name)
                }
            }
        }
        #expect(read > 100 && read < 5900, "\(read)")
    }
}

/// Bytes with one to four changes.
func mutated(_ original: Data, _ random: inout SeededGenerator) -> Data {
    var bytes = Array(original)
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1, 2: bytes[place] = [0, 1, 4, 5, 10, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
        case 3: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 4: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xff }
        case 5: bytes.removeSubrange(place..<min(bytes.count, place + 4))
        default: if Int.random(in: 0..<4, using: &random) == 0 { bytes.removeSubrange(place...) }
        }
    }
    return Data(bytes)
}
