import Foundation
import Glibc
import HostSupport

/// The real Slurm, with a controller, nodes and keys of its own: its nodes are processes of this host.
struct SlurmCluster {
    private static let package = "slurm-wlm"
    private static let nodes = ["n1", "n2", "n3"]

    private let folder: HostPath

    private var configuration: HostPath { folder / "slurm.conf" }

    /// What Slurm's programs have to know.
    var environment: [String: String] { ["SLURM_CONF": configuration.string] }

    /// Gives `body` a cluster of three nodes with a processor each; nothing of it is left afterwards.
    static func run<Value>(in folder: HostPath, _ body: (SlurmCluster) async throws -> Value) async throws
        -> Value
    {
        let cluster = SlurmCluster(folder: folder)
        let result: Result<Value, any Error>
        do {
            try await cluster.start()
            result = .success(try await body(cluster))
        } catch {
            result = .failure(error)
        }
        try await cluster.stop()
        return try result.get()
    }

    private func start() async throws {
        try FileSystem.createDirectory(folder / "state")
        var generator = SystemRandomNumberGenerator()
        let key = (0..<128).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try FileSystem.write(Data(key), to: folder / "munge.key", mode: 0o600)
        try FileSystem.write(try text, to: configuration)
        try await Tool("munged", package: "munge").run([
            "--force", "--key-file=\(folder)/munge.key", "--socket=\(folder)/munge.sock",
            "--pid-file=\(folder)/munged.pid", "--log-file=\(folder)/munged.log",
            "--seed-file=\(folder)/munge.seed", "--num-threads=2",
        ])
        try await Tool("slurmctld", package: Self.package).run(["-c"], environment: environment)
        for node in Self.nodes {
            try await Tool("slurmd", package: Self.package).run(["-N", node], environment: environment)
        }
        let isUp = try await poll(for: .seconds(20)) {
            try await sinfo() == Self.nodes.map { "\($0) idle" } ? true : nil
        }
        guard isUp == true else { throw Failure(.unavailable, "Slurm's nodes are not up") }
    }

    private func sinfo() async throws -> [String] {
        let output = try await Tool("sinfo", package: Self.package).output(
            ["--noheader", "--Node", "--format=%N %T"],
            environment: environment
        )
        return output.standardOutput.split(separator: "\n").map(String.init).sorted()
    }

    /// The lines of `squeue` for a node.
    func tasks(on node: String) async throws -> [Int] {
        let output = try await Tool("squeue", package: Self.package).run(
            ["--noheader", "--nodelist=\(node)", "--states=RUNNING", "--format=%K"],
            environment: environment
        )
        return output.split(separator: "\n").compactMap { Int($0) }
    }

    /// Ends all that runs on a node at once, as its death would.
    func kill(_ node: String) throws {
        var all: Set<pid_t> = []
        while true {
            var victims = pids("slurmd.\(node).pid") + processes(of: node)
            victims += processes(of: node).compactMap(Self.parent).filter {
                Self.name(of: $0) == "slurmstepd"
            }
            // An engine is left no variable of Slurm's, and is known by its parent.
            let found = Set(victims.flatMap { ProcessIdentity.family(of: $0) })
            guard !found.isSubset(of: all) else { break }
            // None that is stopped can start another one, which nobody would find without its parent.
            for victim in found { Glibc.kill(victim, SIGSTOP) }
            all.formUnion(found)
        }
        for victim in all { Glibc.kill(victim, SIGKILL) }
    }

    /// What runs in tasks on a node; on any where none is named.
    private func processes(of node: String?) -> [pid_t] {
        FileSystem.list("/proc").compactMap { pid_t($0) }.filter { process in
            let path = "/proc/\(process)/environ"
            guard let data = FileManager.default.contents(atPath: path) else { return false }
            let variables = Set(data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
            return variables.contains("SLURM_CONF=\(configuration)")
                && variables.contains { variable in
                    node.map { variable == "SLURMD_NODENAME=\($0)" } ?? variable.hasPrefix("SLURMD_NODENAME=")
                }
        }
    }

    private static func parent(of process: pid_t) -> pid_t? {
        let status = (try? FileSystem.readText(HostPath("/proc/\(process)/status"))) ?? ""
        return status.firstMatch(of: /(?m)^PPid:\t([0-9]+)$/).flatMap { pid_t($0.1) }
    }

    private static func name(of process: pid_t) -> String {
        let text = (try? FileSystem.readText(HostPath("/proc/\(process)/status"))) ?? ""
        return text.firstMatch(of: /^Name:\t(.*)/).map { String($0.1) } ?? ""
    }

    private func pids(_ name: String) -> [pid_t] {
        let text = (try? FileSystem.readText(folder / name)) ?? ""
        return pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { [$0] } ?? []
    }

    private func stop() async throws {
        let daemons =
            Self.nodes.flatMap { pids("slurmd.\($0).pid") } + pids("slurmctld.pid") + pids("munged.pid")
        let jobs = processes(of: nil)
        let all = jobs + jobs.compactMap(Self.parent).filter { Self.name(of: $0) == "slurmstepd" }
        for process in Set(all.flatMap { ProcessIdentity.family(of: $0) }) { Glibc.kill(process, SIGKILL) }
        for signal in [SIGTERM, SIGKILL] {
            for daemon in daemons where Self.isAlive(daemon) { Glibc.kill(daemon, signal) }
            _ = try await poll(for: .seconds(5)) { daemons.contains(where: Self.isAlive) ? nil : true }
        }
    }

    /// Whether a process is there, and is no zombie.
    private static func isAlive(_ process: pid_t) -> Bool {
        let stat = (try? FileSystem.readText(HostPath("/proc/\(process)/stat"))) ?? ""
        return !stat.isEmpty && !stat.contains(") Z ")
    }

    private var text: String {
        get throws {
            let host = try FileSystem.readText("/proc/sys/kernel/hostname")
                .trimmingCharacters(in: .whitespacesAndNewlines).prefix { $0 != "." }
            let nodes = try Self.nodes.map {
                "NodeName=\($0) NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(try HostPort.choose()) CPUs=1"
            }
            // Short times, so that the death of a node is noticed while a test lasts.
            return """
                ClusterName=pandacap
                SlurmctldHost=\(host)(127.0.0.1)
                SlurmctldPort=\(try HostPort.choose())
                SlurmUser=root
                SlurmdUser=root
                AuthType=auth/munge
                AuthInfo=socket=\(folder)/munge.sock,cred_expire=5
                CredType=cred/munge
                StateSaveLocation=\(folder)/state
                SlurmctldPidFile=\(folder)/slurmctld.pid
                SlurmctldLogFile=\(folder)/slurmctld.log
                SlurmdPidFile=\(folder)/slurmd.%n.pid
                SlurmdLogFile=\(folder)/slurmd.%n.log
                SlurmdSpoolDir=\(folder)/spool.%n
                ProctrackType=proctrack/linuxproc
                TaskPlugin=task/none
                JobAcctGatherType=jobacct_gather/none
                AccountingStorageType=accounting_storage/none
                JobCompType=jobcomp/none
                MpiDefault=none
                SwitchType=switch/none
                SchedulerParameters=bf_interval=1,sched_interval=2
                SelectType=select/cons_tres
                SelectTypeParameters=CR_Core
                ReturnToService=2
                SlurmdTimeout=5
                SlurmctldTimeout=10
                KillWait=2
                JobRequeue=1
                SlurmdParameters=config_overrides
                \(nodes.joined(separator: "\n"))
                PartitionName=debug Nodes=n[1-3] Default=YES MaxTime=INFINITE State=UP

                """
        }
    }
}
