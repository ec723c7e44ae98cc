#!/usr/bin/env python3
"""How fast traces are analysed: one by one against several at once, each preset against a plain replay, and after a kill.

    analysis.py [COLLECTION] [--traces N] [--workers N] [--image NAME] [--keep FOLDER]

Takes the first N runs of a collection, of which it makes a copy, or records N sessions of an image from its warm state where
none is named. Prints JSON. PANDACAP names the program, PANDACAP_HOME the home with the engine and the guest image.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PANDACAP = os.environ.get("PANDACAP", str(HERE.parent / ".build/release/pandacap"))
PRESETS = ["processes", "syscalls", "files", "coverage", "network"]
COMMANDS = ["uname -a; id", "ls -lR /etc | head -300", "cat /proc/cpuinfo /proc/meminfo", "ps; mount; cat /etc/passwd"]


def pandacap(*words):
    start = time.monotonic()
    result = subprocess.run([PANDACAP, *map(str, words)], text=True, capture_output=True)
    if result.returncode:
        sys.exit(f"{words}: {result.stdout}{result.stderr}")
    return time.monotonic() - start, result.stdout


def collection(options, folder):
    """The runs to analyse, which are copies: analyses are kept with them."""
    target = folder / "traces"
    (target / "runs").mkdir(parents=True)
    if options.collection:
        runs = sorted(path for path in (pathlib.Path(options.collection) / "runs").iterdir() if (path / "run.json").exists())
        for run in runs[: options.traces]:
            shutil.copytree(run, target / "runs" / run.name, ignore=shutil.ignore_patterns("analysis", "disk.qcow2"))
    else:
        for number in range(options.traces):
            pandacap("record", options.image, "-q", "-o", target, "--run-id", f"trace-{number:02}", "--", "sh", "-c",
                     COMMANDS[number % len(COMMANDS)])
    return target


def forget(traces):
    for folder in traces.glob("runs/*/analysis"):
        shutil.rmtree(folder)


def presets(traces, count):
    """Each preset's seconds for a trace, against the same trace's replay without plugins."""
    runs = sorted(path.name for path in (traces / "runs").iterdir())[:count]
    plain = [json.loads(pandacap("replay", run, "-o", traces, "--output", traces.parent / "plain", "--json")[1])
             ["replays"][0]["verification"]["seconds"] for run in runs]
    shares = {}
    for preset in PRESETS:
        seconds = [json.loads(pandacap("replay", run, "-o", traces, "--preset", preset, "--again", "--json")[1])
                   ["analyses"][0]["seconds"] for run in runs]
        shares[preset] = {"seconds": round(statistics.median(seconds), 2),
                          "of_plain": round(statistics.median(a / b for a, b in zip(seconds, plain)), 2)}
    return {"plain_seconds": round(statistics.median(plain), 2), "presets": shares}


def resumed(words, total, traces):
    """Kills the command with all that it started when half of the traces are done, and lets the next one go on."""
    process = subprocess.Popen([PANDACAP, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = lambda: len(list(traces.glob("runs/*/analysis/*/manifest.json")))
    while done() < total // 2 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = done()
    seconds, output = pandacap(*words, "--json")
    kept = sum(result["state"] == "kept" for result in json.loads(output)["results"])
    return {"done_before_the_kill": before, "kept": kept, "seconds_for_the_rest": round(seconds, 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", nargs="?")
    parser.add_argument("--traces", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--image", default="tiny")
    parser.add_argument("--keep")
    options = parser.parse_args()
    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="pandacap-analysis-"))
    try:
        traces = collection(options, folder)
        total = len(list((traces / "runs").iterdir()))
        words = ["analyse", str(traces), "--preset", "processes", "--preset", "syscalls", "--quiet"]
        result = {"traces": total, "load": os.getloadavg()[0], "cores": os.cpu_count()}
        for name, jobs in [("one_by_one", 1), ("at_once", options.workers)]:
            forget(traces)
            result[name] = round(pandacap(*words, "--jobs", jobs)[0], 2)
        result["speed_up"] = round(result["one_by_one"] / result["at_once"], 2)
        result["all_kept"] = round(pandacap(*words)[0], 2)
        forget(traces)
        result["killed_half_way"] = resumed([*words, "--jobs", str(options.workers)], total, traces)
        result |= presets(traces, min(3, total))
        print(json.dumps(result, indent=2))
    finally:
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
