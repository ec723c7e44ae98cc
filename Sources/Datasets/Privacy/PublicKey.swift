import Foundation
import HostSupport

/// A public key of this machine or of its user.
public struct PublicKey: Sendable, Hashable {
    /// Where it is from.
    public let name: String
    /// The key as ssh sends it: its type and its numbers.
    let blob: [UInt8]

    /// What it is known by, as `ssh-keygen -l` prints it.
    public var fingerprint: String { "SHA256:" + KeyMaterial.digest(blob) }

    /// Reads a line such as `ssh-ed25519 AAAA... comment`; nothing where it is no such line.
    public init?(line: String, name: String) {
        let words = line.split(separator: " ")
        guard words.count >= 2, let data = Data(base64Encoded: String(words[1])), data.count >= 40 else {
            return nil
        }
        self.name = name
        blob = Array(data)
    }

    /// What tells the key from others: bytes from the middle of its numbers, and letters of its text.
    var patterns: [SecretPattern] {
        let bytes = Array(blob.dropFirst(max(0, blob.count / 2 - 16)).prefix(32))
        // Base 64 goes by three bytes: the text of the whole has these letters.
        let first = max(0, blob.count / 2 - 18) / 3 * 3
        let text = Data(blob.dropFirst(first).prefix(30)).base64EncodedString()
        let subject = "the public key \(name)"
        return [SecretPattern(bytes: bytes, form: .plain, kind: .operatorKey, subject: subject)]
            + SecretPattern.text(text, .operatorKey, subject: subject)
    }

    /// The keys in a folder: files whose names end with `.pub`.
    static func find(in folder: HostPath) -> [PublicKey] {
        FileSystem.list(folder).filter { $0.hasSuffix(".pub") }.compactMap { name in
            let text = try? FileSystem.readText(folder / name, limit: 64 << 10)
            return text.flatMap { PublicKey(line: $0, name: (folder / name).string) }
        }
    }
}
