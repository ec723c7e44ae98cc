import DebianPackages
import HostSupport
import RunRecords

/// What one build works on and works with.
struct ImageBuild: Sendable {
    let recipe: ImageRecipe
    let target: ImageRecipe.Target
    let installation: Installation
    /// The folder of the programs for guests.
    let programs: HostPath
    let cache: HostPath
    /// A folder of its own, which is removed afterwards.
    let work: HostPath
    let console: Console

    /// What a kind of image consists of beside the kernel.
    struct Result: Sendable {
        let packages: [AptRoot.Package]
        let kernelRelease: String
        /// Whether there is a `base.qcow2`.
        let hasDisk: Bool
    }

    /// Where the finished files go.
    var result: HostPath { work / "image" }

    /// A suite's packages, their lists up to date.
    func packages(of suite: String) async throws -> AptRoot {
        guard let debian = target.architecture.debianName else {
            throw Failure(.usage, "Debian has no architecture \(target.architecture.rawValue)")
        }
        let apt = AptRoot(
            cache: cache,
            suites: [suite],
            architecture: debian,
            installed: .nothing,
            console: console
        )
        do {
            try await console.step("asking for the packages of Debian \(suite) for \(debian)") {
                try await apt.update()
            }
        } catch let failure as Failure where failure.code == .system {
            let place = recipe.places.ofSuite(suite)
            throw Failure(failure.code, "\(place) cannot be used:\n\(failure.message)", hint: failure.hint)
        }
        return apt
    }

    /// The packages that the kernel is taken from: those of its own suite where it has one.
    func kernelPackages(beside apt: AptRoot) async throws -> AptRoot {
        let suite = target.kernelSuite ?? recipe.kernelSuite
        return suite == recipe.suite ? apt : try await packages(of: suite)
    }

    /// Names the place in the recipe of a package that apt says something about.
    func locating<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as Failure {
            // The first line is the command, which names them all.
            let said = failure.message.split(separator: "\n").dropFirst().joined(separator: " ")
            let words = said.split { !($0.isLetter || $0.isNumber || "+-._".contains($0)) }
            let places = recipe.packages.filter { name in words.contains { $0 == name } }
                .compactMap { recipe.places.packages[$0] }
            guard !places.isEmpty else { throw failure }
            throw Failure(
                .configuration,
                places.map { "\($0) cannot be installed" }.joined(separator: "\n") + "\n\(failure.message)",
                hint: failure.hint
            )
        }
    }

    /// Fetches the kernel and unpacks it.
    func kernel(of apt: AptRoot) async throws -> (tree: KernelTree, package: AptRoot.Package) {
        let package: AptRoot.Package
        let file: HostPath
        do {
            (package, file) = try await fetchKernel(of: apt)
        } catch let failure as Failure where failure.message.contains("404") {
            // When the support of a suite ends, its security archive goes on to list what it does not have any more.
            console.detail("\(failure)")
            console.warning(
                "the security archive lacks a kernel that it lists; going on with the main archive alone"
            )
            try await apt.update(security: false)
            (package, file) = try await fetchKernel(of: apt)
        }
        try await AptRoot.unpack(file, into: work / "kernel")
        return (try await KernelTree(work / "kernel"), package)
    }

    private func fetchKernel(of apt: AptRoot) async throws -> (package: AptRoot.Package, file: HostPath) {
        let dependencies = try await apt.dependencies(of: target.kernelPackage)
        guard let name = dependencies.first(where: { $0.hasPrefix("linux-image-") }) else {
            throw Failure(.configuration, "the package '\(target.kernelPackage)' depends on no kernel")
        }
        guard let fetched = try await apt.download([name]).first else {
            throw Failure(.system, "apt fetched no package '\(name)'")
        }
        return fetched
    }

    /// Where a program of ours for this architecture lies.
    func source(of program: ImageRecipe.GuestProgram) -> HostPath {
        programs / "\(program.name)-\(target.architecture.rawValue)"
    }
}

extension ImageRecipe.Places {
    func ofSuite(_ suite: String) -> String { suites[suite] ?? source }
}
