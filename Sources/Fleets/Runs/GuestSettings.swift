import Bootstrap
public import Capture
import Foundation
public import HostSupport
public import RunRecords

/// What the files of fleets and campaigns say of a guest: the keys have the names of the options of `pandacap record`.
public struct GuestSettings: Sendable, Codable, Hashable {
    /// The guest image.
    public var image: String
    /// The machine's memory; the image's own size where there is none.
    public var memory: ByteSize?
    /// What the guest calls itself.
    public var hostname: String?
    /// Whether it is booted even where a warm state is there.
    public var cold: Bool?
    /// How long it may take until it is ready.
    public var readyTimeout: TimeSpan?
    /// The bundle that customises it: a name, or a folder's path, which has a slash.
    public var bootstrap: String?
    /// How long the bundle may take.
    public var bootstrapTimeout: TimeSpan?
    /// Settings for the bundle, over those of files and of the environment.
    public var set: [String: String]?
    /// Files of this host that are put into the bundle.
    public var add: [String]?
    /// Further plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    public var plugins: [String]?
    /// Where the guest may connect to; nowhere where nothing is said.
    public var egress: EgressPolicy?
    /// The words that the runs are sorted by.
    public var tags: [String]?
    /// What the runs are called.
    public var label: String?

    /// Describes a guest of an image, with the safe defaults for all else.
    public init(image: String) {
        self.image = image
    }

    /// Decodes what a file says; the image's name is empty where it names none, since a campaign may name several.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where a key is of another kind.
    public init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        image = try keys.decodeIfPresent(String.self, forKey: .image) ?? ""
        memory = try keys.decodeIfPresent(ByteSize.self, forKey: .memory)
        hostname = try keys.decodeIfPresent(String.self, forKey: .hostname)
        cold = try keys.decodeIfPresent(Bool.self, forKey: .cold)
        readyTimeout = try keys.decodeIfPresent(TimeSpan.self, forKey: .readyTimeout)
        bootstrap = try keys.decodeIfPresent(String.self, forKey: .bootstrap)
        bootstrapTimeout = try keys.decodeIfPresent(TimeSpan.self, forKey: .bootstrapTimeout)
        set = try keys.decodeIfPresent([String: String].self, forKey: .set)
        add = try keys.decodeIfPresent([String].self, forKey: .add)
        plugins = try keys.decodeIfPresent([String].self, forKey: .plugins)
        egress = try keys.decodeIfPresent(EgressPolicy.self, forKey: .egress)
        tags = try keys.decodeIfPresent([String].self, forKey: .tags)
        label = try keys.decodeIfPresent(String.self, forKey: .label)
    }

    /// What is asked for of the guest.
    ///
    /// - Parameters:
    ///   - folder: What relative paths are relative to: the folder of the file.
    ///   - console: Where oddities of the bundle and of settings are told; nowhere where there is none.
    /// - Returns: The request.
    /// - Throws: ``HostSupport/Failure`` where the bundle is not there or not sound.
    public func request(relativeTo folder: HostPath, console: Console?) throws -> GuestRequest {
        var request = GuestRequest(image: image)
        request.memory = memory
        request.hostName = hostname
        request.isCold = cold ?? false
        request.readyLimit = readyTimeout?.duration
        request.plugins = plugins ?? []
        request.egress = egress ?? .denied
        request.tags = tags ?? []
        request.label = label
        request.bundle = try bootstrap.map { try bundle($0, relativeTo: folder, console) }
        return request
    }

    private func bundle(_ name: String, relativeTo folder: HostPath, _ console: Console?) throws
        -> BundleRequest
    {
        let installation = try Installation.locate()
        let path = name.contains("/") ? (folder / name).string : name
        let bundle = try BootstrapBundle.find(path, in: installation)
        for warning in bundle.warnings { console?.warning(warning) }
        let variables = try Variables.read(
            of: installation,
            in: folder,
            environment: ProcessInfo.processInfo.environment,
            settings: (set ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        )
        for warning in variables.warnings { console?.warning("\(warning)") }
        var request = BundleRequest(
            bundle: bundle,
            variables: variables,
            added: (add ?? []).map { FileSystem.absolute(folder / $0) }
        )
        if let limit = bootstrapTimeout?.duration { request.timeLimit = limit }
        return request
    }
}
