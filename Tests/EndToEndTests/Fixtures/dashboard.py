#!/usr/bin/env python3
"""Looks at a dashboard in Chromium, as somebody with a mouse, a keyboard or a screen reader does.

    dashboard.py URL COLLECTION PICTURES

COLLECTION has a fleet 'trial' of one slot, which waits for a visitor that comes meanwhile. Prints what is wrong, what was
seen and what was asked for, as JSON; pictures of each page are put into PICTURES,
and a file 'watched' when the visitor may come.
"""

import hashlib
import json
import pathlib
import sys
import time
import urllib.parse

from browser import CHECKS, browser

START = time.monotonic()
LIVE = "const e = document.querySelector('[data-live=\"' + arguments[0] + '\"]'); return e && e.textContent;"
DIGEST = r"""
return (async () => {
  const bytes = await (await fetch(arguments[0], { headers: arguments[1] })).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, b => b.toString(16).padStart(2, '0')).join('');
})();
"""

LOADED = """
const frames = Array.from(document.querySelectorAll('iframe'), f => f.src.split('#')[0]);
return performance.getEntriesByType('resource').some(e => frames.includes(e.name.split('#')[0]) && e.responseEnd > 0);
"""


def look(page, name, pictures, problems, seen):
    """Checks a page that is open, in light and in dark, wide and narrow, and by the keyboard."""
    print(f"{time.monotonic() - START:.1f} s: looking at {name}", file=sys.stderr, flush=True)
    # A page that is loaded anew while it is drawn is never drawn for whoever waits for the old one.
    page.run("const e = document.getElementById('live-pause'); if (e !== null) { e.click(); }")
    ratios = []
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        found = page.run(CHECKS)
        problems += [f"{name}, {scheme}: {problem}" for problem in found["problems"]]
        ratios.append(found["worst"]["ratio"])
        page.picture(pictures / f"{name}-{scheme}.png")
    page.size(400, 800)
    problems += [f"{name}, narrow: {problem}" for problem in page.run(CHECKS)["problems"]]
    page.size(1280, 900)
    problems += [f"{name}: {problem}" for problem in page.tab_through()]
    seen[name] = {"contrast": round(min(ratios), 2), "texts": found["texts"], "title": page.run("return document.title")}


def watch(page, base, pictures):
    """A visitor comes and goes while the fleet's page is open: its numbers change, and it is not loaded anew."""
    page.open(f"{base}/fleets/trial")
    page.run("window.untouched = true;")
    before = page.run(LIVE, "recordings")
    states = set()
    page.wait("const e = document.querySelector('#live-state'); return e.textContent === 'live';")
    print("the fleet is watched", file=sys.stderr, flush=True)
    (pictures / "watched").touch()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        states.add(page.run(LIVE, "s0-state"))
        if page.run(LIVE, "recordings") == "1":
            break
    return {
        "before": before, "after": page.run(LIVE, "recordings"), "states": sorted(states),
        "untouched": page.run("return window.untouched === true;"),
    }


def pause(page):
    """Somebody who is disturbed by numbers that change can have them stand still."""
    page.run("document.getElementById('live-pause').click();")
    before = page.run(LIVE, "updated")
    page.run("return new Promise(done => setTimeout(done, 2500));")
    isStill = page.run(LIVE, "updated") == before
    page.run("document.getElementById('live-pause').click();")
    page.wait("return document.querySelector('[data-live=updated]').textContent !== arguments[0];", before)
    return isStill


def main():
    url, collection, pictures = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    parts = urllib.parse.urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}"
    problems, seen, result = [], {}, {}
    with browser() as page:
        page.open("about:blank")
        page.requests()
        page.size(1280, 900)
        page.open(url)
        result["address"] = page.run("return location.href")
        result["cookie"] = page.run("return document.cookie")
        result["watched"] = watch(page, base, pictures)
        result["paused"] = pause(page)
        look(page, "fleet", pictures, problems, seen)
        for name, path in [("overview", "/"), ("runs", "/runs"), ("second", "/runs?sort=id&dir=asc&page=2"),
                           ("chosen", "/runs?state=failed&text=%3Cscript%3E"), ("dataset", "/dataset")]:
            page.open(base + path)
            if name == "dataset":
                page.wait("return document.querySelector('[data-live=verification]').textContent.includes('wrong');")
                page.open(base + path)
            look(page, name, pictures, problems, seen)

        # To the fleet's first run by the links, as a reader goes.
        page.open(f"{base}/runs?fleet=trial&sort=time&dir=asc")
        page.run("document.querySelector('tbody a.id').click();")
        page.wait("return document.querySelector('iframe') !== null && document.readyState === 'complete';")
        run = page.run("return document.querySelector('h1 .id').textContent;")
        # A frame loads when it is near, and Tab passes by one that has not.
        page.run("document.querySelector('iframe').scrollIntoView();")
        page.wait(LOADED)
        look(page, "run", pictures, problems, seen)
        result["run"] = run
        result["digests"] = {}
        for name in ("net.pcap", "rr/session_000-rr-snp"):
            data = (collection / "runs" / run / name).read_bytes()
            result["digests"][name] = (
                page.run(DIGEST, f"/runs/{run}/files/{name}", {}) == hashlib.sha256(data).hexdigest()
                and page.run(DIGEST, f"/runs/{run}/files/{name}", {"Range": "bytes=10-99"})
                == hashlib.sha256(data[10:100]).hexdigest()
            )
        page.open(f"{base}/runs/{run}/report")
        result["report"] = page.run("return document.querySelectorAll('svg.plot').length;")
        result["reportOrigin"] = page.run("return window.origin;")
        result["complaints"] = page.complaints()

        # By the keyboard alone: to the button, and press it.
        page.open(f"{base}/fleets/trial")
        for _ in range(60):
            page.press("Tab")
            if page.run("return document.activeElement.textContent;") == "Drain":
                break
        page.protocol("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13,
                      text="\r")
        page.protocol("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
        page.wait("""
            const e = document.querySelector('[data-live=phase]');
            return e && (e.textContent === 'draining' || e.textContent === 'not running');
        """)
        result["drained"] = True
        result["foreign"] = sorted({
            address for address in page.requests() if not address.startswith((base, "data:", "about:", "chrome"))
        })
        result["asked"] = base
    result["problems"] = problems
    result["seen"] = seen
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
