import Foundation
import HostSupport

/// What the files of all standards are made from: what a person said, what is in the dataset, and its files.
struct MetadataSource: Sendable {
    let description: DatasetDescription
    let index: DatasetIndex
    /// The files under `data/`, in the order of their paths.
    let files: [PublishedFile]

    var totals: DatasetTotals { DatasetTotals(index) }
    var title: String { index.title(of: description) }
    /// The day of publication: that which was named, else that of packing.
    var day: String { description.date ?? index.created.dayText }
    var year: String { String(day.prefix(4)) }
    var licence: Licence? { Licence.named(description.licence) }
    var bytes: UInt64 { files.reduce(0) { $0 &+ $1.bytes } }

    /// What the dataset is, and how it was captured, in plain text.
    var abstract: String {
        [description.description, description.capture].compactMap {
            $0?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        .joined(separator: "\n\n")
    }

    /// How to cite it, in a sentence.
    var citation: String {
        let authors = description.authors.map(\.listedName).joined(separator: "; ")
        let place = description.address.map { ". \($0)" } ?? ""
        return "\(authors) (\(year)). \(title) (version \(description.versionText)) [Data set]. "
            + "\(description.publisherText)\(place)"
    }
}
