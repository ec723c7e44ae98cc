/// SHA-256 digests of files, computed by coreutils.
public enum Digest {
    /// The SHA-256 digest of a file, in hexadecimal.
    ///
    /// - Parameter file: The file.
    /// - Returns: 64 hexadecimal digits.
    /// - Throws: ``Failure`` where the file cannot be read.
    public static func sha256(_ file: HostPath) async throws -> String {
        try read(try await Tool("sha256sum", package: "coreutils").run(["--", file.string]), file.string)
    }

    /// The SHA-256 digest of a text's UTF-8 bytes, in hexadecimal.
    ///
    /// - Parameter text: The text.
    /// - Returns: 64 hexadecimal digits.
    /// - Throws: ``Failure`` where the tool is missing.
    public static func sha256(of text: String) async throws -> String {
        try read(try await Tool("sha256sum", package: "coreutils").run([], input: text), "a text")
    }

    private static func read(_ line: String, _ source: String) throws -> String {
        // A name with a backslash or a line feed makes coreutils put a backslash before the digest.
        let digest = line.drop { $0 == "\\" }.prefix(64)
        guard digest.count == 64 else {
            throw Failure(.internal, "sha256sum printed '\(line)' for \(source)")
        }
        return String(digest)
    }
}
