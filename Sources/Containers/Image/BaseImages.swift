import DebianPackages
import Foundation
import Glibc
import HostSupport

/// Finds, fetches or makes what images are built on.
struct BaseImages: Sendable {
    let runtime: ContainerRuntime
    let cache: HostPath
    let console: Console

    /// How long a registry may take to answer.
    var answerLimit = Duration.seconds(20)
    /// How long it may take to send an image.
    private static let pullLimit = Duration.seconds(900)

    /// What is there already; nothing where building has to fetch or make it.
    func present(_ request: BaseRequest) async throws -> ImageBase? {
        switch request {
        case .registry(let reference, let suite):
            if try await exists(reference.description) {
                return try await describe(
                    reference.description,
                    .present,
                    "IMAGE_BASE names it, and it is here"
                )
            }
            guard let suite, try await exists(Self.madeName(suite)) else { return nil }
            return try await describe(
                Self.madeName(suite),
                .kept,
                "it was made here when \(reference) could not be had; '\(runtime.kind.rawValue) pull \(reference)' "
                    + "would bring that"
            )
        case .mmdebstrap(let suite):
            guard try await exists(Self.madeName(suite)) else { return nil }
            return try await describe(Self.madeName(suite), .kept, "it was made here before")
        }
    }

    /// What there will be, as far as it is known.
    func expected(_ request: BaseRequest) throws -> ImageBase {
        guard let suite = request.suite else {
            throw Failure(
                .unavailable,
                "the base is not here, and its Debian release is not known before it is",
                hint: "fetch it with '\(runtime.kind.rawValue) pull'"
            )
        }
        let reason: String
        let reference: String
        switch request {
        case .registry(let name, _):
            reference = name.description
            reason = "it would be fetched, or made by mmdebstrap where that cannot be"
        case .mmdebstrap:
            reference = Self.madeName(suite)
            reason = "it would be made by mmdebstrap"
        }
        return ImageBase(
            reference: reference,
            origin: .absent,
            reason: reason,
            suite: suite,
            architecture: "amd64",
            status: nil
        )
    }

    /// What is there, or is there now.
    func provide(_ request: BaseRequest) async throws -> ImageBase {
        if let base = try await present(request) { return base }
        switch request {
        case .mmdebstrap(let suite):
            try await make(suite)
            return try await describe(Self.madeName(suite), .made, "IMAGE_BASE asks for it")
        case .registry(let reference, let suite):
            guard let problem = try await pull(reference.description) else {
                return try await describe(reference.description, .pulled, "IMAGE_BASE names it")
            }
            guard let suite else {
                throw Failure(
                    .unavailable,
                    "the base \(reference) cannot be had: \(problem)",
                    hint: "set IMAGE_BASE to an image that is here, or to '\(BaseRequest.word)'"
                )
            }
            console.step("\(reference) cannot be had (\(problem)); making a Debian root instead")
            try await make(suite)
            return try await describe(
                Self.madeName(suite),
                .made,
                "\(reference) cannot be had: \(problem)"
            )
        }
    }

    private static func madeName(_ suite: String) -> String { "pandacap-base:\(suite)" }

    private func exists(_ name: String) async throws -> Bool {
        try await runtime.tool.output(["image", "inspect", name]).status == .exited(0)
    }

    private func describe(_ name: String, _ origin: ImageBase.Origin, _ reason: String) async throws
        -> ImageBase
    {
        let architecture = try await runtime.run(["image", "inspect", "--format", "{{.Architecture}}", name])
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let said = try await runtime.tool.output([
            "run", "--rm", "--network", "none", "--label", "\(ContainerLabel.kind)=test", "--entrypoint",
            "cat",
            name, "/etc/os-release", "/var/lib/dpkg/status",
        ])
        let release = said.standardOutput.split(separator: "\n")
        func value(_ key: String) -> String? {
            release.first { $0.hasPrefix("\(key)=") }.map {
                String($0.dropFirst(key.count + 1)).trimmingCharacters(in: ["\""])
            }
        }
        guard said.status == .exited(0), value("ID") == "debian", let suite = value("VERSION_CODENAME"),
            let start = said.standardOutput.range(of: "Package: ")
        else {
            throw Failure(
                .unavailable,
                "the base \(name) is no Debian whose release can be told: its packages cannot be looked up",
                hint: "set IMAGE_BASE to an image of Debian, or to '\(BaseRequest.word)'"
            )
        }
        return ImageBase(
            reference: name,
            origin: origin,
            reason: reason,
            suite: suite,
            architecture: architecture,
            status: String(said.standardOutput[start.lowerBound...])
        )
    }

