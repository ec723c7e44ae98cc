import Foundation
import GuestEvents
import HostSupport
import RunRecords
import Testing

@Suite("What a guest's programs did is told from its trace", .serialized)
struct GuestEventsTests {
    /// A recorded login on a terminal, in which lines are typed; then the events that its trace tells.
    private func session(
        _ image: String,
        typing lines: [String],
        _ pandacap: Pandacap,
        _ folder: HostPath
    ) async throws -> (GuestActivity, [GuestEvent], HostPath) {
        _ = try await visiting(["record", image, "--login", "--no-verify"], pandacap, folder) {
            _,
            configuration in
            [
                try await Tool("ssh").output(
                    ["-tt", "-F", configuration, "guest"],
                    input: lines.map { $0 + "\r" }.joined()
                )
            ]
        }
        let (_, run) = try onlyRun(in: folder / "traces")
        let out = run.path / "analysis/events"
        let replay = try await pandacap(
            "replay",
            run.path.string,
            "--plugin",
            "guest_events",
            "--output",
            out.string
        )
        #expect(replay.status == .exited(0), "\(replay.standardOutput)\(replay.standardError)")
        var events: [GuestEvent] = []
        let isComplete = try EventReader(out / "events.jsonl").read { event, _ in events.append(event) }
        #expect(isComplete)
        return (try GuestActivity(out / "events.jsonl"), events, run.path)
    }

    private func words(_ process: GuestActivity.Process?) -> [String]? {
        process?.runs.last?.program.arguments?.map(\.description)
    }

