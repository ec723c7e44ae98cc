import ArgumentParser
import Catalogue
import HostSupport

struct CatalogRebuildCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make a collection's catalogue anew of its run folders",
        discussion: """
            A catalogue that is damaged is put aside as catalog.sqlite.damaged-TIME. Fleets and other commands may go \
            on meanwhile.

            Examples:
              $ pandacap catalog rebuild
              $ pandacap catalog rebuild -o /srv/traces --json
            """
    )

    @OptionGroup var collection: CollectionOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let catalogue = try Catalogue(
            collection: try collection.existing(),
            isFilled: false,
            console: console
        )
        let result = try catalogue.rebuild(console: console) {
            console.progress("reading \($0) of \($1) runs")
        }
        console.endProgress()
        try print(RebuiltReport(result: result, file: Catalogue.file(in: catalogue.collection)))
        return 0
    }
}

private struct RebuiltReport: Report {
    let result: Catalogue.Refreshed
    let file: HostPath

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        "\(file) has \(result.read) runs"
            + (result.damaged > 0 ? "; \(result.damaged) of them are damaged" : "")
            + (result.removed > 0 ? "; \(result.removed) are gone" : "")
    }
}
