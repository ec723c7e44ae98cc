import Foundation

/// The types of a made-up kernel.
struct BTFBuilder {
    /// A member: its name, its type's number, its place in bits, and its width where it is a bit field.
    struct Member {
        var name: String
        var type: UInt32
        var bits: UInt32
        var width: UInt32 = 0
    }

    var types = LittleEndianBytes()
    private var strings = LittleEndianBytes()
    private var places: [String: UInt32] = [:]
    private(set) var count: UInt32 = 0

    init() { strings.add(text: "") }

    mutating func name(_ text: String) -> UInt32 {
        if text.isEmpty { return 0 }
        if let place = places[text] { return place }
        let place = UInt32(strings.count)
        strings.add(text: text)
        places[text] = place
        return place
    }

    @discardableResult
    mutating func add(
        _ kind: UInt32,
        _ name: String = "",
        _ sizeOrType: UInt32,
        members: UInt32 = 0,
        flag: Bool = false
    ) -> UInt32 {
        types.add(self.name(name))
        types.add(kind << 24 | members | (flag ? 1 << 31 : 0))
        types.add(sizeOrType)
        count += 1
        return count
    }

    mutating func integer(_ name: String, _ size: UInt32) -> UInt32 {
        let number = add(1, name, size)
        types.add(size * 8)
        return number
    }

    mutating func pointer(to type: UInt32) -> UInt32 { add(2, "", type) }

    mutating func array(of element: UInt32, _ elements: UInt32) -> UInt32 {
        let number = add(3, "", 0)
        for word in [element, element, elements] { types.add(word) }
        return number
    }

    mutating func structure(
        _ name: String,
        _ size: UInt32,
        _ members: [Member],
        isUnion: Bool = false,
        hasWidths: Bool = false
    ) -> UInt32 {
        let number = add(
            isUnion ? 5 : 4,
            name,
            size,
            members: UInt32(members.count),
            flag: hasWidths
        )
        for member in members {
            types.add(self.name(member.name))
            types.add(member.type)
            types.add(hasWidths ? member.width << 24 | member.bits : member.bits)
        }
        return number
    }

    /// The section `.BTF`.
    var data: Data {
        var out = LittleEndianBytes()
        out.add(UInt16(0xeb9f))
        out.add(UInt8(1))
        out.add(UInt8(0))
        out.add(UInt32(24))
        for word in [0, types.count, types.count, strings.count] { out.add(UInt32(word)) }
        out.add(types.data)
        out.add(strings.data)
        return out.data
    }
}
