#!/usr/bin/env python3
"""What rendering a bundle costs beside the original's way: j2 once for each template, ssh-keygen, and cp.

Both make the same two sides of a bundle with so many templates. Then one bundle is rendered again, as nothing changed.

    bootstrap.py PANDACAP [REPETITIONS]
"""

import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TEMPLATES = [0, 1, 10, 30]
VARIABLES = {"VM_USER": "panda", "VM_SSH_PORT": "10000", "PANDA_PATH": "/opt/panda"}
TEXT = "".join(f"export {key}={{{{{key}}}}}\n" for key in VARIABLES)


def make_bundle(folder, count):
    (folder / "files").mkdir(parents=True)
    (folder / "scripts").mkdir()
    for number in range(count):
        (folder / f"files/{number}.conf.j2").write_text(TEXT)
    for side in ["docker", "vm"]:
        script = folder / f"scripts/{side}_10_a.sh"
        script.write_text("#!/bin/sh\n")
        script.chmod(0o755)


def by_hand(bundle, run):
    """As the original's make did it: templates are rendered beside their sources, and copied."""
    run.mkdir()
    variables = run / "vars"
    variables.write_text("".join(f"{key}={value}\n" for key, value in VARIABLES.items()))
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-P", "", "-f", run / "id_ed25519"], check=True)
    for template in bundle.glob("files/*.j2"):
        subprocess.run(["j2", "-f", "env", "-o", template.with_suffix(""), template, variables], check=True)
    for side in ["docker", "vm"]:
        (run / side / "files").mkdir(parents=True)
        (run / side / "scripts").mkdir()
        files = [p for p in bundle.glob("files/*") if p.suffix != ".j2"] + list(run.glob("id_*"))
        subprocess.run(["cp", *files, run / side / "files"], check=True)
        for script in bundle.glob(f"scripts/{side}_*"):
            subprocess.run(["cp", script, run / side / "scripts" / script.name[len(side) + 1 :]], check=True)


def timed(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def main():
    pandacap, repetitions = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    settings = [word for key, value in VARIABLES.items() for word in ("--set", f"{key}={value}")]
    print(f"\nrendering a bundle, medians of {repetitions}, in milliseconds")
    print("templates   by hand   pandacap   ratio   again")
    for count in TEMPLATES:
        hand, ours, again = [], [], []
        for _ in range(repetitions):
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                make_bundle(folder / "bundle", count)
                shutil.copytree(folder / "bundle", folder / "other")
                hand.append(timed(lambda: by_hand(folder / "other", folder / "hand")))
                render = [pandacap, "bootstrap", "render", folder / "bundle", "--out", folder / "run", "--quiet"]
                for times in [ours, again]:
                    run = lambda: subprocess.run(render + settings, check=True, stdout=subprocess.DEVNULL)
                    times.append(timed(run))
        medians = [statistics.median(times) * 1000 for times in (hand, ours, again)]
        ratio = medians[1] / medians[0]
        print(f"{count:9}   {medians[0]:7.0f}   {medians[1]:8.0f}   {ratio:5.2f}   {medians[2]:5.0f}")


main()
