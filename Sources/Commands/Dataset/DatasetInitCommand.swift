import ArgumentParser
import Datasets
import HostSupport

struct DatasetInitCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract:
            "Write a description of a dataset to begin with: title, authors, licence, and what else is asked for",
        discussion: """
            The file is valid as it is and explains each key; fill in your own. 'pandacap dataset pack --description' \
            makes the metadata of all standards from it.

            Examples:
              $ pandacap dataset init honeypots-2026
              $ pandacap dataset init honeypots-2026 --out -
            """
    )

    @Argument(help: "The dataset's name: letters, digits, '.', '_' and '-'.")
    var name = "my-dataset"

    @Option(
        help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .directory
    )
    var out = "dataset.yaml"

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if out == "-", global.json { throw ValidationError("--json and --out - both want standard output") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        guard DatasetDescription.isName(name) else {
            throw Failure(
                .usage,
                "'\(name)' cannot name a dataset",
                hint: "use up to 80 letters, digits, '.', '_' and '-', not beginning with a dot or a hyphen"
            )
        }
        var output = try BufferedOutput(out, force: force)
        try output.write(DatasetDescription.example(name: name))
        try output.finish()
        if out != "-" { try print(WrittenFile(path: FileSystem.absolute(HostPath(out)))) }
        return 0
    }
}

/// A file that was written.
struct WrittenFile: Report {
    let path: HostPath

    var text: String { path.string }
}
