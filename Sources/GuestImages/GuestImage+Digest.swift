import HostSupport
import RunRecords

extension GuestImage {
    /// The digest of what makes a guest what it is.
    ///
    /// It is that of a text with a line for each of the parts, in this order; a part that is missing is an empty line.
    static func digest(
        architecture: GuestArchitecture,
        kernel: File?,
        initrd: File?,
        append: String?,
        disk: File?
    ) async throws -> String {
        let parts = [architecture.rawValue, kernel?.sha256, initrd?.sha256, append, disk?.sha256]
        return try await Digest.sha256(of: parts.map { ($0 ?? "") + "\n" }.joined())
    }
}
