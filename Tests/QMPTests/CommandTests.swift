import Testing

@testable import QMP

/// What a command looks like on the wire, and what is made of its reply.
struct CommandCase: Sendable, CustomTestStringConvertible {
    var request: JSONValue
    var reply = "{}"
    var run: @Sendable (QMPClient) async throws -> Void

    var testDescription: String { request["execute"]?.stringValue ?? "" }
}

@Suite struct CommandTests {
    static let cases: [CommandCase] = [
        CommandCase(request: ["execute": "quit"]) { try await $0.quit() },
        CommandCase(request: ["execute": "stop"]) { try await $0.stop() },
        CommandCase(request: ["execute": "cont"]) { try await $0.cont() },
        CommandCase(request: ["execute": "system_reset"]) { try await $0.systemReset() },
        CommandCase(request: ["execute": "system_powerdown"]) { try await $0.systemPowerdown() },
        CommandCase(
            request: ["execute": "query-status"],
            reply: #"{"status": "inmigrate", "singlestep": false, "running": false}"#
        ) { client in
            let reply = try await client.queryStatus()
            #expect(reply == MachineStatus(isRunning: false, state: .inmigrate))
        },
        CommandCase(
            request: ["execute": "query-status"],
            reply: #"{"status": "dreaming", "running": true}"#
        ) { client in
            let reply = try await client.queryStatus()
            #expect(reply.state.rawValue == "dreaming")
        },
        CommandCase(
            request: ["execute": "query-version"],
            reply: #"{"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "x"}"#
        ) { client in
            let reply = try await client.queryVersion()
            #expect(reply == QMPVersion(major: 7, minor: 2, micro: 22, package: "x"))
        },
        CommandCase(
            request: ["execute": "query-commands"],
            reply: #"[{"name": "quit"}, {"name": "begin_record"}]"#
        ) { client in
            let reply = try await client.queryCommands()
            #expect(reply == ["begin_record", "quit"])
        },
        CommandCase(
            request: ["execute": "human-monitor-command", "arguments": ["command-line": "info \"a/b\""]],
            reply: #""line\r\n""#
        ) { client in
            let reply = try await client.humanMonitorCommand("info \"a/b\"")
            #expect(reply == "line\r\n")
        },
        CommandCase(request: ["execute": "begin_record", "arguments": ["file_name": "/runs/a b/ü"]]) {
            client in
            try await client.beginRecord(fileName: "/runs/a b/ü")
        },
        CommandCase(request: ["execute": "migrate", "arguments": ["uri": "unix:/a b"]]) { client in
            try await client.migrate(to: "unix:/a b")
        },
        CommandCase(request: ["execute": "migrate_set_speed", "arguments": ["value": 1_099_511_627_776]]) {
            client in
            try await client.setMigrationSpeed(bytesPerSecond: 1 << 40)
        },
        CommandCase(request: ["execute": "query-migrate"]) { client in
            let reply = try await client.queryMigrate()
            #expect(!reply.isCompleted && !reply.isFailed)
        },
        CommandCase(
            request: ["execute": "query-migrate"],
            reply: #"{"status": "failed", "error-desc": "full", "ram": {"total": 1}}"#
        ) { client in
            let reply = try await client.queryMigrate()
            #expect(reply == MigrationStatus(state: "failed", problem: "full") && reply.isFailed)
        },
        CommandCase(request: ["execute": "query-migrate"], reply: #"{"status": "completed"}"#) { client in
            let reply = try await client.queryMigrate()
            #expect(reply.isCompleted)
        },
        CommandCase(request: ["execute": "end_record"]) { try await $0.endRecord() },
        CommandCase(request: ["execute": "begin_replay", "arguments": ["file_name": "r"]]) { client in
            try await client.beginReplay(fileName: "r")
        },
        CommandCase(request: ["execute": "end_replay"]) { try await $0.endReplay() },
        CommandCase(request: ["execute": "load_plugin", "arguments": ["plugin_name": "osi"]]) { client in
            try await client.loadPlugin("osi")
        },
        CommandCase(
            request: [
                "execute": "load_plugin",
                "arguments": ["plugin_name": "p", "file_name": "/p.so", "plugin_args": "a=1,b"],
            ]
        ) { client in
            try await client.loadPlugin("p", fileName: "/p.so", arguments: ["a=1", "b"])
        },
        CommandCase(request: ["execute": "unload_plugin", "arguments": ["index": 3]]) { client in
            try await client.unloadPlugin(index: 3)
        },
        CommandCase(
            request: ["execute": "list_plugins"],
            reply: #"[{"index": 1, "name": "osi", "address": 2}, {"index": 0, "name": "net", "address": 1}]"#
        ) { client in
            let reply = try await client.listPlugins()
            #expect(reply.map(\.name) == ["net", "osi"])
        },
        CommandCase(
            request: ["execute": "qom-get", "arguments": ["path": "/", "n": [1, true]]],
            reply: #"{"a": [null, 1, 2.5, "x", false, {}]}"#
        ) { client in
            let reply = try await client.execute(
                "qom-get",
                arguments: ["path": "/", "n": [1, true]] as JSONValue,
                returning: JSONValue.self
            )
            #expect(reply == ["a": [.null, 1, .double(2.5), "x", false, [:]]])
        },
    ]

    @Test(arguments: cases) func commandOnTheWire(_ command: CommandCase) async throws {
        try await withStubClient { peer in
            var request = try peer.receive()
            try peer.reply(to: request, command.reply)
            guard case .object(var members) = request else { throw StubError("no object") }
            members["id"] = nil
            request = .object(members)
            guard request == command.request else { throw StubError("got \(request)") }
        } body: { client in
            try await command.run(client)
        }
    }

    @Test func commaInAPluginArgumentIsRefused() async throws {
        try await withStubClient {
            try $0.waitForEnd()
        } body: { client in
            let error = try await #require(throws: QMPError.self) {
                try await client.loadPlugin("p", arguments: ["a,b"])
            }
            #expect(error.code == .invalidArgument)
        }
    }

    static let pandaCommands: [CommandCase] = cases.filter { command in
        let name = command.testDescription
        return name.hasSuffix("_record") || name.hasSuffix("_replay") || name.contains("_plugin")
    }

    @Test(arguments: pandaCommands) func stockQEMUIsNamed(_ command: CommandCase) async throws {
        try await withStubClient { peer in
            let request = try peer.receive()
            try peer.refuse(request, class: "CommandNotFound", "The command x has not been found")
        } body: { client in
            let error = try await #require(throws: QMPError.self) { try await command.run(client) }
            #expect(error.code == .commandNotFound)
            #expect(error.message.hasPrefix("the emulator (version \"2.9.1\") is not PANDA: "))
            let cause = try #require(error.underlyingError as? QMPServerError)
            #expect(cause.errorClass == "CommandNotFound")
        }
    }
}
