import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Catalogue

/// Writes a run's folder into a collection, as far as the catalogue looks at it.
@discardableResult
func makeRun(
    _ id: String,
    in collection: HostPath,
    state: RunState = .verified,
    change: (inout RunRecord) -> Void = { _ in }
) throws -> (record: RunRecord, folder: RunFolder) {
    var record = try plannedRecord(id)
    let folder = RunFolder(collection / "runs" / id)
    try FileSystem.createDirectory(folder.recordings)
    let path: [RunState] =
        switch state {
        case .planned: []
        case .failed: [.starting, .failed]
        case .starting: [.starting]
        case .ready: [.starting, .ready]
        case .recording: [.starting, .recording]
        case .recorded: [.starting, .recording, .recorded]
        case .verified: [.starting, .recording, .recorded, .verified]
        case .diverged: [.starting, .recording, .recorded, .diverged]
        }
    for step in path { try record.become(step, because: step == .failed ? "nothing was recorded" : nil) }
    if [.recorded, .verified, .diverged].contains(state) {
        var recording = Recording(name: "session_000", structure: .complete)
        recording.instructions = 1234
        recording.snapshot = .init(name: "session_000-rr-snp", bytes: 10, sha256: "a")
        if state != .recorded {
            recording.verification = Verification(
                verdict: state == .verified ? .replayed : .diverged,
                time: Date(),
                seconds: 1.5,
                instructions: 1234,
                engineVersion: "e",
                engineSHA256: "b",
                problem: nil
            )
        }
        record.recordings = [recording]
    }
    change(&record)
    try record.write(to: folder)
    return (record, folder)
}

/// Gives `body` an empty collection.
func withCollection(_ body: (HostPath) async throws -> Void) async throws {
    try await withScratch { folder in
        try FileSystem.createDirectory(folder / "runs")
        try await body(folder)
    }
}

