import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Bootstrap

@Suite("Templates", .serialized)
struct TemplateTests {
    private func render(_ texts: [String: String], _ values: [String: String] = Templates.variables)
        async throws
        -> [String: String]
    {
        try await withScratch { folder in
            for (name, text) in texts { try FileSystem.write(text, to: folder / name) }
            return try await TemplateRenderer(installation: try Installation.locate()).render(
                texts.keys.filter { $0.hasSuffix(".j2") }.sorted(),
                in: folder,
                home: folder,
                variables: values.mapValues(TemplateValue.text)
            )
        }
    }

    /// What is wrong with a template, as it is told.
    private func problem(_ text: String) async -> String {
        do {
            let said = try await render(["a.sh.j2": "first\n" + text])
            return "nothing: \(said)"
        } catch {
            return "\(error)"
        }
    }

    @Test("as j2cli renders them, to the byte")
    func j2cli() async throws {
        #expect(Templates.all.count >= 30)
        try await withScratch { folder in
            let names = Templates.all.indices.map { "\($0).j2" }
            for (name, text) in zip(names, Templates.all) { try FileSystem.write(text, to: folder / name) }
            try FileSystem.write("the part of {{ NAME }}\n", to: folder / "part.txt")
            let lines = Templates.variables.map { "\($0)=\($1)\n" }.sorted().joined()
            try FileSystem.write(lines, to: folder / "vars.env")
            let ours = try await TemplateRenderer(installation: try Installation.locate())
                .render(
                    names,
                    in: folder,
                    home: folder,
                    variables: Templates.variables.mapValues(TemplateValue.text)
                )
            for (name, text) in zip(names, Templates.all) {
                try await Tool("j2", package: "j2cli").run(
                    ["-f", "env", "-o", "out", name, "vars.env"],
                    workingDirectory: folder
                )
                let theirs = try FileSystem.read(folder / "out")
                #expect(Data((ours[name] ?? "nothing").utf8) == theirs, "\(text)")
            }
        }
    }

    @Test("an undefined variable is named with file and line, whatever is done to it")
    func undefined() async {
        for text in [
            "{{ MISSING }}", "{{ MISSING.deep }}", "{% if MISSING %}x{% endif %}", "{{ MISSING|upper }}",
        ] {
            let said = await problem(text)
            #expect(said.contains("/a.sh.j2:2: 'MISSING' is undefined"), "\(said)")
        }
    }

    @Test(
        "what cannot be read is named with file and line",
        arguments: [
            ("printf \"{%\" x\n", 2), ("n=${#arr[@]}\nrest\n", 2), ("{{ NAME\n", 2), ("\n{% if NAME %}\n", 0),
            ("{{ NAME|nofilter }}\n", 2), ("{% nothing %}\n", 2), ("{{ 1 + }}\n", 2),
        ]
    )
    func syntax(text: String, line: Int) async {
        let said = await problem(text)
        #expect(said.contains("/a.sh.j2:\(line == 0 ? "" : "\(line):")"), "\(said)")
        #expect(!said.hasPrefix("nothing"))
    }

    @Test("all errors of a bundle are told at once, those of included files too")
    func several() async {
        let texts = [
            "a.j2": "{{ X }}", "b.j2": "{% include 'c.txt' %}", "c.txt": "1\n2\n{{ Y }}\n", "d.j2": "ok",
        ]
        do {
            _ = try await render(texts)
            Issue.record("no error")
        } catch {
            #expect("\(error)".contains("/a.j2:1: 'X' is undefined"))
            #expect("\(error)".contains("/c.txt:3: 'Y' is undefined"))
        }
    }

    @Test(
        "a template reaches nothing but its bundle and has bounds",
        arguments: [
            "{{ ''.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}",
            "{% include '../../etc/passwd' %}",
            "{% include '/etc/passwd' %}", "{{ range(10**9)|list }}", "{{ 'x' * 10**10 }}",
        ]
    )
    func sandbox(text: String) async {
        let said = await problem(text)
        #expect(!said.hasPrefix("nothing"), "\(said)")
        #expect(!said.contains("root:"))
    }

    @Test("a link that leads out of the bundle is followed by nobody")
    func links() async throws {
        try await withScratch { scratch in
            let folder = scratch / "bundle"
            try FileSystem.createDirectory(folder)
            try FileSystem.write("a secret\n", to: scratch / "secret")
            try FileSystem.write("{% include 'link' %}", to: folder / "a.j2")
            try await Tool("ln").run(["-s", "../secret", (folder / "link").string])
            let renderer = TemplateRenderer(installation: try Installation.locate())
            let failure = await #expect(throws: Failure.self) {
                try await renderer.render(["a.j2"], in: folder, home: folder, variables: [:])
            }
            #expect(failure?.message.contains("there is no template 'link'") == true)
            let inside = try await renderer.render(["a.j2"], in: folder, home: scratch, variables: [:])
            #expect(inside["a.j2"] == "a secret\n")
        }
    }

    @Test("a template that does not end is ended")
    func endless() async {
        let loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
        let said = await problem(loop)
        #expect(said.contains("10 seconds") || said.contains("rendering the templates"), "\(said)")
    }

    @Test("values arrive as they are; the filter 'sh' makes one word of them for a shell")
    func quoting() async throws {
        var generator = SeededGenerator(seed: 9)
        var values: [String: String] = [:]
        for number in 0..<40 { values["V\(number)"] = generator.nastyText().replacing("\r", with: "") }
        let words = values.keys.sorted()
        let texts = [
            "plain.j2": words.map { "{{ \($0) }}\0" }.joined(),
            "quoted.j2": "printf '%s\\0' " + words.map { "{{ \($0)|sh }}" }.joined(separator: " "),
        ]
        let rendered = try await render(texts, values)
        let wanted = words.map { (values[$0] ?? "") + "\0" }.joined()
        #expect(rendered["plain.j2"] == wanted)
        let said = try await Tool("sh").output(["-c", rendered["quoted.j2"] ?? ""])
        #expect(said.standardOutput == wanted)
    }

    @Test("no process is started where there is no template")
    func none() async throws {
        let nowhere = TemplateRenderer(installation: Installation(root: "/nonexistent"))
        #expect(try await nowhere.render([], in: "/", home: "/", variables: [:]).isEmpty)
    }
}
