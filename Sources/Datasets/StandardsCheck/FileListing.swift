import Foundation

/// The files that a document lists, held against those that are there.
struct FileListing {
    private let files: [String: FileDigest]
    private var listed: Set<String> = []
    private var found: [(String, String)] = []
    /// What the document calls them.
    private(set) var identifiers: Set<String> = []

    /// Begins with the payload's files, by their paths below the dataset's folder.
    init(_ files: [String: FileDigest]) { self.files = files }

    mutating func add(
        _ reference: String,
        bytes: UInt64?,
        sha256: String?,
        identifier: String?,
        place: String
    ) {
        if let identifier, !identifiers.insert(identifier).inserted {
            found.append((place, "has the identifier of another"))
        }
        guard let path = reference.removingPercentEncoding, let file = files[path] else {
            return found.append((place, "names '\(reference)', which is no file of the dataset"))
        }
        if !listed.insert(path).inserted { found.append((place, "names '\(path)' once more")) }
        if let bytes, bytes != file.bytes {
            found.append((place, "gives '\(path)' \(bytes) bytes, and it has \(file.bytes)"))
        }
        if let sha256, sha256 != file.sha256 {
            found.append((place, "gives '\(path)' another digest than the manifest"))
        }
    }

    /// What is wrong with the list, and which files it lacks.
    func problems(at place: String) -> [(place: String, text: String)] {
        found.map { (place: $0.0, text: $0.1) }
            + files.keys.filter { !listed.contains($0) }.sorted().map { (place, "lacks the file '\($0)'") }
    }
}
