extension TraceCheck {
    /// Looks at a snapshot from end to end: its head, every page of every block of memory, the devices and the end.
    ///
    /// Each page's head is read and the page itself is passed over.
    ///
    /// - Parameter path: The snapshot; a symbolic link is refused.
    /// - Returns: What was found, and the processor where the snapshot tells it.
    public static func snapshot(_ path: String) -> (check: TraceCheck, processor: SnapshotProcessor?) {
        do throws(TraceFormatError) {
            let head = try SnapshotHead(path: path)
            return snapshot(head, try ByteStorage(mapping: RegularFile(path: path)))
        } catch {
            return (unreadableSnapshot(error), nil)
        }
    }

    /// Looks at a snapshot that is in memory.
    ///
    /// - Parameter bytes: The snapshot.
    /// - Returns: What was found, and the processor where the snapshot tells it.
    public static func snapshot(bytes: [UInt8]) -> (check: TraceCheck, processor: SnapshotProcessor?) {
        do throws(TraceFormatError) {
            return snapshot(try SnapshotHead(bytes: bytes), ByteStorage(copying: bytes))
        } catch {
            return (unreadableSnapshot(error), nil)
        }
    }

    private static func unreadableSnapshot(_ error: TraceFormatError) -> TraceCheck {
        var check = TraceCheck()
        check.add("snapshot: machine", "", [TraceFinding(error, in: .snapshot)])
        for name in ["snapshot: memory", "snapshot: devices", "snapshot: end"] {
            check.skip(name, because: "the head cannot be read")
        }
        return check
    }

    private static func snapshot(
        _ head: SnapshotHead,
        _ storage: ByteStorage
    ) -> (check: TraceCheck, processor: SnapshotProcessor?) {
        var check = TraceCheck()
        check.add(
            "snapshot: machine",
            "\(head.machine ?? "a machine of the oldest types"), \(head.ramBlocks.count) blocks of memory",
            []
        )
        let processor = storage.withView { view -> SnapshotProcessor? in
            guard let memoryEnd = memory(head, view, &check) else {
                check.skip("snapshot: devices", because: "what precedes them is damaged")
                ending(of: head, &check)
                return nil
            }
            guard head.hasSectionFooters else {
                check.skip(
                    "snapshot: devices",
                    because: "those of the oldest machine types cannot be told apart"
                )
                ending(of: head, &check)
                return nil
            }
            let chain = DeviceChain(view, from: memoryEnd)
            check.add("snapshot: devices", "\(chain.devices.count) devices", chain.finding.map { [$0] } ?? [])
            guard let ending = chain.ending else {
                self.ending(of: head, &check)
                return nil
            }
            check.add("snapshot: end", "at byte \(ending.offset)", findings(of: ending, view.count))
            guard ending.end <= view.count else { return nil }
            return SnapshotProcessor.find(in: Array(view.slice(ending.offset..<ending.end)), head)
        }
        return (check, processor)
    }

    /// - Returns: Where memory ends; nothing where it cannot be read.
    private static func memory(_ head: SnapshotHead, _ view: ByteView, _ check: inout TraceCheck) -> Int? {
        if let bits = head.targetPageBits, bits != 12 {
            check.skip("snapshot: memory", because: "its pages have 2^\(bits) bytes")
            return nil
        }
        do throws(TraceFormatError) {
            var census = try PageCensus(of: head, in: view)
            let end = try PageIndex(head).read(view, into: &census)
            check.add("snapshot: memory", "\(census.pages) pages", census.findings)
            return end
        } catch {
            check.add("snapshot: memory", "", [TraceFinding(error, in: .snapshot)])
            return nil
        }
    }

    private static func findings(of ending: DeviceChain.Ending, _ byteCount: Int) -> [TraceFinding] {
        if ending.end > byteCount {
            return [
                TraceFinding(
                    .snapshotCut,
                    .error,
                    in: .snapshot,
                    at: ending.offset,
                    "expected the description of the state up to byte \(ending.end): the file ends at \(byteCount)"
                )
            ]
        }
        guard ending.end < byteCount else { return [] }
        return [
            TraceFinding(
                .bytesAfterEnd,
                .warning,
                in: .snapshot,
                at: ending.end,
                "expected the file to end: \(byteCount - ending.end) bytes follow, perhaps of a longer snapshot that "
                    + "was there before; engines pass over them"
            )
        ]
    }

    /// The end as the last bytes of the file tell it, where nothing is known of what precedes it.
    private static func ending(of head: SnapshotHead, _ check: inout TraceCheck) {
        let finding = TraceFinding(
            .snapshotCut,
            .error,
            in: .snapshot,
            at: head.byteCount,
            "the snapshot is cut: its end is missing"
        )
        check.add("snapshot: end", "an end", head.isCut ? [finding] : [])
    }
}
