public import Traces

extension SnapshotParts {
    /// The parts that a survey of a snapshot has found; their sizes have the size of the file as their sum.
    public init(_ survey: SnapshotSurvey) {
        let blocks = survey.blocks.filter { $0.storedPages + $0.filledPages > 0 }.map { block in
            Part(
                name: block.block.name,
                bytes: UInt64(clamping: block.contentBytes),
                what:
                    "memory: \(block.storedPages) pages with all of their bytes, \(block.filledPages) of one byte all over"
                    + (block.repeatedPages == 0
                        ? "" : "; \(block.repeatedPages) of these came more than once")
            )
        }
        let devices = survey.devices.map { section in
            Part(
                name: section.device.name
                    + (section.device.instance == 0 ? "" : ", number \(section.device.instance)"),
                bytes: UInt64(clamping: section.range.count),
                what: "state of a device"
            )
        }
        let contents = saturatingSum(blocks.lazy.map(\.bytes))
        let memory = UInt64(clamping: survey.memory.count)
        let places = Part(
            name: "places of pages",
            bytes: memory - min(memory, contents),
            what: "where in the memory each page belongs"
        )
        let known = saturatingSum([max(memory, contents)] + devices.map(\.bytes))
        let size = UInt64(clamping: survey.head.byteCount)
        let rest = Part(
            name: "head and description",
            bytes: size - min(size, known),
            what: "the list of blocks, and a description of the devices' states"
        )
        self.init(
            parts: blocks + [places] + devices + [rest],
            note: survey.devices.isEmpty ? "The states of devices cannot be told apart in it." : nil
        )
    }
}
