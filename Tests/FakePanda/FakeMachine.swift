import Foundation
import Glibc
import HostSupport
import TestSupport

/// What the stand-in does while its guest would run: answers QMP, and makes a recording when it is time.
struct FakeMachine {
    private let control: Int32
    /// Those to the agent and for packets, over which nothing is ever sent.
    private let connections: [Int32]
    private let memory: ByteSize
    private var client: Int32 = -1
    private var pending: [UInt8] = []
    private var begin: Double?
    private var end: Double?
    private var count = 0
    private let length: Double

    init(control: Int32, connections: [Int32], memory: ByteSize) {
        self.control = control
        self.connections = connections
        self.memory = memory
        length = FakePanda.setting("PANDA_FAKE_LENGTH").flatMap(Double.init) ?? 1
        schedule()
    }

    /// Runs until it is told to quit, or until SIGTERM, upon which a recording that is open is closed.
    mutating func run() {
        Self.takeSignals()
        while true {
            var questions = [pollfd(fd: client < 0 ? control : client, events: Int16(POLLIN), revents: 0)]
            poll(&questions, 1, timeout)
            if Self.isEnding != 0 { leave() }
            if questions[0].revents != 0 { client < 0 ? accept() : read() }
            record()
        }
    }

    nonisolated(unsafe) private static var isEnding: sig_atomic_t = 0

    private static func takeSignals() { signal(SIGTERM) { _ in FakeMachine.isEnding = 1 } }

    private static let start = ContinuousClock.now

    private static var now: Double { (ContinuousClock.now - start).seconds }

    /// Milliseconds until something is to be done; a signal ends the wait.
    private var timeout: Int32 {
        guard let next = end ?? begin else { return -1 }
        return Int32(min(max((next - Self.now) * 1000, 0), 60_000)) + 1
    }

    private mutating func schedule() {
        begin = FakePanda.setting("PANDA_FAKE_VISIT").flatMap(Double.init)
            .map { Self.now + $0 * Double.random(in: 0.5...1.5) }
        end = nil
    }

    // MARK: QMP

    private mutating func accept() {
        client = Glibc.accept(control, nil, nil)
        send(#"{"QMP":{"version":{"qemu":{"micro":1,"minor":9,"major":2},"package":""},"capabilities":[]}}"#)
    }

    private mutating func read() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let received = recv(client, &bytes, bytes.count, 0)
        guard received > 0 else { leave() }
        pending += bytes.prefix(received)
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            answer(String(decoding: pending[..<end], as: UTF8.self))
            pending.removeSubrange(...end)
        }
    }

    private mutating func answer(_ line: String) {
        let id = Self.value(of: "id", in: line) ?? "0"
        let command = Self.value(of: "execute", in: line) ?? ""
        let result =
            switch command {
            case "query-status": #"{"running":true,"singlestep":false,"status":"running"}"#
            case "human-monitor-command": #""""#
            default: "{}"
            }
        send(#"{"return":\#(result),"id":\#(id)}"#)
        if command == "quit" { leave() }
    }

    /// The value of a key, without quotation marks; enough for what our client sends.
    private static func value(of key: String, in line: String) -> String? {
        let words = line.split { "{}:,\" ".contains($0) }.map(String.init)
        return words.firstIndex(of: key).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }

    private func send(_ line: String) {
        let bytes = Array((line + "\r\n").utf8)
        _ = Glibc.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    // MARK: Recordings

    private mutating func record() {
        let now = Self.now
        if end == nil, let begin, now >= begin {
            put(log: nil, snapshot: HandMadeRecording.snapshot(memory: memory))
            put(log: Data(count: 8), snapshot: nil)
            end = now + length
            if FakePanda.setting("PANDA_FAKE_FAIL") == "crash" { kill(getpid(), SIGSEGV) }
        } else if let end, now >= end {
            close()
            schedule()
        }
    }

    private mutating func close() {
        put(log: try? HandMadeRecording.log(), snapshot: nil)
        count += 1
        end = nil
    }

    private func put(log: Data?, snapshot: Data?) {
        let name = "fake_" + (count < 100 ? "0" : "") + (count < 10 ? "0" : "") + "\(count)"
        do {
            try HandMadeRecording.put(name, log: log, snapshot: snapshot, in: ".")
        } catch {
            print(error)
            exit(73)
        }
    }

    private mutating func leave() -> Never {
        if end != nil { close() }
        exit(0)
    }
}
