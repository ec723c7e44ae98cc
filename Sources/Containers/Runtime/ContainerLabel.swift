/// The labels by which PANDAcap knows its own images and containers.
public enum ContainerLabel {
    /// What of ours an image or container is; whatever lacks it is somebody else's.
    public static let kind = "org.pandacap.kind"
    /// The run that a container is for.
    public static let run = "org.pandacap.run"
    /// The path of the library or program that is the engine, in an image; the architecture's name follows.
    public static let enginePrefix = "org.pandacap.engine."

    /// The values of ``kind``.
    public enum Kind: String, Sendable, CaseIterable {
        /// An image with an engine, or a container of it that somebody started to look around.
        case image
        /// A root of Debian's that images are built on.
        case base
        /// A container in which an engine runs.
        case run
        /// A container that was started to try an image.
        case test
    }

    /// The words of the program that choose what is ours among images or containers.
    public static let filter = ["--filter", "label=\(kind)"]
}
