import Testing

@testable import DebianPackages

@Suite struct MirrorTests {
    @Test func debiansArchivesAreFoundAmongVendors() {
        let listing = """
            https://packages.microsoft.com/repos/code/ stable main code stable
            https://apt.releases.hashicorp.com/ bookworm main HashiCorp
            https://download.docker.com/linux/debian/ bookworm stable Docker
            http://apt.postgresql.org/pub/repos/apt/ bookworm-pgdg main apt.postgresql.org
            http://mirror.example/debian bookworm contrib Debian
            http://mirror.example/debian bookworm main Debian
            http://mirror.example/debian bookworm-updates main Debian
            http://second.example/debian trixie main Debian
            http://vendor.example/security/ bookworm-security main A Vendor
            http://security.example/debian-security/ bookworm-security main Debian
            """
        #expect(
            DebianMirror.parse(listing)
                == DebianMirror(
                    archive: "http://mirror.example/debian/",
                    security: "http://security.example/debian-security/"
                )
        )
    }

    @Test(arguments: ["", " $(ORIGIN)", " "])
    func beforeAptHasFetchedItsListsTheOriginIsUnknown(_ origin: String) {
        let listing = "http://mirror.example/debian/ bookworm main\(origin)\n"
        #expect(
            DebianMirror.parse(listing)
                == DebianMirror(archive: "http://mirror.example/debian/", security: nil)
        )
    }

    @Test func aKnownOriginComesBeforeAnUnknownOne() {
        let listing = "http://vendor.example/ stable main\nhttp://mirror.example/ sid main Debian"
        #expect(DebianMirror.parse(listing)?.archive == "http://mirror.example/")
    }

    @Test(arguments: [
        "", "\n\n", "x", "http://archive.ubuntu.com/ubuntu/ noble main Ubuntu",
        "http://security.example/ bookworm-security main Debian",
        "http://mirror.example/ buster-backports main Debian",
        "https://dl.google.com/linux/chrome/deb/ stable main Google LLC",
    ])
    func listingsWithoutDebianHaveNoMirror(_ listing: String) {
        #expect(DebianMirror.parse(listing) == nil)
    }

    @Test func addressLinesAreRead() {
        let digest = String(repeating: "ab", count: 32)
        let address = AptRoot.parseAddress(
            "'http://m/pool/libc6_2.36-9%2bdeb12u10_amd64.deb' libstdc++6_1%3a2.36-9+deb12u10_amd64.deb 2757000 SHA256:\(digest)"
        )
        #expect(address?.name == "libstdc++6")
        #expect(address?.version == "1:2.36-9+deb12u10")
        #expect(address?.file == "libstdc++6_1%3a2.36-9+deb12u10_amd64.deb", "as apt names the file")
        #expect(address?.size == 2_757_000)
        #expect(address?.sha256 == digest)
        #expect(address?.specifier == "libstdc++6=1:2.36-9+deb12u10")
    }

    @Test(arguments: [
        "", "Reading package lists...", "'http://m/a' a_1_amd64.deb 10",
        "'http://m/a' a_1_amd64.deb ten SHA256:00",
        "'http://m/a' a_1_amd64.deb -1 SHA256:00", "'http://m/a' a_1_amd64.deb 10 MD5Sum:00",
        "'http://m/a' ../../a_1_amd64.deb 10 SHA256:00", "'http://m/a' a_amd64.deb 10 SHA256:00",
        "'http://m/a' a_1%zz_amd64.deb 10 SHA256:00", "http://m/a a_1_amd64.deb 10 SHA256:00",
    ])
    func otherLinesAreNone(_ line: String) {
        #expect(AptRoot.parseAddress(line[...]) == nil)
    }
}
