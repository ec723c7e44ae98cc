import Bootstrap
import HostSupport

extension HostExamination {
    /// A program of the host, and what it is for.
    private struct Need {
        let tool: Tool
        let use: String
        var isVital = false

        init(_ name: String, _ package: String, _ use: String, isVital: Bool = false) {
            tool = Tool(name, package: package)
            self.use = use
            self.isVital = isVital
        }
    }

    private static let needs = [
        Need("ssh", "openssh-client", "to reach guests", isVital: true),
        Need("ssh-keygen", "openssh-client", "for the keys of a run", isVital: true),
        Need("tar", "tar", "to hand something to guests", isVital: true),
        Need("sha256sum", "coreutils", "for digests", isVital: true),
        Need("qemu-img", "qemu-utils", "for guests with a disk"),
        Need("mke2fs", "e2fsprogs", "for disks that guests are handed"),
        Need("debugfs", "e2fsprogs", "to shrink images"),
        Need("mmdebstrap", "mmdebstrap", "to build images with a disk"),
        Need("arch-test", "arch-test", "to build images of i386 with a disk"),
        Need("fakeroot", "fakeroot", "to build images with a disk"),
        Need("cpio", "cpio", "to build images"),
        Need("apt-get", "apt", "to build images"),
        Need("zstd", "zstd", "to read kernels"),
        Need("xz", "xz-utils", "to read kernels"),
        Need("python3", "python3", "for templates, and to find an installed pandare"),
        Need("socat", "socat", "to reach a guest's console by hand"),
    ]

    /// Looks for the programs.
    func tools() -> [HostCheck] {
        let missing = Self.needs.filter { $0.tool.path == nil }
        let there = HostCheck(
            name: "tools",
            status: .ok,
            text: "\(Self.needs.count - missing.count) of \(Self.needs.count)"
        )
        return [there]
            + missing.map { need in
                HostCheck(
                    name: need.tool.name,
                    status: need.isVital ? .missing : .note,
                    text: "not on PATH; it is needed \(need.use)",
                    remedy:
                        "install the Debian package '\(need.tool.package ?? need.tool.name)'"
                )
            }
    }

    /// Looks for what renders templates.
    func templates() async -> HostCheck {
        let question = "import jinja2; print(jinja2.__version__)"
        let answer = try? await BundleRenderer.interpreter.output(["-I", "-c", question])
        guard let answer, answer.status == .exited(0) else {
            return HostCheck(
                name: "templates",
                status: .note,
                text: "/usr/bin/python3 has no Jinja2; it is needed for bundles with templates (*.j2)",
                remedy: "install the Debian package 'python3-jinja2' (make setup does)"
            )
        }
        return HostCheck(
            name: "templates",
            status: .ok,
            text: "Jinja2 \(answer.standardOutput.split(separator: "\n").first ?? "")"
        )
    }
}
