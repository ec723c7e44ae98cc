import ArgumentParser
import HostSupport

/// What goes into a bundle beside its own files.
struct BundleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Put a file of this host into the bundle's files/.", valueName: "file"))
    var add: [String] = []

    @OptionGroup var variables: VariableOptions
}
