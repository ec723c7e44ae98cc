import Foundation
import HostSupport

/// The protobuf that PANDA writes its logs with, compiled from the source that a Python package bundles.
enum ProtobufLibrary {
    /// The library's soname.
    static let name = "libprotobuf.so.17"

    /// Compiles the library, or takes it from the cache.
    ///
    /// - Parameters:
    ///   - cache: The folder of downloads and of what was built from them.
    ///   - folder: Where the library goes.
    ///   - console: Where progress is shown.
    /// - Throws: `Failure` with the words of the tool that failed.
    static func build(cache: HostPath, into folder: HostPath, console: Console) async throws {
        let package = PackageIndexFile.grpcioTools
        let built = cache / "built" / "\(package.sha256.prefix(16))-\(name)"
        if !FileSystem.exists(built) {
            let archive = try await package.fetched(into: cache, console: console)
            let work = folder.parent / "protobuf"
            try FileSystem.createDirectory(work)
            try await Tool("tar", package: "tar").run([
                "-xzf", archive.string, "-C", work.string, "--strip-components=4", "--no-same-owner",
                "\(package.name.dropLast(".tar.gz".count))/third_party/protobuf/src",
            ])
            try FileSystem.write(try makefile(work), to: work / "Makefile")
            let jobs = ProcessInfo.processInfo.activeProcessorCount
            try await console.step("compiling \(name), which Debian 12 lacks") {
                _ = try await Tool("make", package: "make").run(["-s", "-j\(jobs)", "-C", work.string, name])
            }
            try FileSystem.createDirectory(built.parent)
            try FileSystem.copy(work / name, to: built.parent / ".\(built.name).new")
            try FileSystem.rename(built.parent / ".\(built.name).new", to: built)
            try FileSystem.remove(work)
        }
        try FileSystem.copy(built, to: folder / name)
    }

    /// The run-time part: neither the compiler nor the utilities, of which PANDA uses nothing.
    private static func makefile(_ work: HostPath) throws -> String {
        let objects = ["google/protobuf", "google/protobuf/io", "google/protobuf/stubs"].flatMap { folder in
            FileSystem.list(work / folder)
                .filter { $0.hasSuffix(".cc") && !isTest($0) }
                .map { "\(folder)/\($0.dropLast(3)).o" }
        }
        guard !objects.isEmpty else {
            throw Failure(.badData, "\(PackageIndexFile.grpcioTools.name) does not bundle protobuf's source")
        }
        return """
            \(name): \(objects.joined(separator: " "))
            \tg++ -shared -s -o $@ $^ -Wl,-soname,\(name) -lpthread
            %.o: %.cc
            \tg++ -O1 -fPIC -w -DHAVE_PTHREAD=1 -std=c++14 -I. -c -o $@ $<

            """
    }

    private static func isTest(_ file: String) -> Bool {
        ["_test.cc", "unittest", "test_util", "mock_", "gzip_stream", "io_win32"].contains(
            where: file.contains
        )
    }
}
