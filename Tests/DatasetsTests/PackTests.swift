import Catalogue
import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Datasets

@Suite("Packing and unpacking", .serialized) struct PackTests {
    @discardableResult
    private func pack(
        _ collection: HostPath,
        into target: HostPath,
        runs: [String] = [],
        states: Set<CataloguedRun.State> = [],
        privacy: PrivacyGate? = nil,
        _ change: (inout DatasetPacker.Settings) -> Void = { _ in }
    ) async throws -> PackingResult {
        var settings = DatasetPacker.Settings(
            target: target,
            description: .minimal(name: "sample"),
            version: "1",
            time: Date(timeIntervalSince1970: 1_000_000)
        )
        change(&settings)
        var query = RunQuery()
        query.states = states
        let catalogue = try Catalogue.looking(at: collection, console: Console(.quiet))
        return try await DatasetPacker(settings: settings, privacy: privacy, console: Console(.quiet))
            .pack(try TraceSelection(of: catalogue, query: query, runs: runs))
    }

    private func unpack(_ dataset: HostPath, _ names: [String] = [], into target: HostPath) async throws
        -> DatasetUnpacker.Result
    {
        let arrived = try ArrivedDataset(dataset, console: Console(.quiet))
        defer { arrived.close() }
        return try await DatasetUnpacker(console: Console(.quiet)).unpack(arrived, names, into: target)
    }

    private func problems(_ dataset: HostPath) async throws -> [DatasetVerifier.Problem] {
        let arrived = try ArrivedDataset(dataset, console: Console(.quiet))
        defer { arrived.close() }
        return try await DatasetVerifier(settings: .init(), planner: nil, console: Console(.quiet))
            .verify(arrived).problems
    }

    /// The digests of all files below a folder.
    private func contents(_ folder: HostPath) throws -> [String: String] {
        try FolderContents.files(in: folder).reduce(into: [:]) {
            $0[$1] = RunningDigest.text(of: try FileSystem.read(folder / $1), .sha256)
        }
    }

    private func requireSame(_ unpacked: HostPath, _ original: HostPath, _ runs: [String]) throws {
        for run in runs {
            let (new, old) = (RunFolder(unpacked / "runs" / run), RunFolder(original / "runs" / run))
            #expect(try contents(new.recordings) == contents(old.recordings))
            for name in ["net.pcap", "kernelinfo.conf"] {
                #expect(try FileSystem.read(new.path / name) == FileSystem.read(old.path / name))
            }
            let (record, former) = (try RunRecord.read(from: new), try RunRecord.read(from: old))
            #expect(record.recordings == former.recordings && record.state == former.state)
            #expect(record.machine == former.machine)
        }
    }

