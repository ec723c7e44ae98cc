import ArgumentParser
import GuestImages
import HostSupport

/// What the shell offers where an argument is typed.
extension CompletionKind {
    /// The guest images that are there.
    static var images: CompletionKind {
        .custom { _, _, _ in ImageStore(home: Storage.home).names }
    }

    /// The recipes that come with PANDAcap, and files.
    static var recipes: CompletionKind {
        .custom { _, _, typed in
            let known = (try? Installation.locate()).map { FileSystem.list($0.recipes) } ?? []
            return known.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) } + paths(typed)
        }
    }

    /// The runs of the collection that the command line names, the newest first, and paths.
    static var runs: CompletionKind {
        .custom { words, _, typed in
            let named = words.lastIndex { $0 == "-o" || $0 == "--collection" }.map { $0 + 1 }
            let collection = named.flatMap { words.indices.contains($0) ? words[$0] : nil } ?? "traces"
            return FileSystem.list(HostPath(collection) / "runs").filter { !$0.hasPrefix(".") }.reversed()
                + paths(typed)
        }
    }

    private static func paths(_ typed: String) -> [String] {
        let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
        return FileSystem.list(HostPath(folder.isEmpty ? "." : folder)).filter { !$0.hasPrefix(".") }.map {
            name in
            folder + name + (FileSystem.isDirectory(HostPath(folder + name)) ? "/" : "")
        }
    }
}
