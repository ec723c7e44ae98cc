import Foundation
public import HostSupport

/// Gives `body` an empty folder with a short path, which is gone afterwards.
///
/// - Parameter body: What to do with it.
/// - Returns: What `body` returned.
/// - Throws: What `body` throws.
public func withScratch<Result>(_ body: (HostPath) async throws -> Result) async throws -> Result {
    let folder = HostPath(NSTemporaryDirectory()) / "pandacap-test-\(UUID().uuidString.prefix(8))"
    try FileSystem.createDirectory(folder)
    defer { try? FileSystem.remove(folder) }
    return try await body(folder)
}

/// A small generator with a seed, so that a failing run can be repeated.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts at a seed.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next number of the sequence (SplitMix64).
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A text of up to 40 characters that shells, paths and terminals take for something else, and of any others.
    public mutating func nastyText() -> String {
        let nasty = Array(
            "'\"\\$`;&|<>()*?[]{}~#!%=/.,:-_ \t\n\r\u{301}\u{1B}\u{7F}\u{9B}\u{202E}aZ09é漢🐼".unicodeScalars
        )
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &self) {
            if Bool.random(using: &self), let scalar = nasty.randomElement(using: &self) {
                text.append(scalar)
            } else if let scalar = UnicodeScalar(UInt32.random(in: 1...0xFFFF, using: &self)) {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
