#!/usr/bin/env python3
"""What a container costs: captures in containers beside the same captures without one.

Each pair is made one after the other, in turns, with the same engine, guest and command: booted and resumed. Prints
medians and the ratio of those in containers to those without. Needs the image that 'pandacap container build' makes.

    container_capture.py PANDACAP [REPETITIONS]
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

COMMAND = ["sh", "-c", "uname -a; ls -lR /bin"]
PLACES = {"without": [], "container": ["--container"]}


def run(pandacap, *arguments, then=()):
    """The result of a command, and how many seconds it took."""
    begin = time.monotonic()
    done = subprocess.run([pandacap, *arguments, "--quiet", "--json", *then], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout), time.monotonic() - begin


def capture(pandacap, collection, options):
    report, seconds = run(pandacap, "record", "tiny", "-o", collection, *options, then=["--", *COMMAND])
    record = report["record"]
    assert record["state"] == "verified", record
    recording = record["recordings"][0]
    return {
        "until it is verified, s": seconds,
        "until the guest is reachable, s": record["start"]["reachable"],
        "replaying, s": recording["verification"]["seconds"],
        "instructions recorded": recording["instructions"],
    }


def table(title, samples):
    print(f"\n{title}")
    print(f"  {'':34}{'without':>12}{'container':>12}{'ratio':>8}")
    for name in samples["without"][0]:
        medians = [statistics.median(s[name] for s in samples[place]) for place in PLACES]
        print(f"  {name:34}{medians[0]:12.2f}{medians[1]:12.2f}{medians[1] / medians[0]:8.2f}")


def main():
    pandacap = str(pathlib.Path(sys.argv[1]).resolve())
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    images, _ = run(pandacap, "container", "images")
    if not any(name.split(":")[0].split("/")[-1] == "pandacap" for i in images["images"] for name in i["names"]):
        sys.exit("there is no image 'pandacap': make build")
    with tempfile.TemporaryDirectory() as name:
        # An image of its own, whose warm states are nobody else's.
        home = pathlib.Path(os.environ.get("PANDACAP_HOME") or pathlib.Path.home() / ".local/share/pandacap")
        own = pathlib.Path(name) / "home"
        own.mkdir()
        (own / "engines").symlink_to(home / "engines")
        os.environ["PANDACAP_HOME"] = str(own)
        subprocess.run([pandacap, "image", "build", "tiny", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        for title, options in [("tiny, booted", ["--cold"]), ("tiny, resumed", [])]:
            if not options:
                run(pandacap, "image", "warm", "tiny")
            samples = {place: [] for place in PLACES}
            for _ in range(repetitions):
                for place, more in PLACES.items():
                    samples[place].append(capture(pandacap, f"{name}/traces", options + more))
            table(f"{title}, medians of {repetitions}", samples)


if __name__ == "__main__":
    main()
