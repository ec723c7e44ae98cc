/// The forms in which a recording is kept and passed on.
///
/// The raw values are what `pandacap trace convert --to` takes.
public enum TraceForm: String, Sendable, Hashable, CaseIterable, Codable {
    /// The two files that PANDA writes, `NAME-rr-snp` and `NAME-rr-nondet.log`.
    case files

    /// A gzip'd POSIX tar with the members `RRv2`, `capture.cmd`, `snapshot`, `metadata.json`, `nondetlog` and `sha1`,
    /// in this order.
    ///
    /// Source: `rr2_add_recording_files` in PANDA's `panda/src/rr/rr_log.c` and `panda/src/rr/panda_rr2.c` (2022).
    /// `panda/scripts/rr2pack.py` writes the same members uncompressed and in another order, which is read, too.
    case rr2

    /// The two files in a tar.xz behind a header of 32 bytes: `PANDA_RR`, the number of instructions as a
    /// little-endian integer of 64 bits, and the MD5 digest of all that follows.
    ///
    /// Source: PANDA's `panda/scripts/rrpack.py`.
    case rr

    /// A gzip'd tar with one folder, named as the recording, that holds `PANDArr`, `rr-snp`, `rr-nondet.log` and
    /// `metadata.json`: PANDA's RRArchive, the form of the EuroSec 2020 dataset.
    ///
    /// What is known comes from `panda/docs/RRArchive.md` and `panda/scripts/rrtool.py` in PANDA's pull request 625,
    /// which the dataset's author opened in the month that he published it and which was never merged. That the
    /// dataset was made by that script is inferred: its own recipe for unpacking (`docs/eurosec20-dataset.md` of the
    /// original PANDAcap) leaves out a member `PANDArr` and removes `-metadata` from a member's name, which fits. The
    /// script calls the log `rr-nodet.log`, against the specification; both names are read, the specification's is
    /// written.
    case rrarchive

    /// What a file of this form is called behind the recording's name; nothing for two files.
    public var fileExtension: String? {
        switch self {
        case .files: nil
        case .rr2: ".rr2"
        case .rr: ".rr"
        case .rrarchive: ".tar.gz"
        }
    }
}
