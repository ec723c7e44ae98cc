import HostSupport
import RunRecords
import Testing

@Suite("What came of a bundle")
struct BundleRecordTests {
    private func bundle(_ status: Int32?, _ output: [String]) -> RunRecord.Bundle {
        var bundle = RunRecord.Bundle(
            folder: "/b",
            digest: "00",
            settings: [:],
            added: [:],
            scripts: ["10_a.sh", "20_b.sh"]
        )
        bundle.note(RunRecord.Bootstrap(status: status, output: output))
        return bundle
    }

    @Test("is read from the lines of bootstrap.sh, whatever else the guest says")
    func statuses() {
        let said = [
            "noise", "no end of linebootstrap.sh: 10_a.sh: status 0", "bootstrap.sh: 99_x.sh: status 1",
            "bootstrap.sh: 20_b.sh: status 4", "bootstrap.sh: 20_b.sh: status 0",
            "x bootstrap.sh: 10_a.sh: status 3",
        ]
        let bundle = bundle(4, said)
        #expect(bundle.scripts.map(\.status) == [0, 4])
        #expect(bundle.output == said)
        #expect(bundle.problem == "its script 20_b.sh ended with status 4")
    }

    @Test("names what failed, or what was running when the time was over")
    func problems() {
        #expect(bundle(0, []).problem == nil)
        #expect(bundle(nil, []).problem == "its script 10_a.sh did not end in time")
        let first = ["bootstrap.sh: 10_a.sh: status 0"]
        #expect(bundle(nil, first).problem == "its script 20_b.sh did not end in time")
        let both = first + ["bootstrap.sh: 20_b.sh: status 0"]
        #expect(bundle(nil, both).problem == "its bootstrap.sh did not end in time")
        #expect(bundle(2, both).problem == "its bootstrap.sh ended with status 2")
        #expect(bundle(2, []).problem == "its bootstrap.sh ended with status 2")
        #expect(bundle(2, ["bootstrap.sh: 10_a.sh: status many"]).scripts.map(\.status) == [nil, nil])
    }
}
