#!/usr/bin/env python3
"""What a fleet does under load, at scale, and when things go wrong.

    fleet.py [turnaround | load [MINUTES] | scale [SLOTS] | faults [TIMES] [--only TEXT]] [--image NAME] [--slots N]

turnaround  from the end of a visit until the slot is ready again, beside a guest that boots each time
load        visitors with real ssh clients come to as many guests as the host holds; each visit must be a verified trace,
            or be counted with its reason, and nothing may leak
scale       a thousand slots of a stand-in for the engine: what the supervisor uses, and how long the catalogue takes
faults      kill -9 of the supervisor, of engines, of Docker; a full disk, a collection that cannot be written, a clock that jumps,
            a damaged run.json and catalogue: each so often, with real engines; the next start puts everything right

Without a word: turnaround, two minutes of load, and scale. PANDACAP names the program, PANDACAP_HOME the home with the
engine and the guest image, which gets a warm state where it has none.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PANDACAP = os.environ.get("PANDACAP", str(HERE.parent / ".build/release/pandacap"))
STAND_IN = pathlib.Path(PANDACAP).parent / "FakePanda"


def run(*words, check=True, **further):
    return subprocess.run([str(word) for word in words], check=check, text=True, capture_output=True, **further)


def median(values):
    return statistics.median(values) if values else float("nan")


class Fleet:
    """A fleet in an empty folder, and visitors whom it lets in."""

    def __init__(self, image, slots, lines="", folder=None, environment=None, engine=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="fleet-"))
        self.collection = self.folder / "traces"
        self.slots = slots
        self.environment = {**os.environ, **(environment or {})}
        self.words = ["--engine", str(engine)] if engine else []
        self.process = None
        bundle = ""
        if not engine:
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "id")
            (self.folder / "visitors/scripts").mkdir(parents=True)
            (self.folder / "visitors/files").mkdir()
            shutil.copy(self.folder / "id.pub", self.folder / "visitors/files/visitor.pub")
            script = self.folder / "visitors/scripts/vm_10_key.sh"
            script.write_text('#!/bin/sh\ncat "$BOOTSTRAP_FILES_DIR/visitor.pub" >> /root/.ssh/authorized_keys\n')
            script.chmod(0o755)
            bundle = "bootstrap: ./visitors\ntrigger: login\n"
        (self.folder / "fleet.yaml").write_text(
            f"schema: 1\nname: bench\nimage: {image}\n{bundle}slots: {slots}\n"
            f"budget: {{reserve: 64M, memory: 1T}}\n{lines}\n"
        )

    def up(self):
        words = [PANDACAP, "fleet", "up", str(self.folder / "fleet.yaml"), *self.words]
        log = open(self.folder / "up.log", "a")
        self.process = subprocess.Popen(words, stdout=log, stderr=log, env=self.environment)
        return self

    @property
    def status(self):
        try:
            return json.loads((self.collection / "fleets/bench/status.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def wait(self, what, holds, limit=180):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            status = self.status
            if status and status["process"] == self.process.pid and holds(status):
                return status
            if self.process.poll() is not None:
                sys.exit(f"the fleet has ended while {what} was awaited: {self.folder}/up.log")
            time.sleep(0.05)
        sys.exit(f"{what} did not come in {limit} s: {self.folder}/up.log")

    def all_ready(self):
        return self.wait("readiness", lambda status: all(slot["state"] == "ready" for slot in status["slots"]))

    def visit(self, port, command):
        return run(
            "ssh", "-F", "none", "-i", self.folder / "id", "-o", "StrictHostKeyChecking=no", "-o",
            "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10", "-p", port,
            "root@127.0.0.1", command, check=False,
        )

    def drain(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(timeout=600)

    def records(self):
        for path in sorted(self.collection.glob("runs/*/run.json")):
            try:
                yield json.loads(path.read_text())
            except json.JSONDecodeError:
                yield {"id": path.parent.name, "state": "damaged"}

    def engines(self):
        """The processes that work in a run of this collection."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "cwd").startswith(str(self.collection / "runs")):
                    found.append(int(process.name))
            except OSError:
                pass
        return found

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def ensure_warm(image):
    if not re.search(r"warm state", run(PANDACAP, "image", "show", image).stdout):
        print(f"saving a warm state of {image}", flush=True)
        run(PANDACAP, "image", "warm", image)


