import ArgumentParser
import GuestImages
import HostSupport
import RunRecords

struct ImageImportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a guest image of a disk that was made elsewhere, raw or qcow2",
        discussion: """
            The disk is checked and copied; the file itself stays as it is and is not needed any more. Without \
            --kernel the disk's own boot loader starts the guest.

            Examples:
              $ pandacap image import ubuntu.qcow2 --name ubuntu --agent usb --memory 1G
              $ pandacap image import root.raw --name mine --kernel vmlinuz --append 'root=/dev/sda console=ttyS0'
            """
    )

    @Argument(help: ArgumentHelp("The disk's file.", valueName: "file"))
    var disk: String

    @Option(help: "What to call the image.")
    var name: String

    @Option(name: .customLong("arch"), help: "The guest's architecture.")
    var architecture: GuestArchitecture = .x8664

    @Option(help: ArgumentHelp("A kernel to boot directly.", valueName: "file"))
    var kernel: String?

    @Option(help: ArgumentHelp("The kernel's initial file system.", valueName: "file"))
    var initrd: String?

    @Option(help: ArgumentHelp("The kernel's command line.", valueName: "text"))
    var append: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The machine's memory, such as 512M.", valueName: "size"))
    var memory: ByteSize = .mebibytes(512)

    @Option(help: ArgumentHelp("Who logs in over SSH.", valueName: "name"))
    var sshUser = "root"

    @Option(help: "How the guest takes what it is handed.")
    var agent: GuestImage.Agent = .none

    @Option(help: ArgumentHelp("How long the guest may take until it is ready.", valueName: "time"))
    var readyTimeout: TimeSpan?

    @Flag(help: "Take the disks beneath the disk, too, if they lie in the same folder.")
    var flatten = false

    @Flag(help: "Replace an image of that name.")
    var replace = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        var request = ImageImport(disk: HostPath(disk), name: name)
        request.architecture = architecture
        request.kernel = kernel.map { HostPath($0) }
        request.initrd = initrd.map { HostPath($0) }
        request.append = append
        request.memory = memory
        request.sshUser = sshUser
        request.agent = agent
        if let seconds = readyTimeout?.duration.seconds { request.readyTimeout = Int(seconds.rounded(.up)) }
        request.flattens = flatten
        request.replaces = replace
        let store = ImageStore(home: Storage.home)
        let image = try await Interrupts.cancelling { [request] in
            try await ImageImporter(store: store, console: console).run(request)
        }
        try print(ImageReport(image: image, folder: store.folder(of: image)))
        return 0
    }
}
