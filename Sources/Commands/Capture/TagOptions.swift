import ArgumentParser
import HostSupport
import RunRecords

/// What a run is sorted and called by.
struct TagOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A word that the run is sorted by; may be given several times.", valueName: "word")
    )
    var tag: [String] = []

    @Option(help: ArgumentHelp("What the run is called, in a line.", valueName: "text"))
    var label: String?

    func validate() throws {
        do {
            _ = try RunTags.kept(tag)
            _ = try RunTags.kept(label: label)
        } catch let failure as Failure {
            throw ValidationError(failure.description)
        }
    }
}
