/// SHA-256 digests of files, computed by coreutils.
public enum Digest {
    /// The SHA-256 digest of a file, in hexadecimal.
    ///
    /// - Parameter file: The file.
    /// - Returns: 64 hexadecimal digits.
    /// - Throws: ``Failure`` where the file cannot be read.
    public static func sha256(_ file: HostPath) async throws -> String {
        let line = try await Tool("sha256sum", package: "coreutils").run(["--", file.string])
        // A name with a backslash or a line feed makes coreutils put a backslash before the digest.
        let digest = line.drop { $0 == "\\" }.prefix(64)
        guard digest.count == 64 else { throw Failure(.internal, "sha256sum printed '\(line)' for \(file)") }
        return String(digest)
    }
}
