import Foundation
import HostSupport
import TestSupport
import Testing

@testable import LinuxKernel

@Suite struct KernelSymbolsTests {
    private func kernel(_ layout: SymbolTableBuilder.Layout) -> KernelFixture {
        var kernel = KernelFixture()
        kernel.table.layout = layout
        return kernel
    }

    @Test(arguments: SymbolTableBuilder.Layout.allCases)
    func namesAndAddressesAreReadInEachLayout(_ layout: SymbolTableBuilder.Layout) throws {
        let symbols = try KernelSymbols(kernel(layout).vmlinux)
        #expect(symbols.count == 1212)
        #expect(
            symbols.symbols(beginningWith: ["init_task", "current_task", "longlong"]) == [
                .init(name: "current_task", address: 0x1fb80),
                .init(name: "init_task", address: KernelFixture.firstTask),
                .init(name: "init_task_work", address: KernelFixture.firstTask + 0x10),
                .init(name: String(repeating: "long", count: 60), address: KernelFixture.firstTask + 0x20),
            ]
        )
        let fillers = symbols.symbols(beginningWith: ["zfiller_"])
        #expect(fillers.map(\.name) == (0..<1200).map { "zfiller_\($0)" })
        #expect(fillers.last?.address == KernelFixture.firstTask + 0x4000 + 1199)
        #expect(symbols.symbols(beginningWith: ["missing"]).isEmpty)
    }

    @Test func addressesMayAllBeCountedFromTheBase() throws {
        var kernel = kernel(.offsetsLast)
        kernel.table.hasAbsoluteAddresses = false
        kernel.table.symbols = (0..<1100).map { ("s\($0)", KernelFixture.text + UInt64($0) << 18) }
        let found = try KernelSymbols(kernel.vmlinux).symbols(beginningWith: ["s1099", "s0"])
        #expect(found.map(\.address) == [KernelFixture.text, KernelFixture.text + 1099 << 18])
    }

    @Test func whatIsMissingIsNamed() throws {
        func message(_ data: Data) -> String {
            #expect(throws: Failure.self) { try KernelSymbols(data) }?.message ?? ""
        }
        #expect(message(Data()).contains("table of tokens"))
        #expect(message(Data(count: 100_000)).contains("table of tokens"))
        let whole = kernel(.original).vmlinux
        var cut = kernel(.offsetsLast).table
        cut.symbols = [("a", KernelFixture.text)]
        #expect(message(cut.data).contains("names"), "a table of one name")
        let digits = try #require(whole.range(of: Data("0\u{0}1\u{0}2\u{0}3\u{0}".utf8)))
        #expect(message(whole[digits.lowerBound...]).contains("table of tokens"))
        #expect(message(whole.prefix(digits.upperBound)).contains("table of tokens"))
    }

    @Test func damagedAtRandomTheyAreRefusedOrRead() throws {
        var random = SeededGenerator(seed: 0x5717)
        var read = 0
        let originals = SymbolTableBuilder.Layout.allCases.map { layout in
            var table = kernel(layout).table
            table.symbols = (0..<1100).map {
                ("\($0 % 8 == 0 ? "symbol" : "other")\($0 * 77)", KernelFixture.text + UInt64($0))
            }
            return table.data
        }
        for round in 0..<2000 {
            let data = mutated(originals[round % originals.count], &random)
            guard let symbols = try? KernelSymbols(data) else { continue }
            read += 1
            #expect(symbols.symbols(beginningWith: ["symbol7"]).count <= symbols.count)
        }
        #expect(read > 100 && read < 1950, "\(read)")
    }
}