@Suite("The catalogue")
struct CatalogueTests {
    @Test("what is entered comes back, and entering it again changes nothing but the number")
    func enter() async throws {
        try await withCollection { collection in
            let catalogue = try Catalogue(collection: collection)
            let (record, folder) = try makeRun("a", in: collection) { record in
                record.origin = .init(kind: .fleet, name: "honeypots", number: 2, seed: .max)
                record.ending = "finished"
                record.connections = 3
                record.marks = ["too-many-recordings", "egress-refused"]
            }
            var peer = Peer(
                address: "203.0.113.7",
                port: 4000,
                guestPort: 22,
                transport: "tcp",
                isFromGuest: false,
                first: Date(timeIntervalSince1970: 1_700_000_000.25)
            )
            peer.banner = "SSH-2.0-Go"
            peer.users = ["admin", "root"]
            peer.received = 17
            try RunPeers(peers: [peer]).write(to: folder)
            try catalogue.enter(record, in: folder)
            let first = try #require(try catalogue.run("a"))
            #expect(first.state == .verified && first.image == "tiny" && first.origin == record.origin)
            #expect(
                first.ending == "finished" && first.marks == record.marks && first.connections == 3
                    && first.peers == 1
            )
            #expect(first.recordings == 1 && first.verified == 1 && first.trigger == .command)
            #expect(try #require(first.bytes) > 0)
            #expect(abs(first.planned.timeIntervalSince(try #require(record.times["planned"]))) < 0.002)
            #expect(try catalogue.peers(of: "a") == [peer])
            try catalogue.enter(record, in: folder)
            let second = try #require(try catalogue.run("a"))
            #expect(second.change > first.change)
            #expect(try catalogue.runs().count == 1)
            #expect(try catalogue.peers(of: "a") == [peer])
            #expect(try catalogue.run("b") == nil)
        }
    }

    @Test("of a run that goes on no sizes and no peers are looked for")
    func early() async throws {
        try await withCollection { collection in
            let catalogue = try Catalogue(collection: collection)
            let (record, folder) = try makeRun("a", in: collection, state: .recording)
            try RunPeers().write(to: folder)
            try catalogue.enter(record, in: folder)
            let run = try #require(try catalogue.run("a"))
            #expect(run.bytes == nil && run.peers == nil && run.state == .recording && run.ended == nil)
        }
    }

    @Test("entering a run that goes on is cheap enough for each step of its life")
    func cheap() async throws {
        try await withCollection { collection in
            let catalogue = try Catalogue(collection: collection)
            let (record, folder) = try makeRun("a", in: collection, state: .recording)
            let times = try (0..<300).map { _ in
                try ContinuousClock().measure { try catalogue.enter(record, in: folder) }
            }
            // A millisecond on a host that does nothing else; tests have others beside them, and are not optimised.
            let median = times.sorted()[150]
            #expect(median < .milliseconds(10))
        }
    }

    @Test("changes come in the order of their numbers, each run's last one only, and removals among them")
    func changes() async throws {
        try await withCollection { collection in
            let catalogue = try Catalogue(collection: collection)
            let start = try catalogue.lastChange()
            #expect(start > 1_600_000_000_000)
            let a = try makeRun("a", in: collection, state: .starting)
            let b = try makeRun("b", in: collection, state: .starting)
            try catalogue.enter(a.record, in: a.folder)
            try catalogue.enter(b.record, in: b.folder)
            try catalogue.enter(a.record, in: a.folder)
            let seen = try catalogue.changes(since: start)
            #expect(seen.map(\.id) == ["b", "a"])
            #expect(seen.map(\.number) == [start + 2, start + 3])
            #expect(try catalogue.changes(since: start + 3).isEmpty)
            try catalogue.remove(["b", "nothing"])
            let after = try catalogue.changes(since: start + 3)
            #expect(after.count == 1 && after.first?.id == "b" && after.first?.run == nil)
            try catalogue.enter(b.record, in: b.folder)
            #expect(try catalogue.changes(since: start + 4).map { $0.run?.state } == [.starting])
            #expect(try catalogue.changes(since: start, limit: 1).map(\.id) == ["a"])
        }
    }

    @Test("any question gets what looking at every run would give")
    func queries() async throws {
        try await withCollection { collection in
            let catalogue = try Catalogue(collection: collection)
            let seed = UInt64.random(in: .min ... .max)
            var random = SeededGenerator(seed: seed)
            for number in 0..<60 {
                let state = try #require(RunState.allCases.randomElement(using: &random))
                let (record, folder) = try makeRun("r\(number)", in: collection, state: state) { record in
                    if Bool.random(using: &random) {
                        record.origin = .init(
                            kind: Bool.random(using: &random) ? .fleet : .campaign,
                            name: Bool.random(using: &random) ? "one" : "two",
                            number: Int.random(in: 0...2, using: &random)
                        )
                    }
                }
                if state.isFinal {
                    var peer = Peer(
                        address: "10.0.0.\(Int.random(in: 1...3, using: &random))",
                        port: 1,
                        guestPort: 22,
                        transport: "tcp",
                        isFromGuest: false,
                        first: Date()
                    )
                    if Bool.random(using: &random) { peer.banner = "SSH-2.0-50%_'x" }
                    if Bool.random(using: &random) { peer.users = ["admin"] }
                    try RunPeers(peers: [peer]).write(to: folder)
                }
                try catalogue.enter(record, in: folder)
            }
            let all = try catalogue.runs()
            #expect(all.count == 60)
            let peers = try Dictionary(
                uniqueKeysWithValues: all.map { ($0.id, try catalogue.peers(of: $0.id)) }
            )
            for _ in 0..<300 {
                var query = RunQuery()
                func maybe<Value>(_ value: Value) -> Value? {
                    Int.random(in: 0...3, using: &random) == 0 ? value : nil
                }
                if let state = maybe(CataloguedRun.State.allCases.randomElement(using: &random)) ?? nil {
                    query.states = [state, .failed]
                }
                query.originKind = maybe(.fleet)
                query.originName = maybe("one")
                query.originNumber = maybe(1)
                query.peer = maybe("10.0.0.2")
                query.text = maybe(
                    ["r1", "%", "admin", "_'x", "nothing", "tiny"].randomElement(using: &random) ?? ""
                )
                query.since = maybe(all.randomElement(using: &random)?.planned) ?? nil
                query.until = maybe(all.randomElement(using: &random)?.planned) ?? nil
                query.order = try #require(RunQuery.Order.allCases.randomElement(using: &random))
                query.isDescending = Bool.random(using: &random)
                query.limit = maybe(Int.random(in: 0...20, using: &random))
                query.offset = maybe(Int.random(in: 0...5, using: &random)) ?? 0
                let expected = all.filter { run in
                    let own = peers[run.id] ?? []
                    return (query.states.isEmpty || query.states.contains(run.state))
                        && (query.originKind ?? run.origin?.kind) == run.origin?.kind
                        && (query.originName ?? run.origin?.name) == run.origin?.name
                        && (query.originNumber ?? run.origin?.number) == run.origin?.number
                        && query.peer.map { peer in own.contains { $0.address == peer } } != false
                        && query.since.map { run.planned >= $0 } != false
                        && query.until.map { run.planned < $0 } != false
                        && query.text.map { text in
                            ([run.id, run.image, run.reason] + own.map(\.banner) + own.flatMap(\.users))
                                .contains { $0?.contains(text) == true }
                        } != false
                }
                let found = try catalogue.runs(query)
                var count = max(0, expected.count - query.offset)
                if let limit = query.limit { count = min(count, limit) }
                #expect(found.count == count, "seed \(seed): \(query)")
                #expect(Set(found).isSubset(of: expected), "seed \(seed): \(query)")
                if query.order == .id {
                    let ids = found.map(\.id)
                    #expect(ids == ids.sorted { query.isDescending ? $0 > $1 : $0 < $1 })
                }
            }
        }
    }

    @Test("the sums are those of the runs")
    func totals() async throws {
        try await withCollection { collection in
            let catalogue = try Catalogue(collection: collection)
            for (number, state) in [RunState.verified, .verified, .diverged, .failed, .ready].enumerated() {
                let (record, folder) = try makeRun("r\(number)", in: collection, state: state)
                try catalogue.enter(record, in: folder)
            }
            let totals = try catalogue.totals()
            #expect(totals.states == ["verified": 2, "diverged": 1, "failed": 1, "ready": 1])
            #expect(totals.runs == 5 && totals.recordings == 3 && totals.verified == 2)
            #expect(totals.bytes == (try catalogue.runs().compactMap(\.bytes).reduce(0, +)))
        }
    }
}
