import Testing

@testable import QMP

/// Damaged streams must end in an error or in nothing, but never in a crash or an endless loop.
@Suite struct MutationTests {
    private static let transcript =
        [
            StubPeer.greeting,
            #"{"return": {}, "id": 0}"#,
            #"{"timestamp": {"seconds": 1267020223, "microseconds": 435656}, "event": "RESET", "data": {"a": [1]}}"#,
            #"{"return": {"status": "running", "singlestep": false, "running": true}, "id": 1}"#,
            #"{"id": 2, "error": {"class": "CommandNotFound", "desc": "The command \u00fc has not been found"}}"#,
            #"{"return": [[[["deep", {"x": -1.5e300}]]]], "id": 3}"#,
        ]
        .map { Array(($0 + "\r\n").utf8) }
        .reduce([], +)

    @Test func undamagedStreamIsUnderstood() throws {
        var session = SessionState<Int>(limit: 8)
        #expect(try Self.feed(Self.transcript, to: &session, piece: 10) == 3)
    }

    @Test(arguments: 0..<8) func damagedStreams(_ seed: UInt64) async {
        var random = SplitMix(state: seed)
        for _ in 0..<600 {
            // Without this the tests that wait for something would not get a thread for seconds.
            await Task.yield()
            let stream = Self.damage(Self.transcript, using: &random)
            do {
                var session = SessionState<Int>(limit: 8)
                _ = try Self.feed(stream, to: &session, piece: Int.random(in: 1...200, using: &random))
            } catch {
                #expect(error is QMPError, "\(error)")
            }
        }
    }

    @Test func streamCutAnywhere() throws {
        for end in Self.transcript.indices {
            var session = SessionState<Int>(limit: 8)
            #expect(try Self.feed(Array(Self.transcript[..<end]), to: &session, piece: 64) < 3)
        }
    }

    @Test(arguments: 0..<40) func damagedStreamsOverTheSocket(_ seed: UInt64) async throws {
        var random = SplitMix(state: 1000 + seed)
        let stream = Self.damage(Self.transcript, using: &random)
        try await withStubServer { peer in
            // The client may have closed the connection already.
            try? peer.socket.write(stream)
        } body: { path in
            do {
                let client = try await QMPClient.connect(to: path, timeout: .seconds(60))
                _ = try await client.queryStatus(timeout: .seconds(60))
            } catch {
                #expect((error as? QMPError).map { $0.code != .timeout } == true, "\(error)")
            }
        }
    }

    /// Feeds a stream to the framer, the decoder and the session; returns how many commands were answered.
    private static func feed(
        _ stream: [UInt8],
        to session: inout SessionState<Int>,
        piece: Int
    ) throws -> Int {
        var framer = LineFramer(limit: 512)
        var answered = 0
        for start in stride(from: 0, to: stream.count, by: piece) {
            framer.append(stream[start..<min(start + piece, stream.count)])
            while let line = try framer.next() {
                switch try session.receive(InboundMessage(line, longestEvent: 256)) {
                case .resume: answered += 1
                case .nothing: for waiter in 1...3 { try session.register(waiter, id: session.makeID()) }
                case .negotiate, .emit: break
                }
            }
        }
        return answered
    }

    private static func damage(_ stream: [UInt8], using random: inout SplitMix) -> [UInt8] {
        var stream = stream
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: stream.indices, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: stream[place] = .random(in: 0...255, using: &random)
            case 1: stream[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: stream.remove(at: place)
            case 3:
                stream.insert(Array("{}[]\",:\\\n0-e\0".utf8).randomElement(using: &random) ?? 0, at: place)
            case 4: stream.insert(contentsOf: stream[place...].prefix(60), at: place)
            default: stream.removeSubrange(place..<max(place, min(place + 30, stream.count - 1)))
            }
        }
        return stream
    }
}

/// A generator of random numbers whose seed makes a failure repeatable.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
