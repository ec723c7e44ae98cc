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
SESSION = pathlib.Path(__file__).resolve().parent.parent / "guest/session/bootstrap.sh"


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


def bundle(folder, private):
    """The archive that the guest's agent is handed: a key, the recording's name, a seed."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", private], check=True)
    (folder / "bundle/files").mkdir(parents=True)
    shutil.copy(SESSION, folder / "bundle/bootstrap.sh")
    shutil.copy(private + ".pub", folder / "bundle/files/authorized_keys")
    (folder / "bundle/files/session").write_text("session\n")
    (folder / "bundle/files/seed").write_bytes(os.urandom(256))
    return subprocess.run(["tar", "-c", "-C", folder / "bundle", "."], check=True, capture_output=True).stdout


def quit_engine(path):
    control = socket.socket(socket.AF_UNIX)
    control.connect(path)
    replies = lines_of(control)
    for command in ["qmp_capabilities", "quit"]:
        replies.readline()
        control.sendall(json.dumps({"execute": command}).encode() + b"\n")


def by_hand(pandacap, image):
    """The steps, and how many seconds each took."""
    plan = json.loads(
        subprocess.run(
            [pandacap, "record", image, "--dry-run", "--json", "--", *COMMAND], check=True, capture_output=True
        ).stdout
    )
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "rr").mkdir()
        given = plan["record"]["command"]
        start_of_engine = next(i for i, a in enumerate(given["arguments"]) if "libpanda" in a or "panda-system-" in a)
        runtime = plan["runtimeFolder"]
        arguments = [a.replace(runtime + "/s/", f"{name}/").replace(runtime, name) for a in given["arguments"]]
        engine = [given["executable"], *arguments[start_of_engine:]]
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
        archive = bundle(folder, private)
        agent.sendall(f"bootstrap {len(archive)}\n".encode() + archive)
        while not said.readline().startswith("done"):
            pass
        port = plan["sshPort"]
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
        quit_engine(f"{name}/qmp")
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
            [pandacap, "record", image, "--json", "--quiet", "-o", name, "--", *COMMAND],
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
