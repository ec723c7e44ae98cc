import HostSupport
import RunRecords
import Testing

@Suite struct PortForwardTests {
    @Test(arguments: [
        ("ssh:2200", "22:2200:l:tcp", "tcp:127.0.0.1:2200-:22"),
        ("sftp:0", "2222:0:l:tcp", "tcp:127.0.0.1:0-:2222"),
        ("8080:80:*", "8080:80:*:tcp", "tcp:0.0.0.0:80-:8080"),
        ("53:5353:l:udp", "53:5353:l:udp", "udp:127.0.0.1:5353-:53"),
        ("65535:65535:*:udp", "65535:65535:*:udp", "udp:0.0.0.0:65535-:65535"),
    ])
    func goodOnes(_ text: String, _ whole: String, _ option: String) throws {
        let forward = try PortForward(text)
        #expect(forward.description == whole)
        #expect(forward.monitorRule() == option)
        #expect(try PortForward(forward.description) == forward)
    }

    @Test(arguments: [
        ("", "has 1 parts"), ("22", "has 1 parts"), ("1:2:l:tcp:x", "has 5 parts"),
        (":22", "'' for the guest's port"),
        ("0:22", "'0' for the guest's port"), ("65536:1", "'65536' for the guest's port"),
        ("-1:1", "'-1' for the guest's port"), ("telnet:1", "'telnet' for the guest's port"),
        ("SSH:1", "'SSH' for the guest's port"), ("22:ssh", "'ssh' for the host's port"),
        ("22:", "'' for the host's port"), ("22:65536", "'65536' for the host's port"),
        ("22: 1", "' 1' for the host's port"), ("22:1:x", "the scope 'x'"), ("22:1:", "the scope ''"),
        ("22:1:l:", "the protocol ''"), ("22:1:l:TCP", "the protocol 'TCP'"),
        ("22:1:l:tcp,guestfwd=x", "the protocol"),
    ])
    func badOnesNameThePartThatIsWrong(_ text: String, _ words: String) {
        let failure = #expect(throws: Failure.self) { try PortForward(text) }
        #expect(failure?.code == .usage)
        #expect(failure?.message.hasPrefix("the port forward '\(text)' ") == true)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        #expect(failure?.hint?.contains("FROM:TO") == true)
    }
}
