import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Datasets

@Suite("Volumes") struct VolumePlanTests {
    @Test("each has all that its traces need, keeps the limits, and has each trace once", arguments: 0..<60)
    func split(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let index = SampleIndex.make(traces: Int.random(in: 1...25, using: &random), random: &random)
        let limits = VolumePlan.Limits(
            bytes: 40 << 20,
            files: Bool.random(using: &random) ? Int.random(in: 30...60, using: &random) : nil
        )
        let volumes = try VolumePlan.split(index, limits: limits)
        #expect(volumes.flatMap(\.traces) == index.traces)
        #expect(volumes.map { $0.volume?.number } == Array(1...volumes.count))
        for volume in volumes {
            #expect(IndexCheck.problems(volume).isEmpty)
            let files = volume.packedFiles
            #expect(files.reduce(0) { $0 + $1.bytes } < 40 << 20)
            if let most = limits.files { #expect(files.count + VolumePlan.standardFiles <= most) }
        }
        // What is added changes no volume but the last, and those behind it.
        let more = SampleIndex.make(traces: index.traces.count + 5, random: &random)
        var grown = index
        grown.traces += more.traces.suffix(5)
        let again = try VolumePlan.split(
            grown,
            limits: limits,
            earlier: volumes.map { $0.traces.map(\.name) }
        )
        for (old, new) in zip(volumes.dropLast(), again) { #expect(old.traces == new.traces) }
    }

    @Test("a trace that is too large for any is refused, and nothing is split without limits")
    func limits() throws {
        var random = SeededGenerator(seed: 1)
        let index = SampleIndex.make(traces: 3, random: &random)
        let error = try #require(throws: Failure.self) {
            try VolumePlan.split(index, limits: .init(bytes: 2 << 20))
        }
        #expect(error.code == .usage && error.message.contains(index.traces[0].name))
        let whole = try VolumePlan.split(index, limits: .init())
        #expect(whole.count == 1 && whole[0].volume == nil)
    }
}

/// Indexes that keep the rules, of files that are not there.
enum SampleIndex {
    static func file(_ path: String, _ bytes: UInt64, _ restored: String?, against: String? = nil)
        -> DatasetFile
    {
        let digest = RunningDigest.text(of: Data(path.utf8), .sha256)
        return DatasetFile(
            path: path,
            bytes: bytes,
            sha256: digest,
            mediaType: "application/zstd",
            restored: restored.map {
                .init(name: $0, bytes: bytes * 3, sha256: String(digest.reversed()), reference: against)
            }
        )
    }

    static func make(traces count: Int, random: inout SeededGenerator) -> DatasetIndex {
        let disk = file("qcow/base-0123.qcow2.zst", 5 << 20, "disks/i-0123/base.qcow2")
        var whole: [String] = []
        let traces = (0..<count).map { number in
            let name = "run-\(number / 10)\(number % 10)-s"
            let path = "rr/\(name)/s-rr-snp.zst"
            let reference = Bool.random(using: &random) ? whole.randomElement(using: &random) : nil
            if reference == nil { whole.append(path) }
            let hasDisk = Bool.random(using: &random)
            return DatasetTrace(
                name: name,
                run: "run-\(number / 10)\(number % 10)",
                recording: "s",
                isVerified: true,
                image: "i",
                imageDigest: "d",
                architecture: "i386",
                memory: 64 << 20,
                trigger: "command",
                tags: [],
                peers: [],
                snapshot: file(
                    path,
                    UInt64.random(in: 1...9 << 20, using: &random),
                    "s-rr-snp",
                    against: reference
                ),
                log: file("rr/\(name)/s-rr-nondet.log.zst", 1000, "s-rr-nondet.log"),
                record: file("metadata/\(name).json", 900, nil),
                disk: hasDisk ? file("qcow/run-\(number).qcow2.zst", 2000, "disk.qcow2") : nil,
                baseDisks: hasDisk ? [disk.path] : nil
            )
        }
        return DatasetIndex(
            name: "sample",
            version: "1",
            created: Date(timeIntervalSince1970: 0),
            format: .store,
            traces: traces,
            disks: traces.contains { $0.disk != nil } ? [disk] : []
        )
    }
}