def turnaround(image, times=5):
    rows = {}
    for name, lines in (("resumed", ""), ("booted", "cold: true")):
        fleet = Fleet(image, 1, lines).up()
        for number in range(times if name == "resumed" else 2):
            status = fleet.wait("readiness", lambda status: status["slots"][0]["state"] == "ready")
            fleet.visit(status["slots"][0]["port"], "true")
            fleet.wait("the next guest", lambda status: status["turnaround"]["count"] > number)
        status = fleet.status
        rows[name] = (status["timeToReady"]["median"], status["turnaround"]["median"])
        fleet.drain()
        fleet.remove()
    print(f"\n{'guest':<10} {'ready after':>12} {'again after a visit':>20}  ratio")
    for name, (ready, again) in rows.items():
        print(f"{name:<10} {ready:>10.2f} s {again:>18.2f} s  {rows['booted'][1] / again:.1f}")


def load(image, minutes, slots):
    commands = [
        "uname -a; id", "ls -lR /bin | head -50", "cat /proc/cpuinfo; sleep 0.5", "echo x > /tmp/y; sleep 1; cat /tmp/y",
        "exit 3", "dd if=/dev/urandom bs=64k count=4 | wc -c", "wget -T 2 http://192.0.2.1/ || true", "kill -9 $$",
    ]
    fleet = Fleet(image, slots, "limits: {recording: 60s, idle: 20s}\nverifiers: 1").up()
    fleet.all_ready()
    usage, visits, refused = [], 0, 0
    end = time.monotonic() + minutes * 60

    def visitor(slot):
        nonlocal visits, refused
        generator = random.Random(slot)
        while time.monotonic() < end:
            state = fleet.status["slots"][slot]
            if state["state"] != "ready":
                time.sleep(0.2)
                continue
            code = fleet.visit(state["port"], generator.choice(commands)).returncode
            if code == 255:
                refused += 1
            else:
                visits += 1
            time.sleep(generator.uniform(0.5, 3))

    with concurrent.futures.ThreadPoolExecutor(slots) as pool:
        visitors = [pool.submit(visitor, slot) for slot in range(slots)]
        while time.monotonic() < end:
            time.sleep(min(30, max(1, end - time.monotonic())))
            status = fleet.status
            usage.append((status["usage"]["memory"], status["usage"]["files"], status["usage"]["threads"]))
            print(
                f"  {visits} visits, {status['totals']['recordings']} recordings, {status['totals']['verified']} verified, "
                f"lag {status['verification']['lag']:.0f} s, {usage[-1][0] / 2**20:.0f} MiB, {usage[-1][1]} files, "
                f"{usage[-1][2]} threads", flush=True,
            )
        for one in visitors:
            one.result()
    fleet.wait("the last replay", lambda status: status["verification"]["pending"] + status["verification"]["running"] == 0
               and not any(slot["state"] in ("recording", "ending") for slot in status["slots"]), 600)
    fleet.drain()
    status, records = fleet.status, list(fleet.records())
    states = {state: sum(record["state"] == state for record in records) for state in {r["state"] for r in records}}
    ports = [slot["port"] for slot in status["slots"] if slot.get("port")]
    listening = run("ss", "-ltnH").stdout
    print(f"\nload: {slots} guests, {minutes} min, {visits} visits that got a command through, {refused} that did not")
    print(f"  runs            {states}; failed: {status['totals']['failures']}")
    print(f"  ready again     {status['turnaround']}")
    print(f"  memory          {usage[0][0] / 2**20:.0f} MiB at first, {usage[-1][0] / 2**20:.0f} MiB at last")
    print(f"  files, threads  {usage[0][1:]} at first, {usage[-1][1:]} at last")
    print(f"  left behind     engines {fleet.engines()}, ports {[p for p in ports if f':{p} ' in listening]}")
    recorded = sum(len(record["recordings"]) for record in records)
    if recorded < visits or any(record["state"] not in ("verified", "failed") for record in records):
        sys.exit(f"not every visit is accounted for: {recorded} recordings; see {fleet.folder}")
    fleet.remove()


