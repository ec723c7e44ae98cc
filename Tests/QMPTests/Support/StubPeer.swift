import Foundation

@testable import QMP

/// The server's side of a connection, for scripts.
final class StubPeer: Sendable {
    static let greeting =
        #"{"QMP": {"version": {"qemu": {"micro": 1, "minor": 9, "major": 2}, "package": ""}, "capabilities": []}}"#

    let socket: StubSocket

    init(_ socket: StubSocket) {
        self.socket = socket
    }

    func send(_ line: String) throws {
        try socket.write(Array((line + "\r\n").utf8))
    }

    func shakeHands() throws {
        try send(Self.greeting)
        let request = try receive()
        guard request["execute"] == "qmp_capabilities" else { throw StubError("no qmp_capabilities") }
        try reply(to: request)
    }

    /// The next command, or an error if the client is gone or sends none for 60 s.
    func receive() throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(try socket.readLine()))
    }

    func reply(to request: JSONValue, _ value: String = "{}") throws {
        try send(#"{"return": \#(value), "id": \#(request["id"]?.integerValue ?? -1)}"#)
    }

    func refuse(_ request: JSONValue, class name: String, _ text: String) throws {
        let id = request["id"]?.integerValue ?? -1
        try send(#"{"id": \#(id), "error": {"class": "\#(name)", "desc": "\#(text)"}}"#)
    }

    func event(_ name: String, data: String = "{}") throws {
        try send(
            #"{"timestamp": {"seconds": 7, "microseconds": 9}, "event": "\#(name)", "data": \#(data)}"#
        )
    }

    /// Waits until the client has closed the connection.
    func waitForEnd() throws {
        while try socket.read().isEmpty == false {}
    }
}
