#!/usr/bin/env python3
"""How much sooner a guest is there when it is resumed from a warm state instead of booted.

Times are those that pandacap notes in each run's record, counted from the engine's launch: until the guest runs, until
it has been prepared, and until its ssh server answers. Then eight guests are resumed at once from one state.

    warm.py PANDACAP [REPETITIONS]
"""

import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

IMAGES = ["tiny", "debian-12"]
STEPS = ["running", "prepared", "reachable"]
AT_ONCE = 8


def record(pandacap, image, folder, *options, command=("true",)):
    done = subprocess.run(
        [pandacap, "record", image, "--json", "--quiet", "-o", folder, *options, "--", *command],
        check=True, capture_output=True,
    )
    return json.loads(done.stdout)["record"]


def prepare(pandacap, image):
    known = json.loads(subprocess.run([pandacap, "image", "list", "--json"], check=True, capture_output=True).stdout)
    if image not in [i["name"] for i in known["images"]]:
        subprocess.run([pandacap, "image", "build", image, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([pandacap, "image", "warm", image, "--replace", "--quiet"], check=True, stdout=subprocess.DEVNULL)


def engines_of(folder):
    """The engines that work in a collection."""
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd").startswith(str(folder)):
                if "panda-system" in os.readlink(entry / "exe"):
                    yield entry
        except OSError:
            pass


def shared_out_memory(process):
    """The process's memory, what it shares with others divided among them, in bytes."""
    text = (process / "smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) << 10


def at_once(pandacap, image):
    """Times and memory of guests that are resumed at the same time."""
    memory = {}

    def sample(stop, folder):
        while not stop.wait(0.5):
            for process in engines_of(folder):
                try:
                    memory[process.name] = max(memory.get(process.name, 0), shared_out_memory(process))
                except OSError:
                    pass

    with tempfile.TemporaryDirectory() as folder:
        stop = threading.Event()
        sampler = threading.Thread(target=sample, args=(stop, os.path.realpath(folder)))
        sampler.start()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            runs = list(pool.map(lambda _: record(pandacap, image, folder, command=("sleep", "5")), range(AT_ONCE)))
        stop.set()
        sampler.join()
    return runs, list(memory.values())


def main():
    pandacap = os.path.abspath(sys.argv[1])
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"{'image':10} {'until':10} {'booted':>8} {'resumed':>8} {'sooner':>7}   (medians of {repetitions}, seconds)")
    for image in IMAGES:
        prepare(pandacap, image)
        with tempfile.TemporaryDirectory() as folder:
            cold = [record(pandacap, image, folder, "--cold")["start"] for _ in range(repetitions)]
            warm = [record(pandacap, image, folder)["start"] for _ in range(repetitions)]
        assert all("warmState" in start for start in warm)
        for step in STEPS:
            a = statistics.median(start[step] for start in cold)
            b = statistics.median(start[step] for start in warm)
            print(f"{image:10} {step:10} {a:8.2f} {b:8.2f} {a / b:6.0f}x")
        begin = time.monotonic()
        runs, memory = at_once(pandacap, image)
        times = [run["start"]["reachable"] for run in runs]
        assert all(run["state"] == "verified" for run in runs)
        print(
            f"{image:10} {AT_ONCE} at once: reachable after {min(times):.1f} to {max(times):.1f} s, recorded and verified "
            f"after {time.monotonic() - begin:.0f} s, {statistics.median(memory) / 2**20:.0f} MiB each"
        )


if __name__ == "__main__":
    main()
