import Foundation
import HostSupport

extension FoundMembers {
    /// Compares the members of an rr2 archive with the digests in it, which PANDA writes and never reads.
    mutating func checkSHA1() throws {
        guard let hashes = members[.hashes] else {
            warnings.append("it has no member 'sha1': nothing says that its members are what was packed")
            return
        }
        func error(_ code: TraceArchiveError.Code, _ message: String) -> TraceArchiveError {
            TraceArchiveError(code, member: hashes.name, at: hashes.offset, message)
        }
        var listed: Set<MemberPart> = []
        for line in hashes.text.split(separator: "\n") {
            let words = line.split(separator: ": ")
            guard words.count == 2, let part = MemberPlace.rr2Parts[String(words[0])],
                words[1].wholeMatch(of: /[0-9a-f]{40}/) != nil
            else {
                throw error(
                    .invalidText,
                    "expected a member's name and its SHA-1: found '\(Console.printable(String(line.prefix(80))))'"
                )
            }
            guard listed.insert(part).inserted else {
                throw error(.duplicateMember, "\(words[0]) is in it twice")
            }
            guard let member = members[part] else {
                throw error(.missingMember, "it has the digest of '\(words[0])', which is not there")
            }
            guard member.digests.sha1Text == String(words[1]) else {
                throw TraceArchiveError(
                    .digestMismatch,
                    member: member.name,
                    at: member.offset,
                    "its SHA-1 is not the one that the archive gives for it"
                )
            }
        }
        for part in [MemberPart.snapshot, .log] where !listed.contains(part) {
            warnings.append("the member 'sha1' has no digest of the \(part == .log ? "log" : "snapshot")")
        }
    }

    /// Takes over what `metadata.json` of an rr2 archive says (`rr2_add_recording_files` in PANDA's `rr_log.c`).
    mutating func readMetadata(_ contents: inout ArchiveContents) {
        guard let metadata = members[.metadata] else {
            warnings.append("it has no member 'metadata.json'")
            return
        }
        guard let object = jsonObject(metadata.text) else {
            warnings.append("the member 'metadata.json' is no JSON object")
            return
        }
        if let profile = object["profile"] as? String, !profile.isEmpty { contents.os = profile }
        if let memory = object["memory_size"] as? Int, memory > 0 {
            contents.memoryMebibytes = UInt64(memory)
        }
    }

    /// Takes over what `metadata.json` of an RRArchive says, and compares its digests (`_helper_metadata` in
    /// `rrtool.py`).
    mutating func readRRArchiveMetadata(_ contents: inout ArchiveContents) throws {
        guard let metadata = members[.metadata], !metadata.text.trimmingEnd.isEmpty else {
            warnings.append("it has no metadata: nothing says that its members are what was packed")
            return
        }
        guard let object = jsonObject(metadata.text) else {
            warnings.append("the member '\(metadata.name)' is no JSON object")
            return
        }
        if let command = (object["cmd"] as? String)?.trimmingEnd, !command.isEmpty {
            contents.command = command
        }
        let checksums = object["checksums"] as? [String: Any] ?? [:]
        for (part, names) in [
            (MemberPart.snapshot, ["rr-snp"]), (.log, ["rr-nondet.log", "rr-nodet.log"]),
        ] {
            guard let member = members[part],
                let digest = names.compactMap({ checksums[$0] as? String }).first,
                digest.hasPrefix("sha256:")
            else {
                warnings.append("its metadata has no SHA-256 of the \(part == .log ? "log" : "snapshot")")
                continue
            }
            guard digest == "sha256:" + member.digests.file.sha256 else {
                throw TraceArchiveError(
                    .digestMismatch,
                    member: member.name,
                    at: member.offset,
                    "its SHA-256 is not the one that the archive gives for it"
                )
            }
        }
        if let count = object["instructions"] as? UInt64 { try checkCount(count, "metadata") }
    }

    private func jsonObject(_ text: String) -> [String: Any]? {
        try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    }
}
