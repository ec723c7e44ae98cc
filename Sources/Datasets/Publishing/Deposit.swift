import Foundation

/// A deposit as the service describes it, as far as it matters here.
struct Deposit: Decodable, Sendable {
    struct File: Decodable, Sendable {
        let filename: String
        let filesize: UInt64?
        /// MD5, in hexadecimal.
        let checksum: String?
    }

    struct Links: Decodable, Sendable {
        /// Where files are put.
        let bucket: String?
        /// Where a person looks at it.
        let html: String?
        /// Where the public looks at it, once it is published.
        let record: String?

        enum CodingKeys: String, CodingKey {
            case bucket, html
            case record = "record_html"
        }
    }

    let id: Int
    let submitted: Bool?
    let doi: String?
    let links: Links
    let files: [File]?

    /// Whether a file is there, whole.
    func has(_ name: String, bytes: UInt64, md5: String) -> Bool {
        (files ?? []).contains { file in
            file.filename == name && file.filesize == bytes && Self.digest(file.checksum) == md5
        }
    }

    /// A checksum without the algorithm's name before it.
    static func digest(_ checksum: String?) -> String? {
        checksum.map { $0.hasPrefix("md5:") ? String($0.dropFirst(4)) : $0 }
    }
}

/// What the service says of a file that was put.
struct PutFile: Decodable, Sendable {
    let size: UInt64?
    let checksum: String?
}
