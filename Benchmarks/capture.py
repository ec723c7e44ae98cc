#!/usr/bin/env python3
"""What the framework costs: a capture by pandacap beside the same steps done by hand with the engine.

By hand means: the same engine with the same arguments, a few sockets, ssh, and a replay; no plan, no record, no
digests, no confinement, no packet capture file. Prints medians and the ratio of pandacap's to those by hand.

    capture.py PANDACAP [REPETITIONS]
"""

import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

COMMAND = ["sh", "-c", "uname -a; ls -lR /bin"]
IMAGES = ["tiny", "tiny-i386"]
TREE = pathlib.Path(__file__).resolve().parent.parent


def listen(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(1)
    return server


def drain(server):
    connection = server.accept()[0]
    while connection.recv(1 << 16):
        pass


def lines_of(connection):
    return connection.makefile("r", encoding="utf-8", errors="replace")


def bundle(folder, private, architecture):
    """The archive that the guest's agent is handed: keys, the recording's name, a seed, the time."""
    files = folder / "bundle/files"
    files.mkdir(parents=True)
    for key in [private, files / "ssh_host_ed25519_key"]:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    shutil.copy(TREE / "guest/session/bootstrap.sh", folder / "bundle/bootstrap.sh")
    shutil.copy(TREE / f".build/guest/renew-{architecture}", files / "renew")
    shutil.copy(private + ".pub", files / "authorized_keys")
    (files / "session").write_text("session\n")
    (files / "seed").write_bytes(os.urandom(256))
    (files / "machine-id").write_text(os.urandom(16).hex() + "\n")
    (files / "time").write_text(f"{time.time_ns() // 10**9} {time.time_ns() % 10**9}\n")
    return subprocess.run(["tar", "-c", "-b1", "-C", folder / "bundle", "."], check=True, capture_output=True).stdout


class Control:
    """The engine's control socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.replies = lines_of(self.socket)
        self.replies.readline()
        self("qmp_capabilities")

    def __call__(self, command, **arguments):
        self.socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while "return" not in json.loads(self.replies.readline() or '{"return": 0}'):
            pass


def by_hand(pandacap, image):
    """The steps, and how many seconds each took."""
    plan = json.loads(
        subprocess.run(
            [pandacap, "record", image, "--cold", "--dry-run", "--json", "--", *COMMAND], check=True, capture_output=True
        ).stdout
    )
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "rr").mkdir()
        given = plan["record"]["command"]
        start_of_engine = next(
            i for i, a in enumerate(given["arguments"]) if a.endswith("/panda-system") or "/panda-system-" in a
        )
        runtime = plan["guest"]["runtimeFolder"]
        arguments = [a.replace(runtime + "/s/", f"{name}/").replace(runtime, name) for a in given["arguments"]]
        engine = arguments[start_of_engine:]
        environment = {**os.environ, **given["environment"]}
        agent_server, packet_server = listen(f"{name}/agent"), listen(f"{name}/packets")
        threading.Thread(target=drain, args=[packet_server], daemon=True).start()

        begin = time.monotonic()
        with open(folder / "engine.log", "wb") as log:
            process = subprocess.Popen(engine, cwd=folder / "rr", env=environment, stdout=log, stderr=log)
        agent = agent_server.accept()[0]
        said = lines_of(agent)
        while "ready" not in said.readline():
            pass
        private = f"{name}/key"
        archive = bundle(folder, private, plan["record"]["machine"]["architecture"])
        agent.sendall(f"bootstrap {len(archive)}\n".encode() + archive)
        while not said.readline().startswith("done"):
            pass
        port = plan["guest"]["sshPort"]
        control = Control(f"{name}/qmp")
        rule = f"hostfwd_add tcp:127.0.0.1:{port}-:22"
        control("human-monitor-command", **{"command-line": rule})
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 2) as probe:
                    probe.settimeout(2)
                    if probe.recv(4) == b"SSH-":
                        break
            except OSError:
                pass
            time.sleep(0.05)
        ready = time.monotonic()
        words = " ".join("'" + w.replace("'", "'\\''") + "'" for w in COMMAND)
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"]
        ssh = ["ssh", "-n", "-F", "none", "-i", private, "-p", str(port)]
        ssh += [x for option in options for x in ("-o", option)] + ["root@127.0.0.1", words]
        subprocess.run(ssh, check=True, capture_output=True)
        control("quit")
        process.wait()
        recorded = time.monotonic()

        machine = plan["record"]["machine"]
        replay = engine[: engine.index("-m")] + ["-m", str(machine["memory"] >> 20), "-display", "none"]
        replay += ["-monitor", "none", "-serial", "null", "-serial", "null", "-netdev", "user,id=net0,restrict=on"]
        replay += ["-device", "e1000,netdev=net0", "-replay", f"{name}/rr/session_000"]
        replay += ["-panda", "recctrl:session_rec=y,nrec=0"]
        output = subprocess.run(replay, cwd=folder, env=environment, capture_output=True, check=True).stdout
        assert b"Replay completed successfully" in output
        replayed = time.monotonic()
    return {"boot": ready - begin, "record": recorded - ready, "replay": replayed - recorded, "total": replayed - begin}


def by_pandacap(pandacap, image):
    with tempfile.TemporaryDirectory() as name:
        begin = time.monotonic()
        done = subprocess.run(
            [pandacap, "record", image, "--cold", "--json", "--quiet", "-o", name, "--", *COMMAND],
            check=True, capture_output=True,
        )
        total = time.monotonic() - begin
        record = json.loads(done.stdout)["record"]
    moment = {k: time.mktime(time.strptime(v[:19], "%Y-%m-%dT%H:%M:%S")) + float(v[19:-1]) for k, v in record["times"].items()}
    recording = record["recordings"][0]
    sizes = (recording["snapshot"]["bytes"], recording["log"]["bytes"], recording["instructions"])
    return {
        "boot": moment["ready"] - moment["starting"],
        "record": moment["recorded"] - moment["ready"],
        "replay": recording["verification"]["seconds"],
        "total": total,
    }, sizes


def main():
    pandacap = os.path.abspath(sys.argv[1])
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"{'image':10} {'step':8} {'by hand':>9} {'pandacap':>9} {'ratio':>6}   (medians of {repetitions}, seconds)")
    for image in IMAGES:
        hand, ours = [], []
        for _ in range(repetitions):
            hand.append(by_hand(pandacap, image))
            ours.append(by_pandacap(pandacap, image))
        for step in ["boot", "record", "replay", "total"]:
            a = statistics.median(run[step] for run in hand)
            b = statistics.median(run[step] for run, _ in ours)
            print(f"{image:10} {step:8} {a:9.2f} {b:9.2f} {b / a:6.2f}")
        snapshot, log, instructions = ours[-1][1]
        print(f"{image:10} snapshot {snapshot / 2**20:.1f} MiB, log {log / 2**10:.0f} KiB, {instructions / 1e6:.1f} M instructions")


if __name__ == "__main__":
    main()
