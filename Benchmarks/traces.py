#!/usr/bin/env python3
"""How fast traces are read, beside what reads the same bytes by other means.

A real log is repeated, with rising counts of instructions, until it has the size that is asked for; the snapshot is read
as it is. Everything is in the page cache. Times are whole processes, medians of five. `cat` says how fast the bytes come
at all; a loop in C and one in Python walk the same entries.

    traces.py PREFIX [MEGABYTES]

PREFIX is what the names of a recording's two files begin with; without it, a guest is recorded with the pandacap that
PANDACAP names, or the one that was built. Packets are taken out of the same recording, beside a replay of it by the engine,
which is what other tools need for them.
"""

import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TIMES = 5
PANDACAP = os.environ.get("PANDACAP", HERE.parent / ".build/release/pandacap")


def repeated(log, target, size):
    """Writes the entries of a log again and again, each time with counts above the last."""
    data = bytearray(pathlib.Path(log).read_bytes())
    offsets = list(entries(data))
    end = offsets.pop()
    span = struct.unpack_from("<Q", data, end)[0] + 1
    written, round_ = 8, 0
    with open(target, "wb") as file:
        file.write(bytes(8))
        while written < size:
            for offset in offsets if round_ else []:
                struct.pack_into("<Q", data, offset, struct.unpack_from("<Q", data, offset)[0] + span)
            file.write(memoryview(data)[8:end])
            written += end - 8
            round_ += 1
        last = struct.pack("<Q", span * round_)
        file.write(last + bytes([7, 17]))
        file.seek(0)
        file.write(last)
    return len(offsets) * round_ + 1


def entries(data):
    payload = {0: 1, 1: 2, 2: 4, 3: 8, 4: 4, 5: 2, 7: 0, 8: 4, 9: 4}
    calls = {0: (24, 16, "<I"), 1: (40, 24, "<I"), 2: (24, 16, "<Q"), 5: (16, 8, "<I"), 10: (24, 20, "<I")}
    sizes = {3: 32, 4: 32}
    offset = 8
    while offset < len(data):
        yield offset
        kind = data[offset + 8]
        if kind != 6:
            offset += 10 + payload[kind]
            continue
        call = data[offset + 10]
        size, place, form = calls.get(call, (sizes.get(call, 16), 0, None))
        length = struct.unpack_from(form, data, offset + 11 + place)[0] if form else 0
        offset += 11 + size + length


def seconds(command):
    def once():
        start = time.perf_counter()
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    return statistics.median(once() for _ in range(TIMES))


def table(title, path, rows, entries=None):
    size = os.path.getsize(path)
    print(f"{title}: {size / 1e6:.0f} MB" + (f", {entries} entries" if entries else ""))
    limit = None
    for name, command, share in rows:
        wanted = size if share == 1 else int(size * share)
        took = seconds(command)
        rate = wanted / took / 1e6
        limit = limit or rate
        each = f"  {entries * share / took / 1e6:8.1f} M entries/s" if entries else ""
        print(f"  {name:28} {rate:9.0f} MB/s  {rate / limit:6.3f} of cat{each}")


def main():
    tool = HERE / "ReaderSpeed"
    subprocess.run(["swift", "build", "--package-path", tool, "-c", "release"], check=True, stdout=sys.stderr)
    reader = tool / ".build/release/reader-speed"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run(["gcc", "-O2", "-o", folder / "walk", HERE / "traces/walk.c"], check=True)
        prefix = sys.argv[1] if len(sys.argv) > 1 else recorded(folder)
        log = folder / "long-rr-nondet.log"
        count = repeated(prefix + "-rr-nondet.log", log, int(sys.argv[2] if len(sys.argv) > 2 else 1000) * 10**6)
        # Python is given a part, or it would take minutes.
        part = folder / "part-rr-nondet.log"
        with open(log, "rb") as source, open(part, "wb") as target:
            target.write(source.read(os.path.getsize(log) // 20))
        table("log", log, [
            ("cat", ["cat", log], 1),
            ("C loop", [folder / "walk", log], 1),
            ("Python with struct", [sys.executable, HERE / "traces/walk.py", part], 1 / 20),
            ("survey", [reader, "survey", log], 1),
            ("typed reader", [reader, "reader", log], 1),
            ("check", [reader, "check-log", log], 1),
        ], count)
        snapshot = prefix + "-rr-snp"
        table("snapshot", snapshot, [
            ("cat", ["cat", snapshot], 1),
            ("index of pages", [reader, "pages", snapshot], 1),
            ("check", [reader, "check-snapshot", snapshot], 1),
        ])
        packets(prefix, reader)


def packets(prefix, reader):
    run = pathlib.Path(prefix).parent.parent
    if not (run / "run.json").exists():
        print("packets: not compared, the recording belongs to no run that could be replayed")
        return
    replay = seconds([PANDACAP, "replay", run, "--quiet"])
    extraction = seconds([reader, "packets", prefix])
    count = subprocess.run([reader, "packets", prefix], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    print(f"{count} packets of {os.path.getsize(prefix + '-rr-nondet.log') / 1e6:.1f} MB of log")
    print(f"  {'replay':28} {replay * 1000:9.0f} ms")
    print(f"  {'extraction':28} {extraction * 1000:9.0f} ms  {replay / extraction:6.0f} times as fast")


def recorded(folder):
    command = "dmesg; cat /proc/interrupts; ls -lR /etc; head -c 300000 /dev/urandom | od"
    subprocess.run(
        [PANDACAP, "record", "tiny", "-o", folder, "--run-id", "speed", "--", "sh", "-c", command],
        check=True, stdout=subprocess.DEVNULL,
    )
    return str(folder / "runs/speed/rr/session_000")


if __name__ == "__main__":
    main()
