public import Foundation
import HostSupport
public import RunRecords

/// A run's record as it is published: no path, folder or user of the host that recorded is in it.
///
/// What the guest said and was told stays as it is, with the guest's paths in it.
public enum PublishedRecord {
    /// The record of one recording of a run, as JSON.
    ///
    /// - Parameters:
    ///   - record: The run's record.
    ///   - recording: The recording's name; the others are left out.
    ///   - privacy: What replaces peers' addresses; nothing where they stay.
    /// - Returns: JSON that ``RunRecords/RunRecord`` reads.
    /// - Throws: ``HostSupport/Failure`` where the record cannot be written as JSON.
    public static func json(
        of record: RunRecord,
        recording: String,
        privacy: (any DatasetPrivacy)? = nil
    ) throws -> Data {
        // In the form that all of our files have, and proven to be a record still.
        try JSONText.encode(published(record, recording: recording, privacy: privacy))
    }

    /// Who was connected to a run's guest, as it is published.
    ///
    /// - Parameters:
    ///   - run: The run's folder.
    ///   - record: The run's record.
    ///   - privacy: What replaces their addresses; nothing where they stay.
    /// - Returns: The peers; none where nothing tells of them.
    static func peers(in run: RunFolder, of record: RunRecord, privacy: (any DatasetPrivacy)?) -> [Peer] {
        let peers = ((try? RunPeers.read(from: run)) ?? RunPeers.find(in: run, of: record))?.peers ?? []
        return privacy.map { privacy in peers.map { privacy.peer($0) } } ?? peers
    }

    /// The record of one recording of a run.
    ///
    /// - Parameters:
    ///   - record: The run's record.
    ///   - recording: The recording's name; the others are left out.
    ///   - privacy: What replaces peers' addresses; nothing where they stay.
    /// - Returns: The record, with nothing of the host in it.
    /// - Throws: `Failure` where the record cannot be written as JSON.
    static func published(_ record: RunRecord, recording: String, privacy: (any DatasetPrivacy)?) throws
        -> RunRecord
    {
        var record = record
        record.recordings.removeAll { $0.name != recording }
        let source = "the record of \(record.id)"
        guard
            var object = try JSONSerialization.jsonObject(with: try JSONText.encode(record))
                as? [String: Any]
        else { throw Failure(.internal, "\(source) is no object") }
        object = try scrub(object, []) as? [String: Any] ?? [:]
        if let privacy { object = anonymised(object, privacy) as? [String: Any] ?? [:] }
        let data = try JSONSerialization.data(withJSONObject: object)
        return try JSONText.decode(RunRecord.self, from: data, source: source)
    }

    /// What the guest was told and what it answered, by the keys that lead there.
    private static let guests: Set<[String]> = [
        ["commands"], ["bootstrap", "output"], ["bundle", "output"], ["bundle", "settings"],
    ]
    private static let arguments: Set<[String]> = [
        ["command", "arguments"], ["machine", "extraArguments"], ["machine", "networkDevice"],
    ]

    private static func scrub(_ value: Any, _ place: [String]) throws -> Any {
        if guests.contains(place) { return value }
        if let object = value as? [String: Any] {
            return try object.reduce(into: [String: Any]()) {
                $0[$1.key] = try scrub($1.value, place + [$1.key])
            }
        }
        if let list = value as? [Any] {
            if arguments.contains(place) { return scrubArguments(list) }
            return try list.map { try scrub($0, place) }
        }
        guard let text = value as? String else { return value }
        if place.first == "command" || ["program", "disk", "folder"].contains(place.last ?? "") {
            return HostPathScrubber.scrub(text, place.contains("environment") ? .list : .argument)
        }
        return HostPathScrubber.scrub(text, .prose)
    }

    private static func scrubArguments(_ list: [Any]) -> [Any] {
        var former = ""
        return list.map { argument in
            guard let text = argument as? String else { return argument }
            defer { former = text }
            // The guest kernel's command line names the guest's files.
            return former == "-append" ? text : HostPathScrubber.scrub(text, .argument)
        }
    }

    private static func anonymised(_ value: Any, _ privacy: any DatasetPrivacy) -> Any {
        if let object = value as? [String: Any] {
            return object.reduce(into: [String: Any]()) { result, pair in
                result[privacy.text(pair.key)] = anonymised(pair.value, privacy)
            }
        }
        if let list = value as? [Any] { return list.map { anonymised($0, privacy) } }
        return (value as? String).map { privacy.text($0) } ?? value
    }
}
