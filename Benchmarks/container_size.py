#!/usr/bin/env python3
"""How large the container image is beside one that is made as PANDA's own are.

Those install the distribution's QEMU and the compiler that PANDA is built with, and keep both; here they are without
any PANDA. All are built on the same base: what IMAGE_BASE names, or the Debian root that stands in for it.

    container_size.py PANDACAP
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

RUNTIME = os.environ.get("PANDACAP_CONTAINER_RUNTIME", "docker")
OURS = "pandacap-bench:ours"
OTHER = "pandacap-bench:other"
DOCKERFILE = """FROM {base}
RUN apt-get -q update && \\
    DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends build-essential {qemu} && \\
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*
"""
# For the same guests: the options of ours, and the packages of the distribution's QEMU.
KINDS = [
    ("x86_64", ["--arch", "x86_64"], "qemu-system-x86"),
    ("8 architectures", [], "qemu-system-x86 qemu-system-arm qemu-system-mips qemu-system-ppc"),
]


def runtime(*arguments):
    return subprocess.run([RUNTIME, *arguments], check=True, capture_output=True, text=True).stdout


def size(image):
    return int(runtime("image", "inspect", "--format", "{{.Size}}", image))


def build(pandacap, *options):
    done = subprocess.run(
        [pandacap, "container", "build", "--runtime", RUNTIME, "--json", "--quiet", *options],
        check=True, stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def build_other(base, qemu):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "Dockerfile").write_text(DOCKERFILE.format(base=base, qemu=qemu))
        runtime("build", "--quiet", "--tag", OTHER, folder)
    return size(OTHER)


def main():
    pandacap = os.path.abspath(sys.argv[1])
    print(f"{'MiB, for guests of':18} {'base':>7} {'ours':>7} {'QEMU and a compiler':>20} {'ratio':>6}")
    for name, options, qemu in KINDS:
        ours = build(pandacap, "--tag", OURS, *options)
        base = ours["base"]["reference"]
        sizes = [size(base), ours["size"], build_other(base, qemu)]
        mebibytes = [f"{bytes_ / 2**20:.1f}" for bytes_ in sizes]
        print(f"{name:18} {mebibytes[0]:>7} {mebibytes[1]:>7} {mebibytes[2]:>20} {sizes[2] / sizes[1]:5.2f}x")
        runtime("rmi", OURS, OTHER)


if __name__ == "__main__":
    main()
