public import Foundation
public import HostSupport
public import RunRecords

/// An engine that `pandacap engine install` made from registry packages.
///
/// Its folder holds `engine.json`, the wheel's `data`, and the shared libraries that the host lacks in `lib`.
/// The folder gets its name only when everything in it is in place and has run once.
public struct ManagedEngine: Sendable, Codable {
    /// A shared library that the engine wants and the host lacked.
    public struct Library: Sendable, Codable, Hashable {
        /// Where it came from.
        public enum Source: String, Sendable, Codable {
            /// Taken from a Debian package.
            case debian
            /// Compiled from its source.
            case built
            /// Made here: each of its functions says that the library is not installed, and stops the engine.
            case stub
        }

        /// Its soname, such as `libLLVM-11.so.1`.
        public let name: String
        /// Where it came from.
        public let source: Source
    }

    /// The version of this file's layout: 1.
    public let schema: Int
    /// The engine's name, which is its folder's.
    public let name: String
    /// The SHA-256 digest of the wheel that holds the engine.
    public let wheelSHA256: String
    /// When it was made.
    public let created: Date
    /// The architectures that it runs guests of.
    public let architectures: [GuestArchitecture]
    /// The libraries that came with it.
    public let libraries: [Library]
    /// Its folder; not part of the file.
    public private(set) var folder: HostPath = "."

    private enum CodingKeys: String, CodingKey {
        case schema
        case name
        case wheelSHA256
        case created
        case architectures
        case libraries
    }

    init(
        name: String,
        wheelSHA256: String,
        architectures: [GuestArchitecture],
        libraries: [Library],
        folder: HostPath
    ) {
        schema = 1
        self.name = name
        self.wheelSHA256 = wheelSHA256
        created = Date()
        self.architectures = architectures
        self.libraries = libraries
        self.folder = folder
    }

    /// Its engines, one for each architecture.
    public var engines: [Engine] {
        architectures.map { architecture in
            let data = folder / "data"
            let name = EngineFinder.libraryName(architecture)
            return Engine(
                origin: .managed,
                architecture: architecture,
                program: data / "\(architecture.rawValue)-softmmu" / name,
                dataFolder: data,
                libraryFolders: [folder / "lib"]
            )
        }
    }

    static let descriptionName = "engine.json"
    static let partialSuffix = ".partial"

    /// The managed engines, sorted by name; a folder whose install was not finished is none.
    ///
    /// - Parameter home: The folder of engines and images.
    /// - Returns: The engines.
    /// - Throws: ``HostSupport/Failure`` with `bad-data` where a description is damaged.
    public static func installed(in home: HostPath) throws -> [ManagedEngine] {
        try FileSystem.list(home / "engines").compactMap { name in
            name.hasSuffix(partialSuffix) ? nil : try read(home / "engines" / name)
        }
    }

    /// The managed engine in a folder; nothing where there is none.
    static func read(_ folder: HostPath) throws -> ManagedEngine? {
        let file = folder / descriptionName
        guard FileSystem.exists(file) else { return nil }
        var engine = try JSONText.decode(
            ManagedEngine.self,
            from: try FileSystem.read(file),
            source: file.string
        )
        guard engine.schema == 1 else {
            throw Failure(
                .badData,
                "\(file) has schema \(engine.schema); this program knows schema 1",
                hint: "run 'pandacap engine install --force'"
            )
        }
        engine.folder = folder
        return engine
    }
}
