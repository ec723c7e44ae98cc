import HostSupport

/// An image that was built.
public struct ContainerImage: Sendable, Encodable {
    /// A part of it, and whether it had been built before.
    public struct Layer: Sendable, Hashable, Encodable {
        /// Its name.
        public let name: String
        /// Whether it came from the builder's cache; nothing where the builder did not tell.
        public let isCached: Bool?

        private enum CodingKeys: String, CodingKey {
            case name
            case isCached = "cached"
        }
    }

    /// Its names.
    public let tags: [String]
    /// The runtime's name for it.
    public let id: String
    /// Its size with its base, in bytes.
    public let size: UInt64
    /// What it was built on.
    public let base: ImageBase
    /// What was installed in it.
    public let packages: [ContainerImagePlan.Package]
    /// The libraries that came with the engine.
    public let libraries: [String]
    /// The plugins that were left out.
    public let omissions: [ContainerImagePlan.Omission]
    /// Its engines.
    public let engines: [ContainerImagePlan.EngineProgram]
    /// Its parts, from the ground up.
    public let layers: [Layer]
}
