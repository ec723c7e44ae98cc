import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Capture

@Suite struct PacketCaptureTests {
    /// An Ethernet frame of a type that nobody uses.
    private func frame(_ number: UInt8, _ count: Int) -> [UInt8] {
        [UInt8](repeating: 0xFF, count: 6) + [2, 0, 0, 0, 0, number, 0x88, 0xB5]
            + [UInt8](repeating: number, count: count)
    }

    private func announced(_ frame: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt32(frame.count).bigEndian) { Array($0) } + frame
    }

    /// Writes pieces as the engine would and returns the frames of the file.
    private func capture(_ pieces: [[UInt8]], in folder: HostPath) async throws -> (
        frames: [[UInt8]], problem: String?
    ) {
        let (host, engine) = try connectedPair()
        let path = folder / "net.pcap"
        let capture = PacketCapture(connection: host, path: path)
        for piece in pieces {
            // One that was refused is no longer read.
            try? await engine.write(piece)
            try await Task.sleep(for: .milliseconds(2))
        }
        engine.shutdown()
        let problem = try await capture.finish()
        let frames = try read(path)
        #expect(capture.frames == UInt64(frames.count))
        return (frames, problem)
    }

    /// Reads a pcap file by the book: pcap-savefile(5).
    private func read(_ path: HostPath) throws -> [[UInt8]] {
        let bytes = Array(try FileSystem.read(path))
        func number(_ offset: Int) -> Int {
            bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        try #require(bytes.count >= 24)
        #expect(number(0) == 0xA1B2_3C4D && number(4) == 0x0004_0002 && number(20) == 1)
        var frames: [[UInt8]] = []
        var offset = 24
        while offset < bytes.count {
            try #require(offset + 16 <= bytes.count)
            let length = number(offset + 8)
            try #require(length == number(offset + 12) && offset + 16 + length <= bytes.count)
            #expect(abs(Date().timeIntervalSince1970 - Double(number(offset))) < 60)
            #expect(number(offset + 4) < 1_000_000_000)
            frames.append(Array(bytes[offset + 16..<offset + 16 + length]))
            offset += 16 + length
        }
        return frames
    }

    @Test func framesAreKeptHoweverTheyAreCutOnTheirWay() async throws {
        try await withScratch { folder in
            let frames = [frame(1, 46), frame(2, 1500), frame(3, 60_000), frame(4, 0)]
            let stream = frames.flatMap(announced)
            let cuts = [1, 2, 5, 40, stream.count - 70, stream.count - 1]
            let pieces = zip([0] + cuts, cuts + [stream.count]).map { Array(stream[$0..<$1]) }
            for way in [[stream], pieces, frames.map(announced)] {
                let result = try await capture(way, in: folder)
                #expect(result.problem == nil)
                #expect(result.frames == frames)
            }
        }
    }

    @Test(.enabled(if: Tool("tcpdump").path != nil, "tcpdump is not installed"))
    func tcpdumpReadsTheFile() async throws {
        try await withScratch { folder in
            _ = try await capture([announced(frame(1, 46)), announced(frame(2, 100))], in: folder)
            let lines = try await Tool("tcpdump").run(["-nn", "-e", "-r", (folder / "net.pcap").string])
                .split(separator: "\n").filter { $0.contains("ethertype") }
            #expect(lines.count == 2)
            #expect(lines.first?.contains("02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff") == true)
            #expect(lines.last?.contains("length 114:") == true)
        }
    }

    @Test func anAbsurdLengthIsReportedAndWhatCameBeforeIsKept() async throws {
        try await withScratch { folder in
            let pieces = [announced(frame(1, 46)), [0x7F, 0xFF, 0xFF, 0xFF], announced(frame(2, 46))]
            let result = try await capture(pieces, in: folder)
            #expect(result.frames == [frame(1, 46)])
            #expect(result.problem == "the engine announced a frame of 2147483647 bytes")
        }
    }

    @Test(arguments: [2, 4, 20])
    func aCutFrameIsReported(_ count: Int) async throws {
        try await withScratch { folder in
            let result = try await capture(
                [announced(frame(1, 46)), Array(announced(frame(2, 46)).prefix(count))],
                in: folder
            )
            #expect(result.frames == [frame(1, 46)])
            #expect(result.problem == "the last frame is cut")
        }
    }

    @Test func noFramesMakeAnEmptyFileAndNoFileAProblem() async throws {
        try await withScratch { folder in
            let result = try await capture([], in: folder)
            #expect(result.frames.isEmpty && result.problem == nil)
            let (host, _) = try connectedPair()
            let problem = try await PacketCapture(connection: host, path: folder / "none/net.pcap").finish()
            #expect(problem?.contains("cannot write") == true)
        }
    }
}
