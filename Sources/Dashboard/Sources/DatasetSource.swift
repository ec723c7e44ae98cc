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
        verifying = Task { [folder] in
            // Hours may pass, and each look at a page needs this actor.
            let reading = Task.detached(executorPreference: OwnThreads.shared) {
                try await Self.verify(folder)
            }
            let result = await withTaskCancellationHandler {
                await reading.result
            } onCancel: {
                reading.cancel()
            }
            guard !Task.isCancelled else { return }
            switch result {
            case .success(let result): verification = .done(result, at: Date())
            case .failure(let error):
                verification = .failed((error as? Failure)?.message ?? "\(error)")
            }
        }
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
