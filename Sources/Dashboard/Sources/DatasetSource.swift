import Datasets
import Foundation
import HostSupport

/// The dataset that is shown; the first look at its page has its files verified, and the first after it has changed.
actor DatasetSource {
    /// What is known of its files.
    enum Verification: Sendable {
        /// Nobody has asked yet.
        case none
        /// They are read.
        case running(since: Date)
        /// They were read, which ended then.
        case done(DatasetVerifier.Result, at: Date)
        /// They cannot be.
        case failed(String)
    }

    private let folder: HostPath
    private let console: Console
    private var described: DescribedDataset?
    private var stamp: [Int64] = []
    private var verification = Verification.none
    private var verifying: Task<Void, Never>?

    init(_ folder: HostPath, console: Console) throws {
        self.folder = FileSystem.absolute(folder)
        self.console = console
        // Says at once what is wrong with it.
        _ = try DescribedDataset(folder)
    }

    /// What its metadata say.
    func contents() throws -> DescribedDataset {
        forgetWhatHasChanged()
        if let described { return described }
        let fresh = try DescribedDataset(folder)
        described = fresh
        stamp = Self.stamp(of: fresh)
        return fresh
    }

    private func forgetWhatHasChanged() {
        guard let described, Self.stamp(of: described) != stamp else { return }
        self.described = nil
        verification = .none
        verifying?.cancel()
    }

    private static func stamp(of dataset: DescribedDataset) -> [Int64] {
        // The last of them is written when all else is there.
        dataset.folders.flatMap { folder in
            ["data/metadata/dataset.json", "manifest-sha256.txt", "tagmanifest-sha256.txt"].map {
                FileKind(folder / $0)?.changed ?? 0
            }
        }
    }

    /// What is known of its files as they are now.
    func known() -> Verification {
        forgetWhatHasChanged()
        return verification
    }

    /// Has its files verified, unless they were or are.
    func verify() {
        guard case .none = verification else { return }
        verification = .running(since: Date())
        // Hours may pass, and each look at a page needs this actor: it is read elsewhere.
        verifying = Task(executorPreference: OwnThreads.shared) { [folder] in
            let outcome: Verification
            do {
                outcome = .done(try await Self.verify(folder), at: Date())
            } catch {
                outcome = .failed((error as? Failure)?.message ?? "\(error)")
            }
            await self.end(with: outcome)
        }
    }

    private func end(with outcome: Verification) {
        if !Task.isCancelled { verification = outcome }
    }

    /// Reads no further.
    func end() async {
        verifying?.cancel()
        await verifying?.value
    }

    @concurrent
    private static func verify(_ folder: HostPath) async throws -> DatasetVerifier.Result {
        let arrived = try ArrivedDataset(folder, console: Console(.quiet))
        defer { arrived.close() }
        var settings = DatasetVerifier.Settings()
        settings.isQuick = true
        let verifier = DatasetVerifier(settings: settings, planner: nil, console: Console(.quiet))
        return try await verifier.verify(arrived)
    }
}
