import Glibc

/// What libFuzzer calls with each input.
public typealias FuzzTarget = @convention(c) (_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt

/// Declared in LLVM's `compiler-rt/lib/fuzzer/FuzzerInterface.h`; it stands in for libFuzzer's own `main`, which cannot be
/// linked because the package manager gives programs theirs.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ target: FuzzTarget
) -> CInt

/// Lets libFuzzer take over, with this process's arguments.
public func fuzz(_ target: FuzzTarget) -> Never {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments, target))
}
