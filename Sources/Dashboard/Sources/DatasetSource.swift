import Datasets
import Foundation
import HostSupport

/// The dataset that is shown; the first look at its page has its files verified.
actor DatasetSource {
    /// What is known of its files.
    enum Verification: Sendable {
        /// Nobody has asked yet.
        case none
        /// They are read.
        case running(since: Date)
        /// They were read.
        case done(DatasetVerifier.Result)
        /// They cannot be.
        case failed(String)
    }

    private let folder: HostPath
    private let console: Console
    private var described: DescribedDataset?
    private var stamp: [Int64] = []
    private(set) var verification = Verification.none

    init(_ folder: HostPath, console: Console) throws {
        self.folder = FileSystem.absolute(folder)
        self.console = console
        // Says at once what is wrong with it.
        _ = try DescribedDataset(folder)
    }

    /// What its metadata say.
    func contents() throws -> DescribedDataset {
        if let described, Self.stamp(of: described) == stamp { return described }
        let fresh = try DescribedDataset(folder)
        described = fresh
        stamp = Self.stamp(of: fresh)
        return fresh
    }

    private static func stamp(of dataset: DescribedDataset) -> [Int64] {
        dataset.folders.map { FileKind($0 / "data/metadata/dataset.json")?.changed ?? 0 }
    }

    /// Has its files verified, unless they were or are.
    func verify() {
        guard case .none = verification else { return }
        verification = .running(since: Date())
        Task {
            do {
                let arrived = try ArrivedDataset(folder, console: Console(.quiet))
                defer { arrived.close() }
                var settings = DatasetVerifier.Settings()
                settings.isQuick = true
                let verifier = DatasetVerifier(settings: settings, planner: nil, console: Console(.quiet))
                verification = .done(try await verifier.verify(arrived))
            } catch {
                verification = .failed((error as? Failure)?.message ?? "\(error)")
            }
        }
    }
}