def stand_in(folder):
    """A home with an image that nobody boots, and the stand-in where an engine is looked for."""
    home, engine = folder / "home", folder / "engine"
    (engine / "panda/plugins").mkdir(parents=True)
    shutil.copy(STAND_IN, engine / "panda-system-i386")
    (engine / "panda/plugins/panda_recctrl.so").touch()
    image = home / "images/fake"
    image.mkdir(parents=True)
    real = pathlib.Path(os.environ.get("PANDACAP_HOME", pathlib.Path.home() / ".local/share/pandacap"))
    like = json.loads(next((real / "images").glob("tiny-i386/image.json")).read_text())
    (image / "image.json").write_text(json.dumps({**like, "name": "fake", "agent": "none", "memory": 16 << 20}))
    for name in ("vmlinuz", "initrd"):
        (image / name).write_text("nothing")
    libraries = re.search(r"=> (/.*)/libswiftCore\.so", run("ldd", STAND_IN).stdout)
    # An engine may read its own libraries only, and what this variable names.
    return {"PANDACAP_HOME": str(home), "LD_LIBRARY_PATH": libraries[1] if libraries else ""}, engine / "panda-system-i386"


def scale(slots):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="scale-"))
    environment, engine = stand_in(folder)
    environment |= {"PANDA_FAKE_VISIT": "60", "PANDA_FAKE_LENGTH": "1"}
    fleet = Fleet("fake", slots, "starts: {stagger: 0s}", folder, environment, engine)
    start = time.monotonic()
    fleet.up().wait("readiness", lambda status: status["timeToReady"]["count"] >= slots, 600)
    ready = time.monotonic() - start
    before = fleet.status
    time.sleep(60)
    after = fleet.status
    database = sqlite3.connect(f"file:{fleet.collection}/catalog.sqlite?mode=ro", uri=True)
    query = time.monotonic()
    rows = database.execute("select count(*) from runs").fetchone()[0]
    query = time.monotonic() - query
    database.close()
    start = time.monotonic()
    fleet.drain()
    drained = time.monotonic() - start
    seconds = after["usage"]["processorSeconds"] - before["usage"]["processorSeconds"]
    runs = after["totals"]["runs"] - before["totals"]["runs"]
    print(f"\nscale: {slots} slots of a stand-in")
    print(f"  all ready after    {ready:.1f} s, {slots / ready:.0f} a second; each {after['timeToReady']['median']:.3f} s")
    print(f"  in one minute      {runs} runs, {seconds:.1f} s of processor time")
    print(f"  ready again        {after['turnaround']['median']:.3f} s (median), {after['turnaround']['ninetieth']:.3f} s (nine of ten)")
    print(f"  supervisor         {after['usage']['memory'] / 2**20:.0f} MiB, {after['usage']['threads']} threads, {after['usage']['files']} files")
    print(f"  catalogue          {rows} runs counted in {query * 1000:.1f} ms, while it is written")
    print(f"  drained after      {drained:.1f} s, {len(fleet.engines())} engines left")
    fleet.remove()


