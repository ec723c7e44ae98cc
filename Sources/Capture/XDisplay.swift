import Containers
import HostSupport
import RunRecords

/// An X display on which the engine shows the guest's.
struct XDisplay: Sendable {
    /// The display's name, such as `:78`.
    let name: String
    /// How the engine shows something there, as `-display` takes it.
    let backEnd: String

    /// Sees that the engine can show something, and that there is an X server to show it.
    ///
    /// - Parameters:
    ///   - name: The display's name.
    ///   - engine: The engine.
    /// - Throws: `Failure` with `unavailable` where either is missing.
    init(_ name: String, of engine: UsableEngine) throws {
        guard let backEnd = engine.windowSystem else {
            throw Failure(
                .unavailable,
                "the engine \(engine.record.program) cannot show the guest's display: it was built without GTK and SDL",
                hint: "leave out -D; the guest's console is in console.log"
            )
        }
        // "[HOST]:NUMBER[.SCREEN]"; without a host the server listens at a socket.
        let number =
            name.split(separator: ":", omittingEmptySubsequences: false).last?.prefix { $0 != "." } ?? ""
        guard name.contains(":"), Int(number) != nil else {
            throw Failure(.usage, "'\(name)' is no X display", hint: "write one such as :0")
        }
        let socket = HostPath("/tmp/.X11-unix/X\(number)")
        guard !name.hasPrefix(":") || FileSystem.exists(socket) else {
            throw Failure(
                .unavailable,
                "there is no X server at the display \(name): there is no \(socket)",
                hint: "start one, such as 'Xvfb \(name)', or leave out -D: nothing is shown then"
            )
        }
        self.name = name
        self.backEnd = backEnd
    }
}
