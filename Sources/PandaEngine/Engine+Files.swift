import Foundation
import HostSupport

extension Engine {
    /// The files and folders that an engine is made of: all that it has to read of itself.
    var ownFiles: [HostPath] {
        get throws {
            let launcher = isLibrary ? [try Launcher.library.located()] : []
            let data = dataFolder.map { [$0] } ?? []
            let folders = data + libraryFolders + Self.givenLibraryFolders + [pluginFolder] + dataOfProgram
            return
                ([program] + launcher + (isLibrary ? [program.parent] : [])
                + folders.filter(FileSystem.isDirectory))
                .uniqued()
        }
    }

    /// Whether the program is a script, which runs the engine by way of other programs.
    var isScript: Bool {
        var tail = FileTail(program)
        return tail.next(limit: 2).elementsEqual("#!".utf8)
    }

    /// Where a program finds its firmware and its plugins' data: where `make install` puts them, or in the folders it
    /// was built in, which have links to those of its source.
    private var dataOfProgram: [HostPath] {
        guard !isLibrary else { return dataFolder.map { Self.firmware($0 / "pc-bios") } ?? [] }
        let folder = FileSystem.resolved(program)?.parent ?? program.parent
        let prefix = folder.parent
        if folder.name.hasSuffix("-softmmu") { return [folder] + Self.firmware(prefix / "pc-bios") }
        return ["share/panda", "share/qemu", "lib/panda", "etc/panda"].map { prefix / $0 }
    }

    private static func firmware(_ folder: HostPath) -> [HostPath] {
        let target = FileSystem.resolved(folder / "bios-256k.bin")?.parent
        return [folder] + (target.map { [$0] } ?? [])
    }

    /// Folders of libraries that the user's own environment names.
    private static var givenLibraryFolders: [HostPath] {
        (ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "").split(separator: ":")
            .map { HostPath(String($0)) }.filter { $0.string.hasPrefix("/") && $0.string != "/" }
    }
}
