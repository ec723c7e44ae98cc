#!/usr/bin/env python3
"""Makes inputs to start from: a log of every kind of entry, a small snapshot, archives of both, and parts of real
recordings.

    corpus.py FOLDER [RECORDING-PREFIX...]
"""

import hashlib
import io
import lzma
import pathlib
import struct
import sys
import tarfile


def entry(count, kind, site, payload=b""):
    return struct.pack("<QBB", count, kind, site) + payload


def log():
    calls = [
        (0, struct.pack("<QQI4x", 0x1000, 1, 4), b"data"), (1, struct.pack("<QQQIIB7x", 0, 0x1000, 1, 4, 1, 1), b"name"),
        (2, struct.pack("<QQQ", 0x2000, 1, 4), b"data"), (3, struct.pack("<I4xQQI4x", 4, 1, 2, 512), b""),
        (4, struct.pack("<I4xQQI4x", 1, 1, 2, 60), b""), (5, struct.pack("<QIB3x", 1, 4, 1), b"pack"),
        (6, struct.pack("<QB7x", 1, 65), b""), (7, struct.pack("<QIB3x", 1, 0x3f8, 65), b""),
        (8, struct.pack("<QB7x", 1, 65), b""), (9, struct.pack("<QIB3x", 1, 0x3f8, 65), b""),
        (10, struct.pack("<i4xQii", 0, 1, 3, 4), b"regs"),
    ]
    whole = b"".join(entry(10 + kind, kind, 4, bytes(size)) for kind, size in enumerate([1, 2, 4, 8, 4, 2]))
    whole += b"".join(entry(20 + call, 6, 6, bytes([call]) + body + data) for call, body, data in calls)
    return struct.pack("<Q", 40) + whole + entry(40, 7, 17)


def snapshot():
    def name(text):
        return bytes([len(text)]) + text

    def page(address, flag, text, data):
        return struct.pack(">Q", address | flag) + name(text) + data

    blocks = [(b"vga.vram", 0x1000), (b"pc.ram", 0x4000)]
    out = b"QEVM" + struct.pack(">I", 3) + b"\x07" + struct.pack(">I", 13) + b"pc-i440fx-2.9"
    out += b"\x01" + struct.pack(">I", 2) + name(b"ram") + struct.pack(">II", 0, 4)
    out += struct.pack(">Q", sum(size for _, size in blocks) | 4)
    out += b"".join(name(block) + struct.pack(">Q", size) for block, size in blocks)
    out += struct.pack(">Q", 0x10) + b"\x7e" + struct.pack(">I", 2) + b"\x03" + struct.pack(">I", 2)
    out += page(0, 2, b"vga.vram", b"\0") + page(0, 8, b"pc.ram", bytes(4096))
    out += b"".join(struct.pack(">Q", number << 12 | 0x22) + b"\x05" for number in (1, 2, 3))
    out += struct.pack(">Q", 0x10) + b"\x7e" + struct.pack(">I", 2)
    out += b"\x04" + struct.pack(">I", 3) + name(b"timer") + struct.pack(">II", 0, 2) + b"\1\2\3\4"
    out += b"\x7e" + struct.pack(">I", 3) + b"\0"
    text = b'{ "page_size" : 4096, "devices" : [ { "name" : "env.regs", "type" : "uint64", "size" : 8 } ] }'
    return out + b"\x06" + struct.pack(">I", len(text)) + text


def packed(*members, mode="w:gz", folder=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(folder + name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def archives():
    """An rr2, an rr, and an archive with a folder, each of a small recording."""
    files = [("RRv2", b"Created with QEMU version 2.9.1!\n"), ("capture.cmd", b"qemu -m 1"), ("snapshot", snapshot())]
    hashed = files + [("nondetlog", log())]
    sums = "".join(f"{name}: {hashlib.sha1(data).hexdigest()}\n" for name, data in hashed).encode()
    yield packed(*files, ("metadata.json", b'{"memory_size": 1}'), ("nondetlog", log()), ("sha1", sums))
    pair = [("a-rr-snp", snapshot()), ("a-rr-nondet.log", log())]
    inner = lzma.compress(packed(*pair, mode="w:"))
    yield b"\0PANDA_RR"[:8] + struct.pack("<Q", 40) + hashlib.md5(inner).digest() + inner
    yield packed(*pair, ("PANDArr", b"PANDArr\n"), folder="a/")


def main():
    folder = pathlib.Path(sys.argv[1])
    for kind in ("FuzzLog", "FuzzSnapshot", "FuzzArchive"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for choice in range(8):
        (folder / "FuzzLog" / f"made-{choice}").write_bytes(bytes([choice]) + log())
        (folder / "FuzzLog" / f"cut-{choice}").write_bytes(bytes([choice]) + bytes(8) + log()[8:-13])
    (folder / "FuzzSnapshot/made").write_bytes(snapshot())
    for number, archive in enumerate(archives()):
        (folder / "FuzzArchive" / f"made-{number}").write_bytes(archive)
    for number, prefix in enumerate(sys.argv[2:]):
        with open(prefix + "-rr-nondet.log", "rb") as file:
            (folder / "FuzzLog" / f"real-{number}").write_bytes(b"\0" + file.read(8192))
        with open(prefix + "-rr-snp", "rb") as file:
            (folder / "FuzzSnapshot" / f"real-{number}").write_bytes(file.read(16384))


if __name__ == "__main__":
    main()
