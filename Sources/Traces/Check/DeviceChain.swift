import Glibc

/// Follows the states of devices from one to the next up to the end of a stream.
///
/// A device's state does not say how long it is. It ends with a footer, though, that repeats the section's number, and
/// the next section or the end follows at once (`vmstate_save` and `qemu_savevm_state_complete_precopy` in QEMU's
/// `migration/savevm.c`).
struct DeviceChain {
    private enum Marker {
        static let end: UInt8 = 0x00
        static let full: UInt8 = 0x04
        static let description: UInt8 = 0x06
        static let footer: UInt8 = 0x7e
    }

    /// What is at the end of a stream.
    struct Ending: Hashable {
        /// Where the end marker lies.
        var offset: Int
        /// Where the stream ends, the description included.
        var end: Int
    }

    private(set) var devices: [SnapshotDevices.Device] = []
    /// Where each device's section lies, its footer included.
    private(set) var ranges: [Range<Int>] = []
    private(set) var ending: Ending?
    private(set) var finding: TraceFinding?

    private let view: ByteView

    /// - Parameters:
    ///   - view: The whole stream.
    ///   - start: Where memory ends.
    init(_ view: ByteView, from start: Int) {
        self.view = view
        var (offset, last) = (start, UInt32?.none)
        while ending == nil, finding == nil {
            if let end = end(at: offset) {
                ending = end
            } else if let section = section(at: offset, after: last) {
                guard let next = next(after: section) else {
                    finding = TraceFinding(
                        .deviceNotEnded,
                        .error,
                        in: .snapshot,
                        at: offset,
                        "expected a footer (126) at the end of the state of \(section.device.name): found none that "
                            + "another device or the end follows"
                    )
                    return
                }
                devices.append(section.device)
                ranges.append(offset..<next)
                (offset, last) = (next, section.number)
            } else {
                finding = TraceFinding(
                    TraceFinding.Code(.unexpectedSection),
                    .error,
                    in: .snapshot,
                    at: offset,
                    offset >= view.count
                        ? "expected the state of a device, or the end: the file ends"
                        : "expected the state of a device (4) or the end (0): found \(view.byte(at: offset))"
                )
            }
        }
    }

    private struct Section {
        let number: UInt32
        let device: SnapshotDevices.Device
        let dataOffset: Int
    }

    private func section(at offset: Int, after last: UInt32?) -> Section? {
        guard offset + 18 <= view.count, view.byte(at: offset) == Marker.full,
            let device = SnapshotDevices.device(at: offset + 5, in: view)
        else { return nil }
        let number = view.bigEndian(at: offset + 1, as: UInt32.self)
        // Sections are numbered upwards, from 0 on; memory's number is one of them.
        guard last.map({ number > $0 }) ?? true else { return nil }
        return Section(
            number: number,
            device: device,
            dataOffset: offset + 5 + 1 + device.name.utf8.count + 8
        )
    }

    /// The end of the stream, if its marker lies there.
    private func end(at offset: Int) -> Ending? {
        guard offset < view.count, view.byte(at: offset) == Marker.end else { return nil }
        guard offset + 6 <= view.count, view.byte(at: offset + 1) == Marker.description else {
            return Ending(offset: offset, end: offset + 1)
        }
        let length = Int(view.bigEndian(at: offset + 2, as: UInt32.self))
        return Ending(offset: offset, end: offset + 6 + length)
    }

    /// Where the section's footer ends, if what follows it can.
    ///
    /// Five bytes of a state may look like its footer, and the zero behind them like the end: that is believed only
    /// where nothing better comes.
    private func next(after section: Section) -> Int? {
        var bare: Int?
        var start = section.dataOffset
        let all = view.slice(0..<view.count)
        guard let base = all.baseAddress else { return nil }
        while start + 5 <= view.count,
            let hit = memchr(base + start, Int32(Marker.footer), view.count - start - 4)
        {
            let place = base.distance(to: UnsafeRawPointer(hit))
            start = place + 1
            guard view.bigEndian(at: place + 1, as: UInt32.self) == section.number else { continue }
            let follower = place + 5
            if self.section(at: follower, after: section.number) != nil { return follower }
            guard let ending = end(at: follower) else { continue }
            if ending.end > ending.offset + 1 || ending.end == view.count { return follower }
            bare = bare ?? follower
        }
        return bare
    }
}