class Docker:
    """A daemon of Docker's with a storage of its own, and an image with the engine in it."""

    image = "pandacap-fleet"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="docker-"))
        self.socket = f"unix://{self.folder}/docker.sock"
        self.environment = {"DOCKER_HOST": self.socket, "PANDACAP_CONTAINER_RUNTIME": "docker"}
        if run("docker", "info", check=False).returncode == 0:
            sys.exit("a daemon of Docker's is there already, whose network this one would take: stop it first")
        self.start()
        run(PANDACAP, "container", "build", "--engine", "managed", "--tag", self.image, "--base", "mmdebstrap",
            env={**os.environ, **self.environment})

    def call(self, *words, check=True):
        return run("docker", *words, check=check, env={**os.environ, **self.environment})

    def start(self):
        # Where nobody reaps what was killed, its number stays taken, and the next one would wait for it.
        for file in ("pid", "exec/containerd/containerd.pid"):
            (self.folder / file).unlink(missing_ok=True)
        log = open(self.folder / "log", "a")
        self.daemon = subprocess.Popen(
            ["dockerd", "--host", self.socket, "--data-root", self.folder / "root", "--exec-root", self.folder / "exec",
             "--pidfile", self.folder / "pid"], stdout=log, stderr=log,
        )
        end = time.monotonic() + 60
        while self.call("info", check=False).returncode != 0:
            if time.monotonic() > end:
                sys.exit(f"dockerd does not answer: {self.folder}/log")
            time.sleep(0.2)

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()

    def containers(self):
        return self.call("ps", "--all", "--quiet").stdout.split()

    def remove(self):
        self.daemon.terminate()
        self.daemon.wait()
        mounts = [line.split()[1] for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
        for place in mounts:
            if place.startswith(str(self.folder)):
                run("umount", "--lazy", place, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Faults:
    """One fault after the other, each so often; after each the next start must put everything right."""

    def __init__(self, image, times):
        self.image, self.times, self.failed = image, times, 0

    def report(self, name, results):
        good = sum(results)
        self.failed += len(results) - good
        print(f"  {name:<44} {good} of {len(results)}", flush=True)

    def settle(self, fleet, finished):
        """Starts the fleet again, and says whether every finished trace is there and everything is put right."""
        fleet.up().all_ready()
        fleet.wait("the replays", lambda status: status["verification"]["pending"] + status["verification"]["running"] == 0)
        fleet.drain()
        records = {record["id"]: record for record in fleet.records()}
        lost = [name for name in finished if records.get(name, {}).get("state") != "verified"]
        open_ = [name for name, record in records.items() if record["state"] not in ("verified", "failed", "damaged")]
        left = fleet.engines()
        if lost or open_ or left:
            print(f"    lost {lost}, not put right {open_}, engines {left}: {fleet.folder}")
        return not (lost or open_ or left)

    def finished(self, fleet):
        return [record["id"] for record in fleet.records() if record["state"] == "verified"]

    def each(self, name, fault, docker=None):
        """A visit that is finished, a fault during the next, and the next start."""
        results = []
        for _ in range(self.times):
            fleet = Fleet(self.image, 1, "starts: {pause: 0.1s}")
            if docker:
                fleet.words = ["--engine", f"container:{docker.image}"]
                fleet.environment |= docker.environment
            fleet.up()
            status = fleet.wait("readiness", lambda status: status["slots"][0]["state"] == "ready")
            fleet.visit(status["slots"][0]["port"], "true")
            status = fleet.wait("the first trace", lambda status: status["totals"]["verified"] == 1
                                and status["slots"][0]["state"] == "ready")
            port = status["slots"][0]["port"]
            finished = self.finished(fleet)
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                visit = pool.submit(fleet.visit, port, "sleep 3; ls -l /bin")
                fleet.wait("the recording", lambda status: status["slots"][0]["state"] == "recording")
                time.sleep(random.uniform(0, 2))
                fault(fleet)
                if fleet.process.poll() is None:
                    fleet.drain()
                visit.result()
            if docker:
                docker.start()
            good = self.settle(fleet, finished)
            if docker and docker.containers():
                print(f"    containers {docker.containers()}: {fleet.folder}")
                good = False
            results.append(good)
            if good:
                fleet.remove()
        self.report(name, results)

    def kill_docker(self, name):
        docker = Docker()
        try:
            self.each(name, lambda fleet: docker.kill(), docker)
        finally:
            docker.remove()

    def kill_supervisor(self, fleet):
        fleet.process.send_signal(signal.SIGKILL)
        fleet.process.wait()

    def kill_engines(self, fleet):
        for process in fleet.engines():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(1)

    def kill_both(self, fleet):
        self.kill_engines(fleet)
        self.kill_supervisor(fleet)

    def damage_run(self, fleet):
        self.kill_supervisor(fleet)
        newest = sorted(fleet.collection.glob("runs/*/run.json"))[-1]
        data = newest.read_bytes()
        newest.write_bytes(data[: random.randrange(len(data))])

    def damage_catalogue(self, fleet):
        self.kill_supervisor(fleet)
        catalogue = fleet.collection / "catalog.sqlite"
        data = bytearray(catalogue.read_bytes())
        for _ in range(200):
            data[random.randrange(len(data))] ^= 0xFF
        catalogue.write_bytes(data)

    def jumping_clock(self, name):
        """The supervisor's clock goes two days ahead during a visit, and three back after it."""
        library = pathlib.Path(tempfile.mkdtemp(prefix="clock-")) / "clock.so"
        run("gcc", "-shared", "-fPIC", "-O2", "-o", library, HERE / "fleet/jumping-clock.c")
        results = []
        for _ in range(self.times):
            folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-"))
            offset = folder / "offset"
            offset.write_text("0")
            fleet = Fleet(
                self.image, 1, "limits: {recording: 10m, wait: 1h, period: 1h}", folder,
                {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(offset)},
            ).up()
            port = fleet.wait("readiness", lambda status: status["slots"][0]["state"] == "ready")["slots"][0]["port"]
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                visit = pool.submit(fleet.visit, port, "sleep 3; ls -l /bin")
                fleet.wait("the recording", lambda status: status["slots"][0]["state"] == "recording")
                offset.write_text("172800")
                visit.result()
            offset.write_text("-86400")
            fleet.wait("the trace", lambda status: status["totals"]["verified"] == 1
                       and status["slots"][0]["state"] == "ready")
            time.sleep(1)
            calm = fleet.status["slots"][0]["state"] == "ready" and fleet.status["totals"]["failures"] == {}
            fleet.drain()
            endings = [record["ending"] for record in fleet.records()]
            good = calm and endings == ["finished"] and self.settle(fleet, self.finished(fleet))
            results.append(good)
            if good:
                fleet.remove()
            else:
                print(f"    {endings}, {calm}: {fleet.folder}")
        shutil.rmtree(library.parent)
        self.report(name, results)

    def on_small_disk(self, name, fault, undo):
        """As each(), with the collection on a file system of its own."""
        results = []
        for _ in range(self.times):
            fleet = Fleet(self.image, 1, "starts: {pause: 0.1s}")
            fleet.collection.mkdir()
            run("mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", fleet.collection)
            try:
                fleet.up()
                status = fleet.wait("readiness", lambda status: status["slots"][0]["state"] == "ready")
                fleet.visit(status["slots"][0]["port"], "true")
                status = fleet.wait("the first trace", lambda status: status["totals"]["verified"] == 1
                                    and status["slots"][0]["state"] == "ready")
                finished = self.finished(fleet)
                with concurrent.futures.ThreadPoolExecutor(1) as pool:
                    visit = pool.submit(fleet.visit, status["slots"][0]["port"], "sleep 3; ls -l /bin")
                    fleet.wait("the recording", lambda status: status["slots"][0]["state"] == "recording")
                    fault(fleet)
                    visit.result()
                    time.sleep(2)
                undo(fleet)
                if fleet.process.poll() is None:
                    fleet.drain()
                good = self.settle(fleet, finished)
            finally:
                if fleet.process.poll() is None:
                    fleet.drain(signal.SIGKILL)
                    time.sleep(1)
                run("umount", "-l", fleet.collection)
            results.append(good)
            if good:
                fleet.remove()
        self.report(name, results)

    def fill(self, fleet):
        with open(fleet.collection / "filler", "wb") as file:
            try:
                while True:
                    file.write(bytes(1 << 20))
            except OSError:
                pass

    def all(self, only):
        faults = {
            "kill -9 of the supervisor": lambda name: self.each(name, self.kill_supervisor),
            "kill -9 of the engine": lambda name: self.each(name, self.kill_engines),
            "kill -9 of both": lambda name: self.each(name, self.kill_both),
            "kill -9 of Docker": self.kill_docker,
            "a damaged run.json": lambda name: self.each(name, self.damage_run),
            "a damaged catalogue": lambda name: self.each(name, self.damage_catalogue),
            "a clock that jumps": self.jumping_clock,
            "a full disk": lambda name: self.on_small_disk(
                name, self.fill, lambda fleet: (fleet.collection / "filler").unlink()
            ),
            "a collection that cannot be written": lambda name: self.on_small_disk(
                name,
                lambda fleet: run("mount", "-o", "remount,ro", fleet.collection, check=False),
                lambda fleet: run("mount", "-o", "remount,rw", fleet.collection),
            ),
        }
        print(f"faults: each {self.times} times, with real engines; how often everything was right afterwards", flush=True)
        for name, make in faults.items():
            if only and only not in name:
                continue
            if name in ("kill -9 of Docker", "a full disk", "a collection that cannot be written") and os.geteuid() != 0:
                print(f"  {name:<44} needs root, to start Docker or to mount a file system")
            else:
                make(name)
        if self.failed:
            sys.exit(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["turnaround", "load", "scale", "faults"])
    parser.add_argument("number", nargs="?", type=int)
    parser.add_argument("--image", default="tiny-i386")
    parser.add_argument("--only", help="of the faults, those whose name has this text")
    parser.add_argument("--slots", type=int, default=4 * (os.cpu_count() or 1))
    options = parser.parse_args()
    if options.what != "scale":
        ensure_warm(options.image)
    if options.what in (None, "turnaround"):
        turnaround(options.image)
    if options.what in (None, "load"):
        load(options.image, options.number or 2, options.slots)
    if options.what in (None, "scale"):
        scale(options.number or 1000)
    if options.what == "faults":
        Faults(options.image, options.number or 20).all(options.only)


if __name__ == "__main__":
    main()
