public import HostSupport

/// A file of the folder that the builder is handed.
public struct ContextFile: Sendable, Hashable, Encodable {
    /// Its path in that folder.
    public let path: String
    /// Where its contents are; nothing where they are made when the image is built.
    public let source: HostPath?
    /// Its permission bits.
    public let mode: UInt32

    init(_ path: String, source: HostPath?, mode: UInt32 = 0o644) {
        self.path = path
        self.source = source
        self.mode = mode
    }
}
