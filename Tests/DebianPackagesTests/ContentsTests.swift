import Testing

@testable import DebianPackages

@Suite("The lists of the files that packages have")
struct ContentsTests {
    static let lines = """
        lib/x86_64-linux-gnu/libc.so.6                          libs/libc6
        usr/lib/x86_64-linux-gnu/libX11.so.6\tlibs/libx11-6
        usr/lib/x86_64-linux-gnu/a name with blanks.so.1        contrib/libs/odd,libs/even
        usr/lib/x86_64-linux-gnu/nx/libX11.so.6                 x11/nxagent

        no-package
        """

    @Test func aFileIsFoundByItsPath() {
        var index = ContentsIndex()
        index.add(Self.lines)
        #expect(index.packages(with: ["lib/x86_64-linux-gnu/libc.so.6"]) == ["libc6"])
        #expect(
            index.packages(with: ["lib/libX11.so.6", "usr/lib/x86_64-linux-gnu/libX11.so.6"]) == ["libx11-6"]
        )
        #expect(
            index.packages(with: ["usr/lib/x86_64-linux-gnu/a name with blanks.so.1"]) == ["even", "odd"]
        )
        #expect(index.packages(with: ["libX11.so.6", "no-package"]).isEmpty)
    }

    @Test func whatIsNoListGivesNoPackages() {
        for seed in 0..<400 as Range<UInt64> {
            var generator = SystemLike(state: seed)
            var bytes = Array(Self.lines.utf8)
            for _ in 0..<8 {
                let place = Int(generator.next() % UInt64(bytes.count))
                switch generator.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(0x20, at: place)
                }
            }
            var index = ContentsIndex()
            index.add(String(decoding: bytes, as: UTF8.self))
            for package in index.packages(with: ["lib/x86_64-linux-gnu/libc.so.6"]) {
                #expect(!package.isEmpty && !package.contains("/") && !package.contains(","))
            }
        }
    }

    /// A generator with a seed.
    private struct SystemLike {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 24
        }
    }

    @Test func aptTellsVersions() throws {
        let plain = try #require(
            AptRoot.parseInstallation("Inst libtinfo6 (6.4-4 Debian:12.12/oldstable [amd64])")
        )
        #expect(plain == ("libtinfo6", "6.4-4"))
        let newer = try #require(
            AptRoot.parseInstallation(
                "Inst libc6 [2.36-8] (2.36-9+deb12u13 Debian:12.12/oldstable [amd64]) []"
            )
        )
        #expect(newer == ("libc6", "2.36-9+deb12u13"))
        #expect(AptRoot.parseInstallation("Conf libc6 (2.36-9 Debian:12 [amd64])") == nil)
        #expect(AptRoot.parseInstallation("Inst libc6") == nil)
    }

    @Test func aptTellsAllPackagesThatDoNotExist() {
        let said = """
            W: something else
            E: Unable to locate package zzsh
            E: Unable to locate package tmuxx
            E: Package 'awk' has no installation candidate

            """
        #expect(AptRoot.unknownPackages(said) == ["zzsh", "tmuxx", "awk"])
    }
}
