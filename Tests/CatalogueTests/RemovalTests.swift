import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Catalogue

@Suite("Removing runs")
struct RemovalTests {
    private func run(
        _ number: Int,
        _ state: CataloguedRun.State,
        verified: Int = 0,
        bytes: UInt64 = 100
    ) -> CataloguedRun {
        CataloguedRun(
            id: "r\(number)",
            change: 1,
            state: state,
            reason: nil,
            planned: Date(timeIntervalSince1970: Double(number)),
            started: nil,
            ended: nil,
            image: nil,
            trigger: nil,
            origin: nil,
            ending: nil,
            marks: [],
            tags: [],
            label: nil,
            connections: nil,
            recordings: verified,
            verified: verified,
            bytes: bytes,
            peers: nil
        )
    }

    private func ids(
        _ runs: [CataloguedRun],
        total: UInt64 = 0,
        free: UInt64 = 0,
        _ change: (inout RemovalRequest) -> Void
    ) -> [Int] {
        var request = RemovalRequest()
        change(&request)
        return RemovalPlan(request, of: runs, total: total, free: free).runs.compactMap {
            Int($0.id.dropFirst())
        }
    }

    @Test(
        "without a state failed and diverged runs go; verified, recorded, damaged ones and what goes on stay"
    )
    func defaults() {
        let all =
            CataloguedRun.State.allCases.enumerated().map { run($0, $1) } + [run(99, .failed, verified: 1)]
        let going = RemovalPlan(RemovalRequest(), of: all, total: 0, free: 0)
        #expect(Set(going.runs.map(\.state)) == [.failed, .diverged])
        #expect(going.kept == [.init(id: "r99", reason: "a recording of it is verified")])
        let named = ids(all) { $0.query.states = Set(CataloguedRun.State.allCases) }
        let stays = all.filter(\.state.isGoingOn).compactMap { Int($0.id.dropFirst()) }
        #expect(!stays.isEmpty && Set(named).isDisjoint(with: stays) && named.contains(99))
        #expect(ids(all) { $0.query.states = [.failed, .verified] }.contains(99))
    }

    @Test("by age, by how many stay, and by room: the oldest go, no more than needed")
    func amounts() {
        let all = (0..<10).map { run($0, .failed) }
        #expect(ids(all) { $0.before = Date(timeIntervalSince1970: 3) } == [0, 1, 2])
        #expect(ids(all) { $0.keptNewest = 8 } == [0, 1])
        #expect(ids(all) { $0.keptNewest = 80 } == [])
        #expect(ids(all, total: 1000) { $0.mostBytes = ByteSize(bytes: 750) } == [0, 1, 2])
        #expect(ids(all, total: 1000) { $0.mostBytes = ByteSize(bytes: 1000) } == [])
        #expect(ids(all, free: 50) { $0.freeBytes = ByteSize(bytes: 151) } == [0, 1])
        #expect(ids(all, free: 500) { $0.freeBytes = ByteSize(bytes: 400) } == [])
        #expect(ids(all, free: 0) { $0.freeBytes = ByteSize(bytes: 1 << 62) } == Array(0..<10))
        #expect(
            ids(all, total: 1000, free: 0) {
                $0.mostBytes = ByteSize(bytes: 900)
                $0.freeBytes = ByteSize(bytes: 300)
            } == [0, 1, 2]
        )
    }

    @Test("a removed run is gone from disk and catalogue; one that is held or has changed stays")
    func carryOut() async throws {
        try await withCollection { collection in
            for name in ["a", "b", "c", "d"] { try makeRun(name, in: collection, state: .failed) }
            let catalogue = try Catalogue(collection: collection)
            let plan = try RemovalPlan.make(RemovalRequest(), of: catalogue, free: ByteSize(bytes: 0))
            #expect(plan.runs.count == 4 && plan.bytes.bytes > 0)
            let lock = try FileLock(collection / "runs/b/run.lock")
            try makeRun("c", in: collection, state: .verified)
            let result = try RunRemoval(of: catalogue).carryOut(plan) { _ in }
            withExtendedLifetime(lock) {}
            #expect(result.removed.sorted() == ["a", "d"] && result.freed > 0)
            #expect(
                result.kept.sorted { $0.id < $1.id }.map(\.reason) == [
                    "it is going on", "it has changed meanwhile",
                ]
            )
            #expect(FileSystem.list(collection / "runs") == ["b", "c"])
            #expect(try catalogue.refresh().removed == 0)
            #expect(Set(try catalogue.runs().map(\.id)) == ["b", "c"])
        }
    }

    @Test("what a crash left half removed is known as such, and is no run")
    func leftOver() async throws {
        try await withCollection { collection in
            try makeRun("a", in: collection)
            try FileSystem.rename(collection / "runs/a", to: collection / "runs/.removing-a")
            #expect(RunRemoval.leftOver(in: collection).map(\.name) == [".removing-a"])
            #expect(try Catalogue(collection: collection).runs().isEmpty)
        }
    }
}
