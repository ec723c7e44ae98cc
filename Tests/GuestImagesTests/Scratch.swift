import Foundation
import HostSupport

/// The source tree that these tests belong to.
let sourceTree = HostPath(#filePath).parent.parent.parent

/// Gives `body` an empty folder, which is gone afterwards.
func withScratch<Result>(_ body: (HostPath) async throws -> Result) async throws -> Result {
    let folder = HostPath(NSTemporaryDirectory()) / "pandacap-tests-\(UUID().uuidString)"
    try FileSystem.createDirectory(folder)
    defer { try? FileSystem.remove(folder) }
    return try await body(folder)
}

/// The failure that `body` throws, or nothing where it throws none.
func failure(of body: () async throws -> Void) async -> Failure? {
    do {
        try await body()
        return nil
    } catch {
        return error as? Failure
    }
}