    @Test("of a kernel with a maple tree: a pipeline, a file, exits, mappings, sockets, and the terminal")
    func tiny() async throws {
        try await withLab { pandacap, folder in
            let (activity, events, run) = try await session(
                "tiny",
                typing: [
                    "cat /etc/passwd | head -n 1 > /tmp/x", "mv /tmp/x /tmp/y; sh -c 'kill -9 $$'",
                    "(exit 7)",
                    "nc -w 1 10.0.2.2 9 < /dev/null", "nc 127.0.0.1 22 < /dev/null", "echo d\"on\"e; exit",
                ],
                pandacap,
                folder
            )
            #expect(activity.lacks.isEmpty)
            let cat = activity.processes.first { words($0) == ["cat", "/etc/passwd"] }
            // Busybox is head in a child that begins no other program.
            let head = activity.processes.first { $0.name.description == "head" }
            #expect(try #require(cat).ending != nil)
            #expect(try #require(head).ending == .status(0))
            #expect(cat?.parent == head?.parent)
            #expect(
                activity.processes.contains { words($0)?.last == "kill -9 $$" && $0.ending == .signal(9) }
            )
            #expect(activity.processes.contains { $0.ending == .status(7) })
            let file = try #require(activity.files.first { $0.path.description == "/tmp/x" })
            #expect(file.written > 20 && file.users.map(\.description).contains("head"))
            #expect(activity.changes.contains { "\($0.change)" == "rename /tmp/x to /tmp/y" })
            let sockets = activity.connections.map { "\($0.task.name) \($0.use)" }
            #expect(sockets.contains("nc connect 10.0.2.2:9 unfinished"), "\(sockets)")
            let near = try #require(
                activity.connections.first { $0.use.operation == .connect && $0.use.named?.port == 22 }?.use
            )
            #expect(near.named?.host == "127.0.0.1" && near.peer == near.named && near.type == "stream")
            let far = try #require(activity.connections.first { $0.use.operation == .accept }?.use)
            #expect(far.peer?.port == near.local?.port && far.local?.port == 22, "\(sockets)")
            let terminal = try #require(activity.terminals.first { $0.path.description == "/dev/pts/0" })
            #expect(terminal.lines.first?.text.description == "cat /etc/passwd | head -n 1 > /tmp/x")
            #expect(terminal.screen.contains("done"), "\(terminal.screen)")
            let mapped = events.compactMap { event -> [GuestEvent.Mapping]? in
                if case .mappings(_, "exit", let mappings) = event.content { mappings } else { nil }
            }
            let busybox = try #require(mapped.first)
            #expect(busybox.map(\.start) == busybox.map(\.start).sorted() && busybox.count > 5)
            #expect(busybox.contains { $0.path?.description == "/bin/busybox" && $0.rights == "r-xp" })
            #expect(busybox.contains { $0.path?.description == "[stack]" })
            try await compareWithContainer(run)
        }
    }

    /// The engine of a container tells the same, byte for byte.
    private func compareWithContainer(_ run: HostPath) async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let out = folder / "out"
            let replay = try await pandacap([
                "replay", run.string, "--engine", "container:\(image)", "--plugin", "guest_events",
                "--output",
                out.string,
            ])
            #expect(replay.status == .exited(0), "\(replay.standardOutput)\(replay.standardError)")
            let (inside, outside) = (out / "events.jsonl", run / "analysis/events/events.jsonl")
            #expect(try FileSystem.read(inside) == FileSystem.read(outside))
        }
    }

    @Test("of a session on Debian: what the visitor typed, what that started and touched, all in the report")
    func debian() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            let (activity, events, run) = try await session(
                image,
                typing: [
                    "cp /bin/true /tmp/.hidden; /tmp/.hidden --now", "cat /etc/passwd | wc -l > /tmp/count",
                    "rm /tmp/count; exit",
                ],
                pandacap,
                folder
            )
            let terminal = try #require(activity.terminals.first { !$0.lines.isEmpty })
            #expect(terminal.lines.contains { $0.text.description == "cat /etc/passwd | wc -l > /tmp/count" })
            for command in [
                ["cp", "/bin/true", "/tmp/.hidden"], ["/tmp/.hidden", "--now"], ["cat", "/etc/passwd"],
                ["wc", "-l"],
                ["rm", "/tmp/count"],
            ] {
                #expect(activity.processes.contains { words($0) == command }, "\(command)")
            }
            #expect(activity.files.contains { $0.path.description == "/tmp/.hidden" && $0.written > 10_000 })
            #expect(activity.changes.contains { "\($0.change)" == "unlink /tmp/count" })
            #expect(events.contains { $0.kind == .map && $0.description.hasSuffix("libc.so.6") })
            let (record, _) = try onlyRun(in: folder / "traces")
            let started = try #require(record.recordings.first?.started)
            let seen = try #require(events.compactMap(\.time).first)
            #expect(abs(seen.timeIntervalSince(started)) < 60, "the guest's clock is the host's")

            let report = try await pandacap("trace", "report", run.string, "--out", "-")
            #expect(report.status == .exited(0), "\(report.standardError)")
            for text in [
                "cat /etc/passwd | wc -l &gt; /tmp/count", "cp /bin/true /tmp/.hidden", "/tmp/.hidden --now",
                "unlink /tmp/count", "Terminal \(terminal.path)",
            ] {
                #expect(report.standardOutput.contains(text), "\(text)")
            }
            let typed = try await pandacap("trace", "events", run.string, "--typed")
            #expect(typed.standardOutput.contains("rm /tmp/count; exit"), "\(typed.standardError)")
            let execs = try await pandacap("trace", "events", run.string, "--kind", "exec", "--json")
            #expect(execs.standardOutput.contains(#""argv":["/tmp/.hidden","--now"]"#))
        }
    }

    @Test("and is refused of a guest without a profile, and with arguments that are none")
    func refused() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let recorded = try await pandacap(
                "record",
                image,
                "-o",
                folder.string,
                "--no-verify",
                "--",
                "true"
            )
            #expect(recorded.status == .exited(0), "\(recorded.standardError)")
            let (_, run) = try onlyRun(in: folder)
            let words = ["replay", run.path.string, "--plugin", "guest_events"]
            let analysis = try await pandacap(words)
            #expect(analysis.status == .exited(69))
            #expect(analysis.standardError.contains("has to know the guest's kernel"))
            let replay = try await pandacap(words + ["--output", (folder / "out").string])
            #expect(replay.status == .exited(69))
            #expect(replay.standardError.contains("x86_64 guests; this guest is i386"))
        }
    }
}
