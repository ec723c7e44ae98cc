import DebianPackages
import HostSupport

/// Debian's packages, installed with their scripts by `mmdebstrap`, as a tar archive.
struct DebianRoot {
    let build: ImageBuild
    let apt: AptRoot
    let packages: [HostPath]

    /// The folder in the root that our additions are unpacked into; it is gone in the end.
    static let folder = "/pandacap-build"

    /// Installs the packages and has our additions put in place.
    func install(additions: DiskAdditions, into archive: HostPath) async throws {
        let archives = build.work / "archives"
        try FileSystem.createDirectory(archives)
        for file in packages { try await FileSystem.share(file, as: archives / file.name) }
        let lists = build.work / "lists"
        try FileSystem.createDirectory(lists)
        for name in FileSystem.list(apt.lists) where name != "lock" {
            guard FileSystem.isRegularFile(apt.lists / name) else { continue }
            try FileSystem.copy(apt.lists / name, to: lists / name)
        }
        // What is here is not fetched again: apt asks only whether the lists have changed.
        let setup = [
            "mkdir -p \"$1\"/var/cache/apt/archives/partial \"$1\"/var/lib/apt/lists/partial",
            "sync-in \(shellLine([archives.string])) /var/cache/apt/archives",
            "sync-in \(shellLine([lists.string])) /var/lib/apt/lists",
        ]
        let customize = [
            "mkdir \"$1\"\(Self.folder)",
            "tar-in \(shellLine([additions.archive.string])) \(Self.folder)",
            "chroot \"$1\" /bin/sh \(Self.folder)/customize",
        ]
        let arguments =
            ["--mode=\(DiskTools.isRoot ? "root" : "unshare")", "--variant=minbase", "--format=tar"]
            + ["--architectures=\(apt.architecture)", "--skip=output/dev"]
            + (mergesUsr ? ["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr"] : [])
            + ["--include=\(build.recipe.packages.joined(separator: ","))"].filter { $0 != "--include=" }
            + ["--aptopt=Acquire::Languages \"none\"", "--aptopt=Acquire::Retries \"3\""]
            // Until it is packed, nothing of the root is worth being written to the disk at once.
            + ["--dpkgopt=force-unsafe-io"]
            + DpkgOptions.withoutManuals.map { "--dpkgopt=\($0)" }
            + setup.map { "--setup-hook=\($0)" } + customize.map { "--customize-hook=\($0)" }
            + [build.recipe.suite, archive.string] + (try apt.sources())
        let result = try await DiskTools.mmdebstrap.output(
            arguments,
            environment: ["SOURCE_DATE_EPOCH": "\(DiskBuilder.time)", "LC_ALL": "C", "TMPDIR": "/tmp"]
        )
        guard result.status == .exited(0) else { throw failure(result, additions) }
    }

    /// Whether the root is made without the package that merges `/usr` later, which needs all of Perl.
    private var mergesUsr: Bool { packages.contains { $0.name.hasPrefix("usr-is-merged_") } }

    /// What stood in the way, in the words of the step that failed or of the package manager.
    private func failure(_ result: ToolOutput, _ additions: DiskAdditions) -> Failure {
        let mark = "pandacap-build: "
        let lines = result.standardError.split(whereSeparator: \.isNewline).map(String.init)
        func tail(_ lines: ArraySlice<String>) -> String {
            lines.filter { !$0.hasPrefix("I: ") }.suffix(20).map { "\n  \($0)" }.joined()
        }
        guard let failed = lines.lastIndex(where: { $0.hasPrefix(mark) && $0.contains(" failed ") }) else {
            return Failure(
                .system,
                "mmdebstrap cannot install the packages:\(tail(lines[...]))",
                hint: DiskTools.isRoot ? nil : Self.namespaceHint
            )
        }
        let begun = lines[..<failed].lastIndex { $0.hasPrefix(mark) } ?? failed - 1
        let words = lines[failed].dropFirst(mark.count).split(separator: " ")
        let index = words.first.flatMap { Int($0) } ?? -1
        let places = additions.places
        let place = places.indices.contains(index) ? places[index] : build.recipe.places.source
        let said = tail(lines[(begun + 1)..<failed])
        return Failure(
            .configuration,
            "\(place) failed with status \(words.last ?? "?")" + (said.isEmpty ? "" : ":\(said)")
        )
    }

    private static let namespaceHint = """
        without root, user namespaces must be allowed, and /etc/subuid and /etc/subgid must give this user \
        65536 numbers ('usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER')
        """
}
