import ArgumentParser
import HostSupport

/// The file that a command writes what it extracts to.
struct WriteOptions: ParsableArguments {
    @Option(
        name: [.customShort("w"), .long],
        help: ArgumentHelp("The file to write; - is standard output.", valueName: "file")
    )
    var write: String?

    @Flag(help: "Replace a file that is there already.")
    var force = false

    /// Opens the file, or standard output where none is named, and sees that Ctrl-C leaves nothing half-made.
    func open() throws -> BufferedOutput {
        Interrupts.take()
        return try BufferedOutput(write ?? "-", force: force)
    }
}
