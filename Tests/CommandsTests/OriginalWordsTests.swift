import ArgumentParser
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Commands

@Suite struct OriginalWordsTests {
    @Test func recctrlsArgumentsAreOurLimits() throws {
        let words = try PluginWords(
            "recctrl:session_rec=y,nrec=1,timeout=1800;coverage:filename=a,mode=b;osi"
        )
        #expect(words.recordings == 1 && words.timeLimit == .seconds(1800))
        #expect(words.others == ["coverage:filename=a,mode=b", "osi"])
        let unlimited = try PluginWords("recctrl:session_rec=true")
        #expect(unlimited.recordings == 0 && unlimited.timeLimit == nil && unlimited.others.isEmpty)
        #expect(try PluginWords("recctrl:session_rec=y,timeout=0").timeLimit == nil)
        #expect(try PluginWords("") == PluginWords("recctrl:session_rec=y"))
    }

    @Test(arguments: [
        ("recctrl", "count no sessions"), ("recctrl:nrec=1", "count no sessions"),
        ("recctrl:session_rec=n,nrec=1", "count no sessions"), ("recctrl:session_rec=y,nrec=x", "'x'"),
        ("recctrl:session_rec=y,timeout=-1", "'-1'"), ("recctrl:session_rec=y,dry=y", "'dry=y'"),
    ])
    func whatRecctrlDoesNotDoHereIsRefused(_ text: String, _ words: String) {
        let failure = #expect(throws: Failure.self) { try PluginWords(text) }
        #expect(failure?.code == .usage && failure?.message.contains(words) == true)
    }

    @Test(arguments: [
        ("-device e1000,netdev=unet0", ["-device", "e1000,netdev=net0"]),
        ("  -device\trtl8139,id='a b',netdev=unet0 ", ["-device", "rtl8139,id=a b,netdev=net0"]),
        (#"-device pcnet,netdev=unet0,x="a\"b\c" -usb"#, ["-device", #"pcnet,netdev=net0,x=a"b\c"#, "-usb"]),
        (#"-device e\1000,netdev=net0 ''"#, ["-device", "e1000,netdev=net0", ""]),
    ])
    func theNetworkDeviceIsTakenApartAsAShellWould(_ text: String, _ words: [String]) throws {
        #expect(try NetworkWords.of(text) == words)
    }

    @Test(arguments: ["-device e1000", "-device 'e1000,netdev=unet0", "-device e1000,netdev=unet0 \\", ""])
    func aDeviceWithoutANetworkIsRefused(_ text: String) {
        #expect(throws: Failure.self) { try NetworkWords.of(text) }
    }

    @Test func anyTextIsTakenApartOrRefused() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let text = generator.nastyText()
            if let words = try? NetworkWords.split(text) { #expect(words.count <= text.count) }
        }
    }

    @Test(arguments: [
        ("linux-32-ubuntu:4.4.0-130-generic", true), ("windows-32-7sp1", true), ("windows_32_xpsp3", true),
        ("windows-64-7sp0", true), ("freebsd-64-12", true), ("windows-64-10", false), ("linux", false),
        ("", false),
    ])
    func anUnknownSystemWouldEndTheEngine(_ name: String, _ isKnown: Bool) throws {
        var options = try SystemOptions.parse([])
        options.os = name
        if isKnown {
            #expect(try options.systemArguments() == ["-os", name])
        } else {
            #expect(throws: Failure.self) { try options.systemArguments() }
        }
    }

    @Test func theLogIsInTheFolderThatTheEngineMayWriteTo() throws {
        var options = try SystemOptions.parse([])
        #expect(try options.logArguments(in: "/r").isEmpty)
        options.plog = "my.plog"
        #expect(try options.logArguments(in: "/r") == ["-pandalog", "/r/my.plog"])
        for elsewhere in ["../my.plog", "/tmp/my.plog", "a/b", "", "..", "."] {
            options.plog = elsewhere
            #expect(throws: Failure.self) { try options.logArguments(in: "/r") }
        }
    }
}
