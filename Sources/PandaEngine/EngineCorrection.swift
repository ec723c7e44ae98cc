import Foundation
import HostSupport

/// A change to the machine code of the managed engine, which cannot be compiled anew here.
///
/// There is one fault that is corrected. `CMPXCHG8B` and `CMPXCHG16B` change ZF and keep the other flags. The engine's
/// translator calls their helpers without having stored what the flags are to be computed from (`case 0x1c7` in
/// target/i386/translate.c has no `gen_update_cc_op`), so that an operand of an earlier instruction may be taken for
/// `EFLAGS`. If an interrupt comes before another instruction sets the flags, the guest's kernel has VM, NT or TF set and
/// dies of a double fault. Kernels execute the instruction in each allocation of memory: 3 of 43 resumed 32-bit guests
/// died so, and none of 80 with the correction.
///
/// The correction keeps CF, PF and AF of the old flags, so that `EFLAGS` never gets more than flags: in
/// `helper_cmpxchg8b_unlocked` and `helper_cmpxchg16b_unlocked` (target/i386/mem_helper.c) an `AND` with 0xBF becomes one
/// with 0x15, and the `OR` with 0x40 in the other branch gets such an `AND` before it, in the place of the padding behind
/// it.
struct EngineCorrection: Sendable, Hashable {
    /// The file, below the wheel's data folder.
    let file: String
    /// Where it begins in the file.
    let offset: UInt64
    /// The bytes that are there.
    let former: [UInt8]
    /// The bytes that are to be there, as many.
    let corrected: [UInt8]

    /// All corrections of the engine in the wheel ``PackageIndexFile/pandare``.
    static let all = [
        EngineCorrection(
            file: "i386-softmmu/libpanda-i386.so",
            offset: 0x480_02e,
            former: [0x41, 0x83, 0xe1, 0xbf],
            corrected: [0x41, 0x83, 0xe1, 0x15]
        ),
        EngineCorrection(
            file: "i386-softmmu/libpanda-i386.so",
            offset: 0x480_050,
            former: [
                0x41, 0x83, 0xc9, 0x40, 0xeb, 0xe0, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00,
                0x00,
            ],
            corrected: [
                0x41, 0x83, 0xe1, 0x15, 0x41, 0x83, 0xc9, 0x40, 0xeb, 0xdc, 0x66, 0x0f, 0x1f, 0x44, 0x00,
                0x00,
            ]
        ),
        EngineCorrection(
            file: "x86_64-softmmu/libpanda-x86_64.so",
            offset: 0x485_a89,
            former: [0x83, 0xe5, 0xbf],
            corrected: [0x83, 0xe5, 0x15]
        ),
        EngineCorrection(
            file: "x86_64-softmmu/libpanda-x86_64.so",
            offset: 0x485_ab0,
            former: [0x83, 0xcd, 0x40, 0xeb, 0xde, 0x0f, 0x1f, 0x00],
            corrected: [0x83, 0xe5, 0x15, 0x83, 0xcd, 0x40, 0xeb, 0xdb]
        ),
        EngineCorrection(
            file: "x86_64-softmmu/libpanda-x86_64.so",
            offset: 0x485_e3e,
            former: [0x83, 0xe0, 0xbf],
            corrected: [0x83, 0xe0, 0x15]
        ),
        EngineCorrection(
            file: "x86_64-softmmu/libpanda-x86_64.so",
            offset: 0x485_e64,
            former: [0x83, 0xc8, 0x40, 0xeb, 0xd8, 0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
            corrected: [0x83, 0xe0, 0x15, 0x83, 0xc8, 0x40, 0xeb, 0xd5, 0x0f, 0x1f, 0x40, 0x00]
        ),
    ]

    /// Changes the file; one that has been changed already is left as it is.
    ///
    /// - Parameter data: The wheel's data folder.
    /// - Throws: `Failure` with `bad-data` where other bytes are there than are expected.
    func apply(in data: HostPath) throws {
        let path = data / file
        do {
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path.string))
            defer { try? handle.close() }
            try handle.seek(toOffset: offset)
            let found = try handle.read(upToCount: former.count).map(Array.init) ?? []
            if found == corrected { return }
            guard found == former else {
                throw Failure(
                    .badData,
                    "\(path) has other bytes at offset \(offset) than the engine that is to be corrected",
                    hint: "run 'pandacap engine install --force'"
                )
            }
            try handle.seek(toOffset: offset)
            try handle.write(contentsOf: Data(corrected))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.inputOutput, "cannot correct \(path)", cause: error)
        }
    }
}
