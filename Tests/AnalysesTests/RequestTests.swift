import HostSupport
import RunRecords
import Testing

@testable import Analyses

@Suite("What is to be found out is understood")
struct RequestTests {
    @Test("plugins that others build on are loaded before them")
    func order() throws {
        let request = try AnalysisRequest(
            presets: [],
            plugins: ["tainted_net:file=x.csv", "taint2", "osi_test", "osi_linux", "osi"]
        )
        #expect(
            try request.plugins(hasProfile: true).map(\.name)
                == ["osi", "osi_linux", "taint2", "tainted_net", "osi_test"]
        )
        #expect(request.name == "tainted_net-taint2-osi_test-osi_linux-osi")
    }

    @Test("presets share a plugin that they have in common, and cannot want it in two ways")
    func shared() throws {
        let request = try AnalysisRequest(presets: ["syscalls", "files", "processes"], plugins: [])
        #expect(try request.plugins(hasProfile: true).map(\.name) == ["syscalls_logger", "asidstory"])
        let two = try AnalysisRequest(presets: ["coverage"], plugins: ["coverage:filename=mine.csv"])
        #expect(throws: Failure.self) { try two.plugins(hasProfile: true) }
    }

    @Test("without a kernel profile coverage goes by address spaces")
    func withoutProfile() throws {
        let request = try AnalysisRequest(presets: ["coverage"], plugins: [])
        #expect(
            try request.plugins(hasProfile: false).map(\.description)
                == ["coverage:mode=asid-block,filename=coverage.csv"]
        )
    }

    @Test(
        "what does not go together is refused",
        arguments: [
            (["nonesuch"], [], nil, nil), ([], [], nil, nil), (["strings"], [], nil, nil),
            (["processes"], [], nil, "text"), ([], ["a b"], nil, nil), ([], ["x;trace"], nil, nil),
            (["processes"], [], "../x", nil), (["processes"], [], ".x", nil),
        ] as [([String], [String], String?, String?)]
    )
    func refused(presets: [String], plugins: [String], name: String?, text: String?) {
        #expect(throws: Failure.self) {
            try AnalysisRequest(presets: presets, plugins: plugins, name: name, text: text)
        }
    }

    @Test("every table of every preset has sound names, and each column a sentence")
    func tables() {
        for preset in AnalysisPreset.all {
            #expect(!preset.tables.isEmpty, "\(preset.name)")
            for table in preset.tables {
                #expect(table.isSound, "\(table.name)")
                #expect(table.columns.allSatisfy { !$0.summary.isEmpty })
                #expect(!table.columns.contains { ["run", "recording"].contains($0.name) })
            }
        }
        #expect(
            Set(AnalysisPreset.all.flatMap(\.tables).map(\.name)).count
                == AnalysisPreset.all.flatMap(\.tables).count
        )
    }

    @Test("the words of a request ask for the same")
    func words() throws {
        let request = try AnalysisRequest(
            presets: ["strings"],
            plugins: ["unigrams"],
            text: "a; b",
            wantsPandalog: true
        )
        #expect(
            request.words == [
                "--preset", "strings", "--plugin", "unigrams", "--name", "strings-unigrams", "--find", "a; b",
                "--pandalog",
            ]
        )
    }
}
