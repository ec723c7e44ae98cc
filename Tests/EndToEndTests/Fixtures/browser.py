"""A Chromium without a window, driven by chromedriver (W3C WebDriver, and Chromium's own protocol through it)."""

import base64
import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# What is wrong with the page for somebody who cannot see it, use a pointer, or tell two colours apart.
CHECKS = r"""
const problems = [];
const place = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' "' + e.textContent.trim().slice(0, 40) + '"';
const all = selector => Array.from(document.querySelectorAll(selector));
const say = (condition, text) => { if (!condition) { problems.push(text); } };
const named = e => (e.getAttribute('aria-label') || e.textContent || '').trim() !== ''
  || Array.from(e.querySelectorAll('img')).some(i => i.alt !== '');

say(document.documentElement.lang !== '', 'the page has no language');
say(document.title.trim() !== '', 'the page has no title');
say(all('h1').length === 1, 'the page has ' + all('h1').length + ' first headings');
say(all('main').length === 1, 'the page has ' + all('main').length + ' main parts');
let level = 0;
for (const heading of all('h1, h2, h3, h4, h5, h6')) {
  const next = Number(heading.tagName[1]);
  say(next <= level + 1, 'a heading is left out before ' + place(heading));
  level = next;
}
const ids = all('[id]').map(e => e.id);
for (const id of ids.filter((id, i) => ids.indexOf(id) !== i)) { problems.push('the id ' + id + ' is there twice'); }
for (const e of all('input:not([type=hidden]), select, textarea')) {
  say(e.labels.length > 0 || e.hasAttribute('aria-label'), 'no label: ' + place(e));
}
for (const e of all('img')) { say(e.hasAttribute('alt'), 'a picture without words for it'); }
for (const e of all('svg')) {
  say(e.getAttribute('aria-hidden') === 'true' || (e.getAttribute('aria-label') || '') !== '', 'a drawing without words');
}
for (const e of all('a[href], button')) { say(named(e), 'nothing to be read out: ' + place(e)); }
for (const e of all('iframe')) { say((e.title || '') !== '', 'a frame without a title'); }
for (const e of all('th')) { say(e.hasAttribute('scope'), 'a head of a table without a scope: ' + place(e)); }
for (const e of all('[tabindex]')) { say(e.tabIndex <= 0, 'an order of its own: ' + place(e)); }
for (const e of all('nav')) { say(e.hasAttribute('aria-label'), 'a navigation without a name'); }
for (const e of all('[aria-labelledby], [aria-describedby]')) {
  for (const id of ((e.getAttribute('aria-labelledby') || '') + ' ' + (e.getAttribute('aria-describedby') || '')).split(' ')) {
    say(id === '' || document.getElementById(id) !== null, 'there is no ' + id + ' for ' + place(e));
  }
}
say(document.scrollingElement.scrollWidth <= innerWidth, 'the page is wider than the window');

// Contrast, WCAG 2.1: 4.5 to 1 for each text, whatever its size.
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const colour = text => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return { r, g, b, a: a / 255 };
};
const over = (top, ground) => ({
  r: top.r * top.a + ground.r * (1 - top.a), g: top.g * top.a + ground.g * (1 - top.a),
  b: top.b * top.a + ground.b * (1 - top.a), a: 1,
});
const ground = e => {
  const layers = [];
  for (let up = e; up !== null; up = up.parentElement) { layers.push(colour(getComputedStyle(up).backgroundColor)); }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  return layers.reverse().reduce((below, top) => over(top, below), colour(dark ? '#121212' : '#ffffff'));
};
const light = c => {
  const part = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
  return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
};
const worst = { ratio: 21, text: '' };
let texts = 0;
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
  const e = node.parentElement;
  if (node.textContent.trim() === '' || !e.checkVisibility() || e.closest('.unseen, script, datalist, option')) { continue; }
  const below = ground(e);
  const [x, y] = [light(over(colour(getComputedStyle(e).color), below)), light(below)];
  const ratio = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  texts += 1;
  if (ratio < worst.ratio) { worst.ratio = ratio; worst.text = place(e); }
  say(ratio >= 4.5, 'a contrast of ' + ratio.toFixed(2) + ': ' + place(e));
}
return { problems: problems.slice(0, 20), texts, worst };
"""

