import Catalogue
import Datasets
import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing
import WebServer

@testable import Dashboard

@Suite("The dataset that is shown")
struct DatasetTests {
    @Test("is read anew when it has changed, and says when it was")
    func change() async throws {
        try await withScratch { folder in
            let collection = folder / "traces"
            try SyntheticCollection.addRun("one", to: collection, bytes: 100_000)
            let settings = DatasetPacker.Settings(
                target: folder / "dataset",
                description: .minimal(name: "sample"),
                version: "1",
                time: Date()
            )
            let catalogue = try Catalogue.looking(at: collection, console: Console(.quiet))
            _ = try await DatasetPacker(settings: settings, console: Console(.quiet))
                .pack(try TraceSelection(of: catalogue, query: RunQuery(), runs: []))
            let source = try DatasetSource(folder / "dataset", console: Console(.quiet))
            let page = DatasetPage(dataset: source)
            _ = try await page.page(.init(""), at: Date())
            let isRead = try await poll(for: .seconds(60)) {
                if case .done = await source.known() { true } else { nil }
            }
            #expect(isRead == true)
            let sentence = await page.live(at: Date()).values["sentence"] ?? ""
            #expect(sentence.hasPrefix("Nothing was wrong at 20"), "\(sentence)")
            let layout = await page.live(at: Date()).layout

            utimes((folder / "dataset/manifest-sha256.txt").string, nil)
            let changed = await page.live(at: Date())
            #expect(changed.layout != layout)
            #expect(changed.values["sentence"] == "Nobody has looked at the files yet.")
            await source.end()
        }
    }
}