    /// Fetches an image.
    ///
    /// - Returns: What stood in the way; nothing where the image is here now.
    private func pull(_ name: String) async throws -> String? {
        let scratch = try ScratchFolder(in: cache)
        defer { scratch.remove() }
        let log = scratch.path / "pull.log"
        console.step("fetching \(name)")
        let begin = ContinuousClock.now
        let command = LaunchCommand(
            executable: runtime.program,
            arguments: ["pull", name],
            environment: ["LC_ALL": "C"],
            workingDirectory: scratch.path
        )
        let (ended, _) = try await ChildProcess.run(command, log: log) { child -> ExitStatus? in
            while true {
                if let status = try await child.exit(within: .milliseconds(200)) { return status }
                let time = ContinuousClock.now - begin
                console.progress("fetching \(name): \(time.text)")
                let said = try FileSystem.readText(log)
                // Both say these words when the registry has answered.
                let answered = said.contains("Pulling from") || said.contains("Getting image source")
                if time > (answered ? Self.pullLimit : answerLimit) { return nil }
            }
        }
        console.endProgress()
        guard let ended else { return "the registry does not answer in time" }
        guard ended == .exited(0) else {
            return FileTail.lastLines(of: log, 1).first ?? "the program \(ended)"
        }
        return nil
    }

    /// Makes a Debian root with apt in it, and hands it to the runtime.
    private func make(_ suite: String) async throws {
        let apt = AptRoot.ofImages(suite: suite, architecture: "amd64", cache: cache, console: console)
        try await apt.update()
        let scratch = try ScratchFolder(in: cache)
        defer { scratch.remove() }
        let archive = scratch.path / "base.tar"
        let isMerged = suite != "bullseye"
        let isRoot = geteuid() == 0
        let arguments =
            ["--mode=\(isRoot ? "root" : "unshare")", "--variant=minbase", "--format=tar"]
            + ["--architectures=\(apt.architecture)", "--skip=output/dev"]
            // Without the package that merges /usr later, which needs all of Perl.
            + (isMerged
                ? ["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", "--include=usr-is-merged"] : [])
            + [
                "--aptopt=Acquire::Languages \"none\"", "--aptopt=Acquire::Retries \"3\"",
                "--aptopt=APT::Install-Recommends \"false\"", "--dpkgopt=force-unsafe-io",
            ]
            + DpkgOptions.withoutManuals.map { "--dpkgopt=\($0)" }
            + [suite, archive.string] + (try apt.sources())
        try await console.step("making a Debian root of \(suite) with mmdebstrap") {
            _ = try await Tool("mmdebstrap", package: "mmdebstrap").run(
                arguments,
                environment: ["SOURCE_DATE_EPOCH": "\(BuildContext.time)", "LC_ALL": "C", "TMPDIR": "/tmp"]
            )
            try await runtime.run([
                "import", "--change", "LABEL \(ContainerLabel.kind)=\(ContainerLabel.Kind.base.rawValue)",
                "--change", "CMD [\"/bin/bash\"]", archive.string, Self.madeName(suite),
            ])
        }
    }
}

extension AptRoot {
    /// Where the packages of images are looked up.
    static func ofImages(suite: String, architecture: String, cache: HostPath, console: Console) -> AptRoot {
        AptRoot(
            cache: cache,
            suites: [suite],
            architecture: architecture,
            installed: .listed,
            console: console
        )
    }
}
