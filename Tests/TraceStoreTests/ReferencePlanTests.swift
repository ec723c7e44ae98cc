import Testing
import Traces

@testable import TraceStore

@Suite("References are chosen so that the total is smallest")
struct ReferencePlanTests {
    private let machine = [RAMBlock(name: "pc.ram", bytes: 1 << 20)]

    private func sketch(_ pages: some Sequence<UInt64>, _ name: String = "pc.ram") -> SnapshotSketch {
        SnapshotSketch(pages: Set(pages), machine: [RAMBlock(name: name, bytes: 1 << 20)])
    }

    @Test("of siblings one is kept whole, the most central one")
    func siblings() {
        let common = [UInt64](0..<100)
        let plan = ReferencePlan([
            sketch(common + [200, 201, 202, 203]),
            sketch(common),
            sketch(common + [300, 301]),
        ])
        #expect(plan.references == [1, nil, 1])
    }

    @Test("what has nothing in common stays whole, and so does another machine's")
    func strangers() {
        #expect(ReferencePlan([sketch(0..<50), sketch(100..<150)]).references == [nil, nil])
        #expect(ReferencePlan([sketch(0..<50), sketch(0..<50, "mem")]).references == [nil, nil])
        #expect(ReferencePlan([]).references.isEmpty)
    }

    @Test("two families have a reference each, and none is packed against a packed one")
    func families() {
        let all =
            (0..<5).map { sketch(Array(0..<100) + [1000 + $0]) }
            + (0..<5).map { sketch(Array(500..<600) + [2000 + $0]) }
        let plan = ReferencePlan(all)
        #expect(plan.references.count(where: { $0 == nil }) == 2)
        for (number, reference) in plan.references.enumerated() {
            guard let reference else { continue }
            #expect(plan.references[reference] == nil)
            #expect(reference / 5 == number / 5)
        }
    }

    @Test("what is there stays as it is, and new ones use it")
    func added() {
        let all = (0..<6).map { sketch(Array(0..<100) + [1000 + $0]) }
        let plan = ReferencePlan(all, kept: [2], packed: [0, 1])
        #expect(plan.references == [nil, nil, nil, 2, 2, 2])
    }

    @Test("any set of sketches: references are whole, of the same machine, and never cost more than none")
    func anySet() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let all = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                sketch(
                    (0..<40).map { _ in UInt64.random(in: 0..<80, using: &generator) },
                    Bool.random() ? "a" : "b"
                )
            }
            let plan = ReferencePlan(all)
            for (number, reference) in plan.references.enumerated() {
                guard let reference else { continue }
                #expect(plan.references[reference] == nil)
                #expect(all[reference].machine == all[number].machine)
                #expect(all[number].pages(besides: all[reference]) < all[number].pages.count)
            }
        }
    }
}
