import Testing
import TraceArchives

@Test func formsHaveNames() { #expect(TraceForm(rawValue: "rr2") == .rr2) }
