import Foundation
import HostSupport
import TestSupport

/// What a fleet of stand-ins for the engine needs; they boot nothing.
enum StandIn {
    /// A home with a guest image that nobody boots and that takes nothing from the host.
    static func home(in home: HostPath) async throws -> Pandacap {
        let image = home / "images/fake"
        try FileSystem.createDirectory(image)
        let like = try await Lab.shared.ready().home / "images/tiny-i386/image.json"
        var json = try JSONSerialization.jsonObject(with: FileSystem.read(like)) as? [String: Any] ?? [:]
        json["name"] = "fake"
        json["agent"] = "none"
        json["memory"] = 16 << 20
        try FileSystem.write(try JSONSerialization.data(withJSONObject: json), to: image / "image.json")
        for name in ["vmlinuz", "initrd"] { try FileSystem.write("nothing", to: image / name) }
        return Pandacap(home: home)
    }

    /// Where the stand-in finds Swift's libraries, which an engine may not read otherwise.
    static var libraries: [String: String] {
        get async throws {
            let list = try await Tool("ldd", package: "libc-bin").run([program.string])
            let found = list.firstMatch(of: /=> (\/\S+)\/libswiftCore\.so/).map { String($0.1) }
            return ["LD_LIBRARY_PATH": found ?? ""]
        }
    }

    private static var program: HostPath { Installation.executable.parent / "FakePanda" }

    /// The stand-in, where and as an engine is looked for.
    static func engine(in folder: HostPath) throws -> HostPath {
        let program = folder / "panda-system-i386"
        try FileSystem.createDirectory(folder / "panda/plugins")
        try FileSystem.copy(Self.program, to: program)
        try FileSystem.write("", to: folder / "panda/plugins/panda_recctrl.so")
        return program
    }
}