    @Test(
        "what was packed in any form has nothing wrong, and comes out as it went in",
        arguments: DatasetIndex.Format.allCases
    )
    func roundTrip(format: DatasetIndex.Format) async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            // Only what is a recording becomes an archive.
            let bytes = format == .store ? 300_000 : 0
            try SyntheticCollection.addRun("a", to: traces, recordings: ["s_000", "s_001"], bytes: bytes)
            try SyntheticCollection.addRun("b", to: traces, bytes: bytes)
            let result = try await pack(traces, into: folder / "d") { settings in
                settings.format = format
                settings.makesArchives = true
            }
            #expect(result.traces == 3 && result.added == 3 && result.skipped.isEmpty)
            for place in [folder / "d", folder / "d.tar"] { #expect(try await problems(place).isEmpty) }
            for (number, place) in [folder / "d", folder / "d.tar"].enumerated() {
                let unpacked = try await unpack(place, into: folder / "u\(number)")
                #expect(unpacked.runs == ["a", "b"] && unpacked.traces.count == 3)
                try requireSame(folder / "u\(number)", traces, ["a", "b"])
            }
            let index = try DatasetIndex.read(from: DatasetFolder(folder / "d"))
            if format == .store {
                #expect(index.traces.count { $0.snapshot.restored?.reference != nil } == 2)
                #expect(
                    index.traces.filter { $0.snapshot.restored?.reference != nil }.allSatisfy {
                        $0.snapshot.bytes < 20_000
                    }
                )
            }
            #expect(!FileSystem.exists(DatasetFolder(folder / "d").work))
            // One recording now, and the other of the same run later.
            _ = try await unpack(folder / "d", ["a-s_001"], into: folder / "parts")
            _ = try await unpack(folder / "d", ["a-s_000"], into: folder / "parts")
            try requireSame(folder / "parts", traces, ["a"])
            #expect(try await unpack(folder / "d", ["a"], into: folder / "parts").kept.count == 2)
        }
    }

    @Test("adding a trace leaves the files of the others alone, and packing once more changes nothing")
    func adding() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            for run in ["a", "b"] { try SyntheticCollection.addRun(run, to: traces) }
            try await pack(traces, into: folder / "d")
            let before = try contents(folder / "d")
            let stamps = try FolderContents.files(in: folder / "d/data/rr").map {
                try #require(FileKind(folder / "d/data/rr" / $0))
            }
            try await pack(traces, into: folder / "d")
            #expect(try contents(folder / "d") == before)
            try SyntheticCollection.addRun("c", to: traces)
            // The run that others were packed against is gone by then.
            try FileSystem.remove(traces / "runs/a")
            let result = try await pack(traces, into: folder / "d")
            #expect(result.added == 1 && result.traces == 3)
            let after = try contents(folder / "d")
            for (name, digest) in before where name.hasPrefix("data/") && !DatasetMetadata.all.contains(name)
            {
                #expect(after[name] == digest, "\(name)")
            }
            let others = FolderContents.files(in: folder / "d/data/rr").filter { !$0.hasPrefix("c-") }
            #expect(others.compactMap { FileKind(folder / "d/data/rr" / $0) } == stamps)
            #expect(try await problems(folder / "d").isEmpty)
            let index = try DatasetIndex.read(from: DatasetFolder(folder / "d"))
            #expect(index.traces.last?.snapshot.restored?.reference == index.traces.first?.snapshot.path)
            #expect(index.traces.last?.log?.restored?.reference == index.traces.first?.log?.path)
            _ = try await unpack(folder / "d", ["c"], into: folder / "u")
            try requireSame(folder / "u", traces, ["c"])
        }
    }

    @Test("volumes can be used without the others, and traces are added to the last")
    func volumes() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            for run in ["a", "b", "c"] { try SyntheticCollection.addRun(run, to: traces) }
            let limits = VolumePlan.Limits(files: VolumePlan.standardFiles + 12)
            let result = try await pack(traces, into: folder / "d") { $0.limits = limits }
            #expect(result.volumes.map(\.folder.name) == ["sample-1-of-2", "sample-2-of-2"])
            #expect(try await problems(folder / "d").isEmpty)
            try SyntheticCollection.addRun("d", to: traces)
            try SyntheticCollection.addRun("e", to: traces)
            let grown = try await pack(traces, into: folder / "d") { $0.limits = limits }
            #expect(grown.volumes.count == 3 && grown.added == 2)
            #expect(FileSystem.list(folder / "d") == (1...3).map { "sample-\($0)-of-3" })
            #expect(grown.volumes.allSatisfy { $0.files <= VolumePlan.standardFiles + 12 })
            #expect(try await problems(folder / "d").isEmpty)
            // The last alone, in which nothing is whole but what the others lie in, too.
            try FileSystem.rename(folder / "d/sample-3-of-3", to: folder / "alone")
            #expect(try await problems(folder / "alone").isEmpty)
            #expect(try await problems(folder / "d").map(\.check) == [.index])
            let unpacked = try await unpack(folder / "alone", into: folder / "u")
            try requireSame(folder / "u", traces, unpacked.runs)
        }
    }

    @Test("a source that was changed is refused by its name, and the others are kept")
    func changed() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            for run in ["a", "b"] { try SyntheticCollection.addRun(run, to: traces) }
            let log = traces / "runs/b/rr/session_000-rr-nondet.log"
            var data = try FileSystem.read(log)
            data[data.count - 1] ^= 1
            try FileSystem.write(data, to: log)
            let error = await #expect(throws: Failure.self) { try await pack(traces, into: folder / "d") }
            #expect(error?.code == .badData && error?.message.contains(log.string) == true)
            #expect(!FileSystem.exists(folder / "d"))
            data[data.count - 1] ^= 1
            try FileSystem.write(data, to: log)
            let result = try await pack(traces, into: folder / "d")
            #expect(result.filesMade == 1)
            #expect(try await problems(folder / "d").isEmpty)
        }
    }

    @Test("runs that are not asked for, and recordings that are not whole, are left out with a reason")
    func choosing() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            try SyntheticCollection.addRun("a", to: traces, recordings: ["x", "y"]) {
                $0.recordings[1].structure = .notEnded
            }
            try SyntheticCollection.addRun("b", to: traces) { try? $0.become(.diverged, because: "it does") }
            let result = try await pack(traces, into: folder / "d", runs: ["a", "b"])
            #expect(result.traces == 1)
            #expect(Set(result.skipped.map { "\($0.run) \($0.recording ?? "")" }) == ["a y", "b "])
            #expect(result.skipped.contains { $0.reason == "it is diverged" })
            let more = try await pack(traces, into: folder / "e", states: [.verified, .diverged])
            #expect(more.traces == 2)
            await #expect(throws: Failure.self) { try await pack(traces, into: folder / "f", runs: ["none"]) }
            let foreign = folder / "foreign"
            try FileSystem.createDirectory(foreign)
            try FileSystem.write("mine", to: foreign / "notes.txt")
            await #expect(throws: Failure.self) { try await pack(traces, into: foreign) }
            #expect(FileSystem.list(foreign) == ["notes.txt"])
        }
    }

    @Test("all that is wrong is told, and what is wrong is not unpacked", arguments: 0..<12)
    func damage(seed: Int) async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            for run in ["a", "b"] { try SyntheticCollection.addRun(run, to: traces, bytes: 30_000) }
            let dataset = folder / "d"
            try await pack(traces, into: dataset)
            var random = SeededGenerator(seed: UInt64(seed))
            let files = FolderContents.files(in: dataset)
            let name = try #require(files.randomElement(using: &random))
            switch seed % 4 {
            case 0:
                var data = try FileSystem.read(dataset / name)
                data[Int.random(in: 0..<data.count, using: &random)] ^= 0x10
                try FileSystem.write(data, to: dataset / name)
            case 1: try FileSystem.remove(dataset / name)
            case 2:
                try FileSystem.remove(dataset / name)
                try FileManager.default.createSymbolicLink(
                    atPath: (dataset / name).string,
                    withDestinationPath: "/etc/passwd"
                )
            default: try FileSystem.write("more", to: dataset / "data/rr/more")
            }
            let found = try await problems(dataset)
            #expect(!found.isEmpty, "\(name)")
            do {
                _ = try await unpack(dataset, into: folder / "u")
            } catch let failure as Failure {
                #expect([.badData, .notFound].contains(failure.code))
            }
            for run in FileSystem.list(folder / "u/runs") where !run.hasPrefix(".") {
                try requireSame(folder / "u", traces, [run])
            }
        }
    }

    @Test("what is in a collection already is not written over, whatever a dataset says")
    func present() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            try SyntheticCollection.addRun("a", to: traces, recordings: ["s_000", "s_001"])
            try await pack(traces, into: folder / "d")
            _ = try await unpack(folder / "d", ["a-s_000"], into: folder / "u")
            let run = RunFolder(folder / "u/runs/a")
            try FileSystem.write("mine", to: run.packets)
            let error = await #expect(throws: Failure.self) {
                try await unpack(folder / "d", ["a-s_001"], into: folder / "u")
            }
            #expect(error?.code == .cannotCreate && error?.message.contains("net.pcap") == true)
            #expect(try FileSystem.readText(run.packets) == "mine")
            #expect(FileSystem.list(run.recordings).count == 2)
        }
    }

    @Test("what an unpacking that was given up has left does not become a part of another run")
    func leftovers() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            try SyntheticCollection.addRun("a", to: traces)
            try await pack(traces, into: folder / "d")
            let left = RunFolder(folder / "u/runs/.unpacking-a")
            try FileSystem.createDirectory(left.recordings)
            try FileSystem.write("other", to: left.disk)
            try FileSystem.write("other", to: left.packets)
            try FileSystem.write("[]", to: left.peers)
            _ = try await unpack(folder / "d", into: folder / "u")
            try requireSame(folder / "u", traces, ["a"])
            let run = RunFolder(folder / "u/runs/a")
            #expect(!FileSystem.exists(run.disk))
            #expect(try RunPeers.read(from: run)?.peers.isEmpty == true)
        }
    }

    @Test("a file that changed after a packing was stopped is taken as it is now")
    func stopped() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            try SyntheticCollection.addRun("a", to: traces)
            try await pack(traces, into: folder / "d")
            try SyntheticCollection.addRun("b", to: traces)
            // Nothing of the kind may be in a bag: it is stopped when the files are in their places.
            let obstacle = folder / "d/obstacle"
            try FileManager.default.createSymbolicLink(
                atPath: obstacle.string,
                withDestinationPath: "elsewhere"
            )
            await #expect(throws: (any Error).self) { try await pack(traces, into: folder / "d") }
            #expect(FileSystem.exists(folder / "d/data/pcap/b.pcap"))
            let packets = RunFolder(traces / "runs/b").packets
            var bytes = try FileSystem.read(packets)
            bytes[bytes.count - 1] ^= 1
            try FileSystem.write(bytes, to: packets)
            try FileSystem.remove(obstacle)
            try await pack(traces, into: folder / "d")
            #expect(try await problems(folder / "d").isEmpty)
            #expect(try FileSystem.read(folder / "d/data/pcap/b.pcap") == bytes)
        }
    }

    @Test("where snapshots are too large together, their logs are whole, too, now and when traces are added")
    func large() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            for run in ["a", "b", "c"] {
                try SyntheticCollection.addRun(run, to: traces)
                try await pack(traces, into: folder / "d") { $0.mostTogether = 400_000 }
                let index = try DatasetIndex.read(from: DatasetFolder(folder / "d"))
                #expect(index.traces.flatMap(\.files).allSatisfy { $0.restored?.reference == nil })
            }
            // A dataset whose logs are not, as earlier versions made them, is none that others are packed against.
            try SyntheticCollection.addRun("d", to: traces)
            try await pack(traces, into: folder / "d")
            #expect(try await problems(folder / "d").isEmpty)
        }
    }

    @Test("labels, tags and peers are published as the record is, and looked at before")
    func words() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            try SyntheticCollection.addRun("a", to: traces) {
                $0.label = "from 203.0.113.77, see /home/lovelace/notes.txt"
                $0.tags = ["peer-203.0.113.77"]
            }
            let run = RunFolder(traces / "runs/a")
            try FileSystem.remove(run.packets)
            var peer = Peer(
                address: "203.0.113.77",
                port: 1,
                guestPort: 22,
                transport: "tcp",
                isFromGuest: false,
                first: Date(timeIntervalSince1970: 0)
            )
            peer.users = ["Zugspitze"]
            try RunPeers(peers: [peer]).write(to: run)
            func gate(_ canaries: [String]) throws -> PrivacyGate {
                PrivacyGate(
                    try PrivacySettings(identity: HostIdentity(), canaries: canaries),
                    map: try AddressMap(keyFile: folder / "key"),
                    report: folder / "report.json",
                    jobs: 1,
                    console: Console(.quiet)
                )
            }
            let error = await #expect(throws: Failure.self) {
                try await pack(traces, into: folder / "d", privacy: gate(["Zugspitze"]))
            }
            #expect(error?.code == .notPermitted && error?.message.contains("a/peers.json") == true)
            try await pack(traces, into: folder / "d", privacy: gate([]))
            for name in ["dataset.json", "traces.csv"] {
                let text = try FileSystem.readText(folder / "d/data/metadata" / name)
                #expect(text.contains("notes.txt"), "\(name)")
                #expect(!text.contains("203.0.113.77") && !text.contains("lovelace"), "\(name)")
            }
        }
    }

    @Test("a record's sizes, and a folder that is a link, are not believed")
    func disbelieved() async throws {
        try await withScratch { folder in
            let traces = folder / "traces"
            try SyntheticCollection.addRun("a", to: traces, bytes: 0)
            try await pack(traces, into: folder / "d") { $0.format = .rr2 }
            let dataset = DatasetFolder(folder / "d")
            var index = try DatasetIndex.read(from: dataset)
            let path = dataset.data / index.traces[0].record.path
            var record = try JSONText.decode(
                RunRecord.self,
                from: try FileSystem.read(path),
                source: path.string
            )
            let log = try #require(record.recordings[0].log)
            record.recordings[0].log = .init(name: log.name, bytes: .max, sha256: log.sha256)
            let data = try JSONText.encode(record)
            try FileSystem.write(data, to: path)
            index.traces[0].record.sha256 = RunningDigest.text(of: data, .sha256)
            index.traces[0].record.bytes = UInt64(data.count)
            try FileSystem.write(try JSONText.encode(index), to: dataset.index)
            #expect(try await problems(folder / "d").contains { $0.message.contains("is said to have") })
            await #expect(throws: Failure.self) { try await unpack(folder / "d", into: folder / "u") }

            try await pack(traces, into: folder / "e")
            try FileSystem.rename(folder / "e/data", to: folder / "data")
            try FileManager.default.createSymbolicLink(
                atPath: (folder / "e/data").string,
                withDestinationPath: "../data"
            )
            let error = await #expect(throws: Failure.self) {
                try await unpack(folder / "e", into: folder / "v")
            }
            #expect(error?.code == .badData)
        }
    }

    @Test("a seed chooses the same traces each time")
    func sample() {
        let names = (0..<50).map { "t\($0)" }
        let first = DatasetVerifier.sample(names, 5, seed: 7)
        #expect(first == DatasetVerifier.sample(names.reversed(), 5, seed: 7) && first.count == 5)
        #expect(first != DatasetVerifier.sample(names, 5, seed: 8))
        #expect(DatasetVerifier.sample(names, 99, seed: 1).count == 50)
    }
}

extension DatasetMetadata {
    /// What is made anew when traces are added.
    fileprivate static let all: Set<String> = [indexPath, descriptionPath, table, database]
}