# What Tab has to reach: radio buttons and what is folded away aside.
REACHABLE = r"""
return Array.from(document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"], iframe'
)).filter(e => !e.disabled && e.checkVisibility()).length;
"""
FOCUSED = r"""
const e = document.activeElement;
if (e === null || e === document.body || e === document.documentElement) { return null; }
window.seen = window.seen || new Map();
if (!window.seen.has(e)) { window.seen.set(e, window.seen.size); }
const style = getComputedStyle(e);
const box = e.getBoundingClientRect();
return {
  number: window.seen.get(e), text: e.tagName + ' ' + e.textContent.trim().slice(0, 40),
  isFrame: e.tagName === 'IFRAME',
  isSeen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.right > 0,
};
"""


class Browser:
    """A session with a window."""

    def __init__(self, port, session):
        self.base = f"http://127.0.0.1:{port}/session/{session}"

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()[:600]}") from error

    def protocol(self, command, **parameters):
        return self.call("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def run(self, script, *arguments):
        return self.call("/execute/sync", {"script": script, "args": list(arguments)})

    def open(self, url):
        self.call("/url", {"url": url})

    def size(self, width, height):
        self.protocol("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=False)

    def scheme(self, name):
        self.protocol("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.protocol("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=9)

    def picture(self, path):
        """The whole page, as far down as it goes."""
        data = self.protocol("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def wait(self, script, *arguments, seconds=15):
        """Waits until a script returns something that counts as true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(script, *arguments)
            if value:
                return value
            time.sleep(0.1)
        raise RuntimeError(f"waited in vain for: {script}")

    def tab_through(self):
        """Presses Tab until it comes round; says what cannot be reached, or is not seen to have the focus."""
        wanted = self.run(REACHABLE)
        self.run("window.seen = new Map(); document.activeElement.blur();")
        reached, problems = set(), []
        for _ in range(wanted * 2 + 20):
            self.press("Tab")
            focus = self.run(FOCUSED)
            if focus is None:
                break
            if focus["isFrame"]:
                # What is in it has an order of its own.
                reached.add(focus["number"])
                continue
            if focus["number"] in reached:
                break
            reached.add(focus["number"])
            if not focus["isSeen"]:
                problems.append(f"the focus is not seen: {focus['text']}")
        if len(reached) < wanted:
            problems.append(f"Tab reaches {len(reached)} of {wanted}")
        return problems[:10]

    def log(self, kind):
        return self.call("/se/log", {"type": kind})

    def complaints(self):
        """What the console got that is worse than talk."""
        return [entry["message"] for entry in self.log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """The addresses that pages asked for."""
        found = []
        for entry in self.log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found


@contextlib.contextmanager
def browser():
    """A browser that can resolve no name."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    profile = tempfile.mkdtemp()
    driver = subprocess.Popen(
        ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    session = None
    try:
        wishes = {
            "goog:chromeOptions": {"args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
                "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={profile}",
                "--disable-dev-shm-usage",
            ]},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        data = json.dumps({"capabilities": {"alwaysMatch": wishes}}).encode()
        for _ in range(100):
            try:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/session", data, {"Content-Type": "application/json"}
                )
                with urllib.request.urlopen(request, timeout=60) as answer:
                    session = json.load(answer)["value"]["sessionId"]
                break
            except urllib.error.URLError as error:
                if isinstance(error, urllib.error.HTTPError):
                    raise RuntimeError(error.read().decode()[:600]) from error
                time.sleep(0.1)
        yield Browser(port, session)
    finally:
        if session is not None:
            with contextlib.suppress(Exception):
                urllib.request.urlopen(
                    urllib.request.Request(f"http://127.0.0.1:{port}/session/{session}", method="DELETE"), timeout=10
                ).read()
        driver.terminate()
        driver.wait(10)
        shutil.rmtree(profile, ignore_errors=True)
