/// Something that is wrong with the metadata of a dataset, or that they still lack.
public struct StandardsFinding: Sendable, Codable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Level: String, Sendable, Codable {
        /// The file is not what its standard asks for, or tells something else than is there.
        case wrong
        /// The dataset can be used, and cannot be published like this.
        case unfinished
    }

    /// How bad it is.
    public let level: Level
    /// The file, such as `croissant.json`.
    public let file: String
    /// Where in the file, such as `distribution[3].sha256`; empty for the file itself.
    public let place: String
    /// What is wrong.
    public let text: String

    /// The file, the place and what is wrong.
    public var description: String { place.isEmpty ? "\(file): \(text)" : "\(file): \(place) \(text)" }
}
