import DebianPackages
import HostSupport
import PandaEngine

/// Where the libraries come from that an engine needs: packages of a Debian release, or what came with the engine.
struct LibraryResolution: Sendable {
    /// Where a library was found.
    enum Source: Sendable, Hashable {
        /// A package has it.
        case package(String)
        /// It is copied from this file.
        case file(HostPath)
        /// It lies in the folder of what needs it.
        case beside
    }

    /// A library that is nowhere, and what needs it.
    struct Missing: Sendable, Hashable {
        let library: String
        let users: [HostPath]
    }

    /// The packages, each with the libraries that it is installed for.
    private(set) var packages: [String: Set<String>] = [:]
    /// The libraries that are copied.
    private(set) var copied: [HostPath] = []
    /// What cannot be loaded, and the library that it lacks.
    private(set) var broken: [HostPath: String] = [:]

    /// Draws the conclusion from what needs what.
    ///
    /// - Parameters:
    ///   - roots: The engine's shared objects and what else has to run.
    ///   - needs: The sonames that each of them needs, and each library that would be copied.
    ///   - sources: Where a library is found; one that is not in it is nowhere.
    init(roots: [HostPath], needs: [HostPath: [String]], sources: [String: Source]) {
        var isSpread = true
        while isSpread {
            isSpread = false
            for (object, names) in needs where broken[object] == nil {
                let lacking = names.sorted().first { name in
                    switch sources[name] {
                    case nil: true
                    case .file(let file): broken[file] != nil
                    case .package, .beside: false
                    }
                }
                guard let lacking else { continue }
                broken[object] = lacking
                isSpread = true
            }
        }
        // Only what can be loaded is a reason to have a library.
        var pending = roots.filter { broken[$0] == nil }
        var seen = Set(pending)
        while let object = pending.popLast() {
            for name in needs[object] ?? [] {
                switch sources[name] {
                case .package(let package): packages[package, default: []].insert(name)
                case .file(let file) where seen.insert(file).inserted:
                    copied.append(file)
                    pending.append(file)
                case .file, .beside, nil: break
                }
            }
        }
        copied.sort()
    }

    /// Looks everything up.
    ///
    /// - Parameters:
    ///   - roots: The engine's shared objects and what else has to run.
    ///   - folders: Where libraries are that came with the engine.
    ///   - apt: Where packages are looked up; its lists are there.
    ///   - installed: The packages of the base, which are preferred.
    /// - Returns: What is to be installed and copied, and what has to stay behind.
    /// - Throws: `Failure` where something cannot be read.
    static func of(_ roots: [HostPath], folders: [HostPath], apt: AptRoot, installed: Set<String>)
        async throws
        -> LibraryResolution
    {
        let own = Set(roots.map(\.name))
        let brought = index(folders)
        var needs: [HostPath: [String]] = [:]
        var sources: [String: Source] = [:]
        var asked: Set<String> = []
        var pending = roots
        while !pending.isEmpty {
            let found = try await SharedObject.needs(of: pending)
            for object in pending { needs[object] = found[object] ?? [] }
            let names = Set(found.values.joined()).subtracting(asked)
            asked.formUnion(names)
            let contents = try await apt.contents(of: names.sorted())
            pending = []
            for name in names.sorted() {
                let packages = contents.packages(with: paths(of: name, architecture: apt.architecture))
                if let package = packages.first(where: installed.contains) ?? packages.first {
                    sources[name] = .package(package)
                } else if own.contains(name) {
                    sources[name] = .beside
                } else if let file = brought[name] {
                    sources[name] = .file(file)
                    pending.append(file)
                }
            }
        }
        return LibraryResolution(roots: roots, needs: needs, sources: sources)
    }

    /// Where the dynamic linker looks for a library by itself.
    static func paths(of soname: String, architecture: String) -> [String] {
        let triplets = ["amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu", "i386": "i386-linux-gnu"]
        let folders = ["lib", "lib64"] + [triplets[architecture].map { "lib/\($0)" }].compactMap { $0 }
        return folders.flatMap { ["\($0)/\(soname)", "usr/\($0)/\(soname)"] }
    }

    private static func index(_ folders: [HostPath]) -> [String: HostPath] {
        var index: [String: HostPath] = [:]
        for folder in folders {
            for name in FileSystem.list(folder) where name.contains(".so") && index[name] == nil {
                index[name] = folder / name
            }
        }
        return index
    }
}
