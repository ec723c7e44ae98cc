import Foundation

/// Private keys that libraries test themselves with, and that are in every guest with such a library.
enum PublishedKeys {
    // So much tells a key from all others, and is there of most that a snapshot has only the first page of.
    private static let beginningBytes = 48

    /// Fingerprints of the beginnings of keys, as `ssh-keygen -l` prints fingerprints.
    private static let beginnings: [(publisher: String, fingerprints: Set<String>)] = [
        (
            "GnuTLS's self-tests",
            [
                "fS1Yxr6PGjlClJuJKNdGtBcMZ2lTDZkFK8maUIEO6yg",
                "ohTFmEzSIyjnVMqWtIg1sUM61ZwYStrWz781Ddfac90",
                "fulbWQJ0bHmsrJdsHsT/ttJPeotDoE9f0Pe68zfqqfo",
                "DPgsOmbIvUP0/2rNF1omhxemV2kTrnMd/xl3FszjIRY",
                "Kf5y9cee7eZICLcecGTNUAs4ok+G49kewXjDZqRiVt8",
                "/IogH+V+B4i+1fqsTHzCczkt5AKyFrmz4ruii/b5Afs",
                "se96DwrxerQSk4u77pqO+uAJrp1o8OcGgpmCI7tg+zY",
                "keBDX830JnVYvGUgI3vNwChJjmTQp9FkxNFQPGJij4E",
                "rl5ur6RMqMXjdqLHFtHvAxLk3UBbCHSd5kUHoa0AkrY",
                "hp4dAQGm1XITREvKpacJGcK7slkuHsfDs3OAwGAQgbY",
            ]
        )
    ]

    /// Where everybody has a key from.
    ///
    /// - Parameter key: The key as its file has it, or the beginning of it.
    /// - Returns: The library; nothing where the key is none of these, or there is too little of it.
    static func publisher(of key: Data) -> String? {
        guard key.count >= beginningBytes else { return nil }
        let fingerprint = KeyMaterial.digest(Array(key.prefix(beginningBytes)))
        return beginnings.first { $0.fingerprints.contains(fingerprint) }?.publisher
    }
}
