import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("A dataset's metadata are taken by the public validators")
struct ValidatorTests {
    /// Gives `body` a described sample.
    private func withSample(_ body: (SampleDataset) async throws -> Void) async throws {
        try await withScratch { folder in
            let sample = try SampleDataset.write(into: folder / "honeypots-2026")
            try await sample.describe()
            try await body(sample)
        }
    }

    @Test("of Croissant, without a warning, which reads each record of the table")
    func croissant() async throws {
        try await withSample { sample in
            let file = (sample.folder / "croissant.json").string
            let output = try await Validators.run("croissant", Validators.croissant, file)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput == "3 Odd, \"name\"\n")
        }
    }

    @Test("of RO-Crate, with all that is recommended")
    func crate() async throws {
        try await withSample { sample in
            let output = try await Validators.run("crates", Validators.crate, sample.folder.string)
            #expect(output.status == .exited(0), "\(output.standardOutput)\(output.standardError)")
            #expect(output.standardOutput.hasSuffix("18 parts\n"))
        }
    }

    @Test("of BagIt, DataCite and Data Packages")
    func packages() async throws {
        try await withSample { sample in
            let output = try await Validators.run("packages", Validators.packages, sample.folder.string)
            #expect(output.status == .exited(0), "\(output.standardOutput)\(output.standardError)")
            #expect(output.standardOutput == "18 resources []\n")
        }
    }

    @Test("of the Citation File Format")
    func citation() async throws {
        try await withSample { sample in
            let file = (sample.folder / "CITATION.cff").string
            let output = try await Validators.run("citation", Validators.citation, file)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("10.5281/zenodo.1234567"))
        }
    }

    @Test("and coreutils find each digest of the manifest")
    func manifest() async throws {
        try await withSample { sample in
            for name in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
                let output = try await Tool("sha256sum", package: "coreutils")
                    .output(["--check", "--strict", "--quiet", name], workingDirectory: sample.folder)
                #expect(output.status == .exited(0), "\(output.standardOutput)\(output.standardError)")
            }
        }
    }
}
