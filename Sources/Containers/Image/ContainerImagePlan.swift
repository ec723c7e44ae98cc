import Foundation
public import HostSupport
public import RunRecords

/// How an image is built: every file, package and argument, so that acting on it decides nothing.
public struct ContainerImagePlan: Sendable, Encodable {
    /// A package of the base's release, at one version.
    public struct Package: Sendable, Hashable, Encodable {
        /// Its name.
        public let name: String
        /// Its version.
        public let version: String
    }

    /// The engine for guests of one architecture.
    public struct EngineProgram: Sendable, Hashable, Encodable {
        /// The guests' architecture.
        public let architecture: GuestArchitecture
        /// Where it lies in the image.
        public let path: HostPath
        /// The SHA-256 digest of it.
        public let sha256: String
    }

    /// A plugin that stays behind.
    public struct Omission: Sendable, Hashable, Encodable {
        /// The plugin.
        public let plugin: HostPath
        /// The library that neither the release nor the engine has.
        public let library: String
    }

    /// The names that the image gets.
    public let tags: [String]
    /// What it is built on.
    public let base: ImageBase
    /// What is installed, sorted by name.
    public let packages: [Package]
    /// The libraries that come with the engine, since no package has them.
    public let libraries: [String]
    /// The plugins that cannot be loaded in the image.
    public let omissions: [Omission]
    /// The engines.
    public let engines: [EngineProgram]
    /// Who is made in it.
    public let user: ImageSettings.User
    /// The bundle that is run in it.
    public let bundle: HostPath?
    /// What it says of itself.
    public let labels: [String: String]
    /// The text that the builder reads.
    public let dockerfile: String
    /// The files that the builder is handed beside it, sorted by path.
    public let context: [ContextFile]
    /// The builder's command line, without the runtime's name; it is run in the folder with these files.
    public let arguments: [String]
    /// The layers' names and the instructions that make them.
    let layers: [Dockerfile.Layer]

    private enum CodingKeys: CodingKey {
        case tags
        case base
        case packages
        case libraries
        case omissions
        case engines
        case user
        case bundle
        case labels
        case dockerfile
        case context
        case arguments
    }
}
