import DebianPackages
import HostSupport

/// What the recipe adds to the installed packages: an archive that `guest/disk/customize` puts in place.
struct DiskAdditions {
    /// The archive, with a `plan` of one step a line in it.
    let archive: HostPath
    /// The place in the recipe of each step.
    let places: [String]

    /// Packs the additions.
    ///
    /// Words of the plan are plain names and paths, so that a shell can read it.
    init(_ build: ImageBuild, _ kernel: KernelTree) async throws {
        let folder = build.work / "additions"
        try FileSystem.createDirectory(folder)
        let recipe = build.recipe
        var plan: [(step: String, place: String)] = recipe.users.map { user in
            let groups = user.groups.isEmpty ? "-" : user.groups.joined(separator: ",")
            let words = ["user", user.name, user.uid.map { "\($0)" } ?? "-", user.shell ?? "-", groups]
            return (words.joined(separator: " "), user.place)
        }
        for (index, file) in recipe.files.enumerated() {
            try FileSystem.copy(file.source, to: folder / "file-\(index)")
            plan.append(("file file-\(index) \(file.path) \(file.mode)", file.place))
        }
        for program in recipe.guestPrograms {
            try FileSystem.copy(build.source(of: program), to: folder / "program-\(program.name)")
            let step = "file program-\(program.name) \(program.path) \(program.mode)"
            plan.append((step, "\(recipe.places.source): guestPrograms"))
        }
        plan += recipe.users.filter(\.isRecorded).map { ("recorded \($0.name)", $0.place) }
        for (index, script) in recipe.scripts.enumerated() {
            try FileSystem.copy(script.source, to: folder / "script-\(index)")
            plan.append(("script script-\(index)", script.place))
        }
        plan += recipe.services.map { ("\($0.isEnabled ? "enable" : "disable") \($0.unit)", $0.place) }
        try FileSystem.write(plan.map { $0.step + "\n" }.joined(), to: folder / "plan")
        try FileSystem.copy(build.installation.guestFiles / "disk/customize", to: folder / "customize")
        try await kernel.install(into: folder / "kernel")
        archive = build.work / "additions.tar"
        places = plan.map(\.place)
        try await DiskTools.tar.run([
            "-c", "-f", archive.string, "-C", folder.string, "--sort=name", "--owner=0", "--group=0",
            "--numeric-owner", "--mode=u=rwX,go=rX", "--mtime=@\(DiskBuilder.time)", ".",
        ])
        try FileSystem.remove(folder)
    }
}
