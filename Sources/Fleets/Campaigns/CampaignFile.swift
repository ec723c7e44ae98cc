public import HostSupport

/// What a campaign's file says; `docs/campaign.schema.json` describes it, and what it leaves out has a default.
public struct CampaignFile: Sendable, Hashable {
    /// How many items are made at once.
    public enum Concurrency: Sendable, Hashable {
        /// As many as this host has processors and free memory for.
        case auto
        /// So many.
        case fixed(Int)
    }

    /// The number of the layout, 1.
    public var schema: Int
    /// The campaign's name.
    public var name: String
    /// The folder that runs are kept in, relative to the file.
    public var collection: String?
    /// The guest, with what all items have in common.
    public var guest: GuestSettings
    /// The guest images, where there is more than one.
    public var images: [String]?
    /// What is recorded.
    public var workloads: [Workload]
    /// How often each workload is recorded with each image.
    public var repetitions: Int?
    /// What the items' own seeds follow from.
    public var seed: UInt64?
    /// How often an item is tried again that failed or diverged.
    public var retries: Int?
    /// How long a recording may last.
    public var timeout: TimeSpan?
    /// How many recordings an item makes of its workload in one guest.
    public var recordings: Int?
    /// How many items are made at once.
    public var concurrency: Concurrency?
}

extension CampaignFile: Codable {
    private enum Key: String, CodingKey {
        case schema, name, collection, images, workloads, repetitions, seed, retries, timeout, recordings
        case concurrency
    }

    /// Decodes a file; the guest's keys stand beside the campaign's.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where a key is missing or of another kind.
    public init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: Key.self)
        images = try keys.decodeIfPresent([String].self, forKey: .images)
        guest = try GuestSettings(from: decoder)
        schema = try keys.decode(Int.self, forKey: .schema)
        name = try keys.decode(String.self, forKey: .name)
        collection = try keys.decodeIfPresent(String.self, forKey: .collection)
        workloads = try keys.decode([Workload].self, forKey: .workloads)
        repetitions = try keys.decodeIfPresent(Int.self, forKey: .repetitions)
        seed = try keys.decodeIfPresent(UInt64.self, forKey: .seed)
        retries = try keys.decodeIfPresent(Int.self, forKey: .retries)
        timeout = try keys.decodeIfPresent(TimeSpan.self, forKey: .timeout)
        recordings = try keys.decodeIfPresent(Int.self, forKey: .recordings)
        concurrency = try keys.decodeIfPresent(Concurrency.self, forKey: .concurrency)
    }

    /// Encodes the file as it is decoded.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try guest.encode(to: encoder)
        var keys = encoder.container(keyedBy: Key.self)
        try keys.encode(schema, forKey: .schema)
        try keys.encode(name, forKey: .name)
        try keys.encodeIfPresent(collection, forKey: .collection)
        try keys.encodeIfPresent(images, forKey: .images)
        try keys.encode(workloads, forKey: .workloads)
        try keys.encodeIfPresent(repetitions, forKey: .repetitions)
        try keys.encodeIfPresent(seed, forKey: .seed)
        try keys.encodeIfPresent(retries, forKey: .retries)
        try keys.encodeIfPresent(timeout, forKey: .timeout)
        try keys.encodeIfPresent(recordings, forKey: .recordings)
        try keys.encodeIfPresent(concurrency, forKey: .concurrency)
    }
}

extension CampaignFile.Concurrency: Codable {
    /// Decodes `auto` or a number.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where it is neither.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .fixed(number)
            return
        }
        let word = try container.decode(String.self)
        guard word == "auto" else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(word)' is neither 'auto' nor a number"
            )
        }
        self = .auto
    }

    /// Encodes it as it is decoded.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .auto: try container.encode("auto")
        case .fixed(let number): try container.encode(number)
        }
    }
}
