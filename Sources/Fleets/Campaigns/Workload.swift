import HostSupport

/// What a campaign records in its guests.
public struct Workload: Sendable, Codable, Hashable {
    /// The files of a workload, each of which is recorded by itself.
    public enum Samples: Sendable, Hashable {
        /// All files of a folder, in the order of their names.
        case folder(String)
        /// These files.
        case files([String])
    }

    /// The bundle that runs a sample where none is named.
    static let sampleBundle = "sample"

    /// What it is called.
    public var name: String
    /// The command that is run in the guest, as an argument vector.
    public var command: [String]?
    /// The bundle whose `workload.sh` is recorded: a name, or a folder's path, which has a slash.
    public var bundle: String?
    /// Files that are recorded one by one; the bundle runs them, `sample` where none is named.
    public var samples: Samples?
    /// Settings for the bundle, over those of the campaign.
    public var set: [String: String]?
    /// Files of this host that are put into the bundle, beside those of the campaign.
    public var add: [String]?

    /// The bundle whose `workload.sh` is recorded; nothing where a command is.
    var workloadBundle: String? { bundle ?? (samples == nil ? nil : Self.sampleBundle) }
}

extension Workload.Samples: Codable {
    /// Decodes a folder's path, or a list of files.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where it is neither.
    public init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var files: [String] = []
            while !list.isAtEnd { files.append(try list.decode(String.self)) }
            self = .files(files)
        } else {
            self = .folder(try decoder.singleValueContainer().decode(String.self))
        }
    }

    /// Encodes them as they are decoded.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .folder(let path): try container.encode(path)
        case .files(let paths): try container.encode(paths)
        }
    }
}
