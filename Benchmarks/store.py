#!/usr/bin/env python3
"""How small and how fast traces are stored: ours beside the original's archives, zstd, and a deduplicating archiver.

    store.py [--image NAME] [--warm N] [--cold N] [--slow N] [--keep FOLDER]

Records N sessions of one image from its warm state and N cold boots, each with commands of its own, and packs all of
them in each way, on one core, whose time is counted: MB/s are those of each further warm one. Ratios are against the
original's form, tar and gzip. What takes a minute a trace is done for the first few only (--slow) and counted up. PANDACAP
names the program, PANDACAP_HOME the home with the engine and the guest image, which gets a warm state where it has none.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PANDACAP = os.environ.get("PANDACAP", str(HERE.parent / ".build/release/pandacap"))
COMMANDS = [
    "uname -a; id", "ls -lR /etc | head -300", "cat /proc/cpuinfo /proc/meminfo", "find / -xdev | head -2000 | md5sum",
    "dd if=/dev/urandom of=/tmp/x bs=64k count=16; md5sum /tmp/x", "ps; mount; cat /etc/passwd", "sleep 1; dmesg | tail",
]


def run(*words, **further):
    return subprocess.run([str(word) for word in words], check=True, text=True, capture_output=True, **further)


class Cost:
    """What one way of storing takes: bytes, seconds and memory, for packing and for unpacking."""

    def __init__(self, name):
        self.name, self.bytes, self.first, self.cold, self.memory = name, 0, 0, 0, 0
        self.further_bytes, self.seconds = 0, {"pack": 0.0, "unpack": 0.0}

    def measure(self, words, kind, is_further):
        """Runs a command on one core, and takes note of that core's time and of its largest memory."""
        process = subprocess.Popen(["taskset", "-c", "0", *map(str, words)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{words} failed")
        seconds = usage.ru_utime + usage.ru_stime
        self.memory = max(self.memory, usage.ru_maxrss)
        if is_further:
            self.seconds[kind] += seconds


class Trace:
    def __init__(self, folder, cold):
        self.cold = cold
        self.snapshot = next((folder / "rr").glob("*-rr-snp"))
        self.log = next((folder / "rr").glob("*-rr-nondet.log"))
        self.folder = folder

    @property
    def bytes(self):
        return self.snapshot.stat().st_size + self.log.stat().st_size


def record(image, warm, cold, collection):
    if "warm state" not in run(PANDACAP, "image", "show", image).stdout:
        run(PANDACAP, "image", "warm", image)
    traces = []
    for number in range(warm + cold):
        name = f"{'cold' if number >= warm else 'warm'}-{number:02}"
        folder = collection / "runs" / name
        record = folder / "run.json"
        if not record.exists() or json.loads(record.read_text())["state"] != "verified":
            shutil.rmtree(folder, ignore_errors=True)
            words = ["--cold"] if number >= warm else []
            command = COMMANDS[number % len(COMMANDS)] + f"; echo {number}"
            run(PANDACAP, "record", image, *words, "-o", collection, "--run-id", name, "--", "sh", "-c", command)
        traces.append(Trace(folder, number >= warm))
        print(f"\r{number + 1} of {warm + cold} recorded", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return traces


def same(one, other):
    if subprocess.run(["cmp", "-s", one, other]).returncode:
        sys.exit(f"{other} is not {one}")


def add(cost, trace, size, is_first):
    cost.bytes += size
    if is_first:
        cost.first = size
    elif trace.cold:
        cost.cold += size
    else:
        cost.further_bytes += trace.bytes


def by_file(name, traces, pack, unpack, against=False):
    """Packs each file by itself, or against the first trace's."""
    cost = Cost(name)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as scratch:
        scratch = pathlib.Path(scratch)
        for number, trace in enumerate(traces):
            size, further = 0, number > 0 and not trace.cold
            for file, first in ((trace.snapshot, traces[0].snapshot), (trace.log, traces[0].log)):
                reference = first if against and number else None
                target, back = scratch / "packed", scratch / "back"
                cost.measure(pack(file, reference, target), "pack", further)
                cost.measure(unpack(target, reference, back), "unpack", further)
                same(file, back)
                size += target.stat().st_size
                target.unlink(), back.unlink()
            add(cost, trace, size, number == 0)
    return cost


def zstd(*options):
    def pack(file, reference, target):
        patch = [f"--patch-from={reference}"] if reference else []
        return ["zstd", "-q", "-f", *options, *patch, file, "-o", target]

    def unpack(packed, reference, target):
        patch = [f"--patch-from={reference}"] if reference else []
        return ["zstd", "-q", "-f", "-d", "--long=31", *patch, packed, "-o", target]

    return pack, unpack


def original(traces):
    """As the original's archives: tar and gzip."""
    cost = Cost("tar.gz (the original)")
    with tempfile.TemporaryDirectory() as scratch:
        target = pathlib.Path(scratch) / "x.tar.gz"
        for number, trace in enumerate(traces):
            further = number > 0 and not trace.cold
            cost.measure(["tar", "-C", trace.snapshot.parent, "-czf", target, trace.snapshot.name, trace.log.name], "pack",
                         further)
            cost.measure(["tar", "-C", scratch, "-xzf", target], "unpack", further)
            same(trace.snapshot, pathlib.Path(scratch) / trace.snapshot.name)
            add(cost, trace, target.stat().st_size, number == 0)
    return cost


def borg(traces):
    """A deduplicating archiver, with zstd."""
    cost = Cost("borg, zstd,3")
    with tempfile.TemporaryDirectory() as scratch:
        repository = pathlib.Path(scratch) / "repository"
        environment = {"BORG_BASE_DIR": scratch, "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes"}
        os.environ.update(environment)
        run("borg", "init", "--encryption=none", repository)
        last = size = 0
        for number, trace in enumerate(traces):
            cost.measure(["borg", "create", "--compression", "zstd,3", f"{repository}::{number}", trace.snapshot,
                          trace.log], "pack", number > 0 and not trace.cold)
            size = sum(file.stat().st_size for file in repository.rglob("*") if file.is_file())
            add(cost, trace, size - last, number == 0)
            last = size
        for number, trace in enumerate(traces):
            back = pathlib.Path(scratch) / "back"
            back.mkdir()
            previous = os.getcwd()
            os.chdir(back)
            cost.measure(["borg", "extract", f"{repository}::{number}"], "unpack", number > 0 and not trace.cold)
            os.chdir(previous)
            same(trace.snapshot, back / str(trace.snapshot).lstrip("/"))
            shutil.rmtree(back)
    return cost


def ours(name, traces, *options):
    """Ours, against the first trace, as one that was added later; cold ones, too."""
    cost = Cost(name)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for number, trace in enumerate(traces):
            against = ["--against", traces[0].folder] if number else []
            further = number > 0 and not trace.cold
            cost.measure([PANDACAP, "trace", "pack", trace.folder, *against, "--out", scratch / "p", *options], "pack",
                         further)
            index = next((scratch / "p").glob("*.store.json"))
            cost.measure([PANDACAP, "trace", "unpack", index, *against, "--out", scratch / "b"], "unpack", further)
            same(trace.snapshot, next((scratch / "b").glob("*-rr-snp")))
            same(trace.log, next((scratch / "b").glob("*-rr-nondet.log")))
            add(cost, trace, sum(file.stat().st_size for file in (scratch / "p").glob("*.zst")), number == 0)
            shutil.rmtree(scratch / "p"), shutil.rmtree(scratch / "b")
    return cost


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", default="tiny-i386")
    parser.add_argument("--warm", type=int, default=20)
    parser.add_argument("--cold", type=int, default=5)
    parser.add_argument("--slow", type=int, default=2)
    parser.add_argument("--keep", help="a folder for the recordings, used again where they are there")
    options = parser.parse_args()
    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="store-"))
    traces = record(options.image, options.warm, options.cold, folder)
    warm = [trace for trace in traces if not trace.cold]
    for trace in traces:
        trace.snapshot.read_bytes()
    few = traces[: options.slow] + [trace for trace in traces if trace.cold][: 1]
    rows = [
        original(traces),
        by_file("zstd -3", traces, *zstd("-3")),
        by_file("zstd -19 --long *", few, *zstd("-19", "--long")),
        by_file("zstd -3 --patch-from", traces, *zstd("-3", "--long=31"), against=True),
        by_file("zstd -19 --patch-from *", few, *zstd("-19", "--long=31"), against=True),
    ]
    if shutil.which("borg"):
        rows.append(borg(traces))
    rows += [ours("ours, fast", traces, "--effort", "fast"), ours("ours", traces), ours("ours, best *", few, "--effort", "best")]
    total = sum(trace.bytes for trace in traces)
    count, cold = len(warm) - 1, options.cold
    form = (rows[0].bytes - rows[0].first - rows[0].cold) / count
    print(f"{len(warm)} warm and {cold} cold traces of {options.image}, {total / 1e6:.0f} MB; "
          f"* of {len(few)} of them only\n")
    print(f"{'':<24} {'first':>10} {'each more':>10} {'smaller':>8} {'each cold':>10} {'total':>9} {'pack':>9} {'unpack':>9} {'memory':>8}")
    for row in rows:
        slow = row.name.endswith("*")
        further, colds = (options.slow - 1, 1) if slow else (count, cold)
        each = (row.bytes - row.first - row.cold) / max(further, 1)
        every_cold = row.cold / max(colds, 1)
        whole = row.first + each * count + every_cold * cold
        print(f"{row.name:<24} {row.first / 1e6:>7.2f} MB {each / 1e6:>7.3f} MB {form / each:>7.0f}x {every_cold / 1e6:>7.2f} MB "
              f"{whole / 1e6:>6.1f} MB {row.further_bytes / row.seconds['pack'] / 1e6:>4.0f} MB/s {row.further_bytes / row.seconds['unpack'] / 1e6:>4.0f} MB/s "
              f"{row.memory / 1024:>4.0f} MiB")
    if not options.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
