import HostSupport

/// A file of a dataset as its metadata list it.
struct PublishedFile: Hashable, Sendable {
    /// Its path below the dataset's folder, such as `data/metadata/traces.csv`.
    let path: String
    /// Its size in bytes.
    let bytes: UInt64
    /// Its SHA-256 digest, in hexadecimal.
    let sha256: String
    /// Its media type.
    let mediaType: String
    /// What it is.
    let summary: String

    /// The path as a reference relative to the folder: what is not plain is written in percent.
    var reference: String { path.percentEncoded }
}

extension String {
    /// The text with all but letters, digits and `-._~/` written in percent, as RFC 3986 has it.
    var percentEncoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(UnicodeScalar(byte))
            case _ where "-._~/".utf8.contains(byte): String(UnicodeScalar(byte))
            default: "%" + byte.digits(2, radix: 16).uppercased()
            }
        }.joined()
    }
}
