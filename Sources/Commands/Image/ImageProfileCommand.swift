import ArgumentParser
import Foundation
import GuestImages
import HostSupport
import LinuxKernel

struct ImageProfileCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Tell what PANDA's plugins have to know of a guest image's kernel",
        discussion: """
            The profile is computed from the kernel's file alone, in a second or two, and kept in the image's folder. \
            Each run gets it as kernelinfo.conf. What a boot decides is taken from a snapshot: where KASLR has put the \
            kernel, and where the processor's variables are.

            Examples:
              $ pandacap image profile tiny
              $ pandacap image profile tiny --conf --snapshot traces/runs/RUN-ID/rr/session_000-rr-snp
            """
    )

    @Argument(help: "The image's name.", completion: .images)
    var name: String

    @Flag(help: "Print the text of kernelinfo.conf, which PANDA's plugin osi_linux reads.")
    var conf = false

    @Option(
        help: ArgumentHelp(
            "A recording's snapshot, or a warm state, of a guest of this image.",
            valueName: "file"
        )
    )
    var snapshot: String?

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let store = ImageStore(home: Storage.home)
        let image = try store.load(name)
        let profile = try await store.profile(of: image)
        let boot = try snapshot.map { try KernelBoot(of: profile, inSnapshot: HostPath($0)) }
        try print(
            ProfileReport(
                profile: profile,
                boot: boot,
                configuration: conf ? profile.configuration(boot) : nil
            )
        )
        return 0
    }
}

/// A kernel's profile, for a person and for a program.
private struct ProfileReport: Report {
    let profile: KernelProfile
    let boot: KernelBoot?
    let configuration: String?

    var text: String {
        if let configuration { return String(configuration.dropLast()) }
        var lines = [
            "kernel \(profile.release)",
            "  version    \(profile.version)",
            "  for -os    \(profile.operatingSystem)",
            "  offsets    \(profile.offsets.count)",
        ]
        for (index, address) in profile.addresses.enumerated() {
            let title = index == 0 ? "addresses" : ""
            lines.append(
                "  \(title.padding(toLength: 9, withPad: " ", startingAt: 0))  \(address.symbol) at \(address.value)"
                    + (address.moves ? ", moves with KASLR" : "")
            )
        }
        if let boot {
            lines.append("  slide      \(boot.slide)")
            lines.append("  per CPU    \(boot.processorOffset)")
        }
        lines += profile.offsets.compactMap(\.note).map { "  note       \($0)" }
        return lines.joined(separator: "\n")
    }
}
