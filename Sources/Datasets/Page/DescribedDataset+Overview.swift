import Foundation
public import Inspection
import RunRecords

extension DescribedDataset {
    /// What a page says of it.
    ///
    /// - Parameter problems: What is wrong with it, or still missing.
    /// - Returns: Plain values.
    public func overview(problems: [String] = []) -> DatasetOverview {
        DatasetOverview(
            summary: source.title,
            facts: DatasetSummary(self).facts,
            problems: problems,
            traces: index.traces.map { trace in
                let files = [trace.snapshot] + [trace.log].compactMap { $0 }
                return DatasetOverview.Trace(
                    name: trace.name,
                    image: trace.image,
                    started: trace.started,
                    seconds: trace.seconds,
                    instructions: trace.instructions,
                    packed: files.reduce(0) { $0 &+ $1.bytes },
                    restored: files.reduce(0) { $0 &+ ($1.restored?.bytes ?? $1.bytes) },
                    isVerified: trace.isVerified
                )
            },
            parts: parts,
            visitors: visitors
        )
    }

    private var parts: [DatasetOverview.Part] {
        func part(_ name: String, _ files: [DatasetFile?]) -> DatasetOverview.Part {
            let known = Array(Dictionary(files.compactMap { $0 }.map { ($0.path, $0) }) { $1 }.values)
            return DatasetOverview.Part(
                name: name,
                files: known.count,
                packed: known.reduce(0) { $0 &+ $1.bytes },
                restored: known.reduce(0) { $0 &+ ($1.restored?.bytes ?? $1.bytes) }
            )
        }
        let all = index.traces
        return [
            part(
                index.format == .store ? "snapshots" : "recordings",
                all.map(\.snapshot) + (index.references ?? [])
            ),
            part("logs", all.map(\.log)), part("guests' disks", all.map(\.disk)),
            part("base disks", index.disks), part("packets", all.map(\.packets)),
            part("records", all.map(\.record)), part("kernel profiles", all.map(\.kernelInformation)),
        ]
    }

    private var visitors: [DatasetOverview.Visitor] {
        let all = index.traces.flatMap { trace in trace.peers.map { (trace: trace.name, peer: $0) } }
        return Dictionary(grouping: all) { $0.peer.address }.map { address, found in
            DatasetOverview.Visitor(
                address: address,
                connections: found.count,
                traces: Set(found.map(\.trace)).count,
                received: found.reduce(0) { $0 &+ $1.peer.received },
                sent: found.reduce(0) { $0 &+ $1.peer.sent },
                first: found.map(\.peer.first).min() ?? .distantPast,
                last: found.map(\.peer.last).max() ?? .distantPast
            )
        }
    }
}
