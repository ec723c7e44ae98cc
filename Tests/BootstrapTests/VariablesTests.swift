import Bootstrap
import HostSupport
import TestSupport
import Testing

@Suite("Variables laid over each other")
struct VariablesTests {
    private let shipped = VariablesFile(text: "A=1\nB=1\nC=1\nD=1\n", path: "Makefile.vars")
    private let local = VariablesFile(text: "B=2\nC=2\nD=2\nX=2\n", path: "Makefile.local.vars")

    @Test("files, then the environment, then --set; each says where it came from")
    func order() throws {
        let variables = try Variables(
            files: [shipped, local],
            environment: ["C": "3", "D": "3", "HOME": "/root"],
            settings: ["D=4", "NEW=a=b\n'c'"]
        )
        #expect(
            variables.all.map { "\($0.key)=\($0.value) \($0.origin)" } == [
                "A=1 Makefile.vars:1", "B=2 Makefile.local.vars:1", "C=3 environment", "D=4 --set",
                "X=2 Makefile.local.vars:4", "NEW=a=b\n'c' --set",
            ]
        )
        #expect(variables["D"] == "4")
        #expect(variables["HOME"] == nil)
    }

    @Test("a key that the first file does not have is told")
    func unknown() throws {
        let variables = try Variables(files: [shipped, local], environment: [:], settings: ["OWN=1"])
        #expect(variables.warnings.map(\.line) == [4])
        #expect(variables.warnings.first?.problem.contains("X") == true)
    }

    @Test("a setting is KEY=VALUE", arguments: ["A", "=1", "1A=2", "A-B=1", ""])
    func badSetting(text: String) {
        #expect(throws: Failure.self) {
            try Variables(files: [], environment: [:], settings: [text])
        }
    }

    @Test("the working folder's files win over the installation's, and are read once where both are one")
    func folders() throws {
        let installation = try Installation.locate()
        let same = try Variables.read(of: installation, in: installation.root, environment: [:], settings: [])
        #expect(same["IMAGE_NAME"] == "pandacap")
        #expect(!same.warnings.contains { $0.file.name == "Makefile.vars" })
    }

    @Test("of the run, facts win over files and lose to --set; what is not known is not there")
    func facts() throws {
        let file = VariablesFile(text: "RUN_ID=file\nRUN_USER=file\n", path: "vars")
        let variables = try Variables(files: [file], environment: [:], settings: ["RUN_USER=set"])
        var facts = RunFacts(runID: "one")
        facts.user = "fact"
        facts.sshPort = 2200
        #expect(
            facts.values(with: variables) == ["RUN_ID": "one", "RUN_USER": "set", "RUN_SSH_PORT": "2200"]
        )
    }
}
