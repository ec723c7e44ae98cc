#!/usr/bin/env python3
"""How quick the catalogue of a large collection is, beside reading the run folders.

Makes run folders with records of all states and visitors, as a fleet leaves them, and measures: making the catalogue of
them, bringing it up to date when one run has changed, and questions. The baseline reads every run.json with Python.

    catalogue.py PANDACAP [RUNS]
"""

import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

REPETITIONS = 5


def record(number, state, when):
    times = {"planned": when, "starting": when, "recording": when, "recorded": when, state: when}
    verdict = {"verified": "replayed", "diverged": "diverged"}.get(state)
    recording = {
        "name": "session_000", "structure": "complete", "instructions": 98_000_000, "entries": 5000,
        "snapshot": {"name": "session_000-rr-snp", "bytes": 47_000_000, "sha256": "0" * 64},
        "log": {"name": "session_000-rr-nondet.log", "bytes": 480_000, "sha256": "1" * 64},
    }
    if verdict:
        recording["verification"] = {
            "verdict": verdict, "time": when, "seconds": 1.5, "instructions": 98_000_000,
            "engineVersion": "QEMU emulator version 2.9.1", "engineSHA256": "2" * 64,
        }
    return {
        "schema": 1, "id": f"run-{number:06}", "version": "0", "state": state, "warnings": [], "times": times,
        "reason": "nothing was recorded" if state == "failed" else None,
        "image": {"name": "debian-12", "digest": "3" * 64},
        "engine": {"program": "/e", "version": "QEMU emulator version 2.9.1", "sha256": "2" * 64},
        "machine": {"architecture": "x86_64", "memory": 536870912, "serialPorts": 2, "usb": True,
                    "extraArguments": []},
        "command": {"executable": "/e", "arguments": ["-m", "512"] * 20, "environment": {}, "workingDirectory": "/"},
        "confined": True, "egress": False, "trigger": "login", "start": {"warmState": "w", "reachable": 1.1},
        "forwards": [{"guestPort": 22, "hostPort": 2222, "isLocal": True, "transport": "tcp"}],
        "origin": {"kind": "fleet", "name": "honeypots", "number": number % 16},
        "commands": [], "connections": 1, "recordings": [] if state == "failed" else [recording],
    }


def peers(generator, when):
    return {"schema": 1, "omitted": 0, "peers": [{
        "address": f"203.0.{generator.randrange(256)}.{generator.randrange(256)}", "port": 40000, "guestPort": 22,
        "transport": "tcp", "isFromGuest": False, "first": when, "last": when, "received": 2000, "sent": 3000,
        "banner": "SSH-2.0-Go", "users": ["root"],
    }]}


def make(collection, count):
    generator = random.Random(1)
    for number in range(count):
        folder = collection / "runs" / f"run-{number:06}"
        folder.mkdir(parents=True)
        when = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(1_700_000_000 + number * 30))
        state = generator.choices(["verified", "diverged", "failed"], [90, 2, 8])[0]
        (folder / "run.json").write_text(json.dumps(record(number, state, when)))
        (folder / "peers.json").write_text(json.dumps(peers(generator, when)))


def timed(*command):
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def median(*command):
    return statistics.median(timed(*command) for _ in range(REPETITIONS))


def read_all(collection):
    start = time.monotonic()
    for path in (collection / "runs").glob("*/run.json"):
        json.loads(path.read_text())["state"]
    return time.monotonic() - start


def main():
    pandacap, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        collection = pathlib.Path(folder)
        make(collection, count)
        place = ["-o", folder]
        made = timed(pandacap, "catalog", "rebuild", "--quiet", *place)
        size = (collection / "catalog.sqlite").stat().st_size
        print(f"catalogue of {count} runs: made in {made:.1f} s, {count / made:.0f} runs a second, {size / count:.0f} "
              "bytes a run")
        baseline = read_all(collection)
        questions = {
            "the newest 50": ["runs"],
            "diverged ones of a slot": ["runs", "--fleet", "honeypots", "--slot", "3", "--state", "diverged"],
            "a peer's": ["runs", "--peer", "203.0.7.7"],
            "a text's": ["runs", "--text", "SSH-2.0-Go", "--limit", "10"],
        }
        for name, words in questions.items():
            seconds = median(pandacap, *words, "--quiet", *place)
            print(f"catalogue, {name}: {seconds:.2f} s with a look at all folders, {baseline / seconds:.0f} times as "
                  f"fast as reading them ({baseline:.1f} s)")
        statement = "SELECT state, count(*) FROM runs GROUP BY state; SELECT * FROM runs ORDER BY planned DESC LIMIT 50"
        print(f"catalogue, sqlite3 alone: {median('sqlite3', str(collection / 'catalog.sqlite'), statement):.3f} s")
        print(f"catalogue, nothing to reconcile: {median(pandacap, 'runs', 'reconcile', '--quiet', *place):.2f} s")


if __name__ == "__main__":
    main()
