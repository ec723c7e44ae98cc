import Glibc
import HostSupport

/// A stand-in for the engine, to load a supervisor with a thousand guests where one host holds a few dozen.
///
/// It has no guest. It connects to the agent's and the packets' sockets as QEMU does, speaks QMP, makes recordings of
/// three entries and no memory, and "replays" any. Variables of its environment; an engine is left those that begin so:
///
/// - `PANDA_FAKE_VISIT`: seconds until a recording begins; half as long up to half as long again. None begins without it.
/// - `PANDA_FAKE_LENGTH`: seconds that a recording lasts; 1 without it.
/// - `PANDA_FAKE_FAIL`: `start` ends it with status 1 at once, `crash` by SIGSEGV in the middle of a recording.
@main
enum FakePanda {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.contains("-help") {
            print("QEMU emulator version 2.9.1, Copyright (c) nobody: a stand-in for PANDA\n-panda")
            return
        }
        if let name = value(of: "-replay", in: arguments) {
            print("\(name):  1000 (100.00%) instrs.\nReplay completed successfully")
            return
        }
        if setting("PANDA_FAKE_FAIL") == "start" {
            print("this stand-in was told to fail")
            exit(1)
        }
        guard let control = path(in: value(of: "-qmp", in: arguments)) else {
            print("there is no -qmp")
            exit(64)
        }
        signal(SIGPIPE, SIG_IGN)
        let sockets = arguments.filter {
            $0.hasPrefix("socket,id=agent,") || $0.hasPrefix("socket,id=packets,")
        }
        let connections = sockets.compactMap { path(in: $0) }.map(UnixSocket.connected)
        let mebibytes = value(of: "-m", in: arguments).flatMap(UInt64.init) ?? 128
        var machine = FakeMachine(
            control: UnixSocket.listening(control),
            connections: connections,
            memory: .mebibytes(mebibytes)
        )
        machine.run()
    }

    /// A variable of the environment.
    static func setting(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func value(of option: String, in arguments: [String]) -> String? {
        arguments.firstIndex(of: option).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
    }

    /// `PATH` of `unix:PATH,server,nowait` or of `socket,id=ID,path=PATH`.
    private static func path(in text: String?) -> String? {
        text?.split(separator: ",").lazy.compactMap { part in
            ["unix:", "path="].first { part.hasPrefix($0) }.map { String(part.dropFirst($0.count)) }
        }.first
    }
}
