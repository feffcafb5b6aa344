"""How fast a page is on a mid-range phone over a mobile network, measured in a browser slowed down to be one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

    from hypercare.browser.page import PageSession
    from hypercare.target_file.config import LimitsSection

# What measuring tools call "slow 4G": 150 ms there and back, 1.6 Mbit/s down, 0.75 Mbit/s up.
_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
_MOST_SLOWED = 4.0
# What a mid-range phone needs for the sample of work below.
_PHONE_MS = 110.0
_WORK = """() => {
  const times = [];
  for (let turn = 0; turn < 4; turn++) {
    const started = performance.now();
    let text = '';
    const found = new Map();
    for (let i = 0; i < 60000; i++) {
      text = (text + String.fromCharCode(97 + (i * 7) % 26)).slice(-40);
      found.set(text, (found.get(text) ?? 0) + 1);
    }
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}"""

# Runs before the page's own scripts. Under emulation the shifts of the first half second carry "hadRecentInput"
# though nobody touched anything, so what counts is whether we have.
WATCH = """(() => {
  const seen = window.__seen = {
    largest: 0, first: 0, shifts: [], tasks: [], slowest: 0, touched: false, covered: false,
  };
  const pointer = ['over', 'enter', 'down', 'move', 'up', 'out', 'leave', 'cancel'].map(kind => 'pointer' + kind);
  const mouse = ['over', 'enter', 'move', 'down', 'up', 'out', 'leave'].map(kind => 'mouse' + kind);
  const touch = ['start', 'move', 'end', 'cancel'].map(kind => 'touch' + kind);
  const others = ['click', 'contextmenu', 'focus', 'focusin', 'focusout', 'blur', 'scroll', 'wheel', 'selectstart'];
  for (const kind of [...pointer, ...mouse, ...touch, ...others]) {
    window.addEventListener(kind, event => {
      if (!seen.covered) return;
      event.stopImmediatePropagation();
      if (kind === 'mousedown' || kind === 'click') {
        event.preventDefault();
        // Something to draw, as a page would that answers.
        const cover = document.getElementById('hypercare-cover');
        if (cover) cover.style.opacity = '0.02';
      }
    }, {capture: true, passive: false});
  }
  const on = (type, options, take) => {
    const observer = new PerformanceObserver(list => list.getEntries().forEach(take));
    try { observer.observe({type, buffered: true, ...options}); } catch {}
  };
  on('largest-contentful-paint', {}, entry => seen.largest = entry.startTime);
  on('paint', {}, entry => { if (entry.name === 'first-contentful-paint') seen.first = entry.startTime; });
  on('layout-shift', {}, entry => { if (!seen.touched) seen.shifts.push([entry.startTime, entry.value]); });
  on('longtask', {}, entry => seen.tasks.push([entry.startTime, entry.duration]));
  on('event', {durationThreshold: 16}, entry => { if (entry.interactionId || entry.name === 'click')
    seen.slowest = Math.max(seen.slowest, entry.duration); });
})()"""
_READ = """kept => {
  const [page] = performance.getEntriesByType('navigation');
  const parts = performance.getEntriesByType('resource');
  return {...window.__seen, ready: page.domContentLoadedEventEnd, loaded: page.loadEventEnd,
    bytes: [page, ...parts].filter(entry => !kept.includes(entry.name))
      .reduce((sum, entry) => sum + (entry.transferSize || 0), 0)};
}"""
_SHIFT_GAP_MS, _SHIFT_WINDOW_MS = 1000, 5000
# What is tapped is laid over the page, and what was tapped is kept from the page: how soon it answers a touch is seen
# without anything on it being touched.
_COVER = """() => {
  const cover = document.createElement('div');
  cover.id = 'hypercare-cover';
  Object.assign(cover.style, {position: 'fixed', inset: '0', zIndex: '2147483647', opacity: '0.01'});
  document.documentElement.append(cover);
  window.__seen.covered = true;
}"""
_UNCOVER = """() => { window.__seen.covered = false; document.getElementById('hypercare-cover')?.remove(); }"""
_TAP_SECONDS = 5.0


@dataclass(frozen=True)
class PageSpeed:
    """One page on one phone. Times are seconds from asking for the page; `interaction` is how long a tap took to
    show; `shift` is the layout shift, without unit; `slowed` is by how much the processor was slowed down."""

    page: str
    largest_paint: float
    interactive: float
    interaction: float
    shift: float
    megabytes: float
    slowed: float

    def row(self) -> dict[str, object]:
        return {
            "page": self.page,
            "largest paint (s)": round(self.largest_paint, 2),
            "can be used (s)": round(self.interactive, 2),
            "answers a tap (ms)": round(self.interaction * 1000),
            "layout shift": round(self.shift, 3),
            "megabytes": round(self.megabytes, 2),
        }


class SlowedDown:
    """The page of a session, as slow as on a phone for the length of a block."""

    def __init__(self, page_session: PageSession) -> None:
        self._page_session = page_session
        self._session: CDPSession | None = None
        self.rate = 1.0

    def __enter__(self) -> SlowedDown:
        # A machine that is busy is slow already: what is taken away is what is left above a phone's speed.
        ours = float(self._page_session.page.evaluate(_WORK))
        self.rate = min(_MOST_SLOWED, max(1.0, _PHONE_MS / max(ours, 1.0)))
        self._session = session = self._page_session.context.new_cdp_session(self._page_session.page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", dict(_NETWORK))
        session.send("Emulation.setCPUThrottlingRate", {"rate": self.rate})
        return self

    def __exit__(self, *_: object) -> None:
        # Left open it would also defeat going offline.
        if self._session is not None:
            self._session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            self._session.detach()


def measured(page_session: PageSession, path: str, tap: str = "") -> PageSpeed:
    """Open a page of a session made with the script WATCH, tap once, and read the clock.

    `tap` is the role and name of what is tapped, as the target file declares it; without one the page is not told.
    """
    cached_urls = page_session.guard.part_cache.collect(page_session.browser.error)
    with SlowedDown(page_session) as slow:
        page = page_session.go(path, settle=0.8)
        before: dict[str, Any] = page_session.page.evaluate(_READ, cached_urls)
        page_session.page.evaluate("() => { window.__seen.touched = true }")
        _tap(page_session, tap)
        after: dict[str, Any] = page_session.page.evaluate(_READ, cached_urls)
    return PageSpeed(
        page=page.address.partition("?")[0],
        largest_paint=max(before["largest"], before["first"]) / 1000,
        interactive=_interactive(before) / 1000,
        interaction=after["slowest"] / 1000,
        shift=_shift(before["shifts"]),
        megabytes=before["bytes"] / 1_000_000,
        slowed=slow.rate,
    )


def _tap(page_session: PageSession, declared: str) -> None:
    milliseconds = _TAP_SECONDS * 1000
    if declared:
        role, _, name = declared.partition(":")
        control = page_session.page.get_by_role(cast(Any, role.strip()), name=name.strip() or None)
        with page_session.guard.pressing():
            control.first.tap(timeout=milliseconds)
            page_session.page.wait_for_timeout(500)
        return
    _everywhere(page_session, _COVER)
    page_session.page.locator("#hypercare-cover").tap(timeout=milliseconds, force=True)
    page_session.page.wait_for_timeout(500)
    _everywhere(page_session, _UNCOVER)


def _everywhere(page_session: PageSession, script: str) -> None:
    """In the page, and in the frames in it as long as they are there."""
    page_session.page.evaluate(script)
    for frame in page_session.page.frames[1:]:
        with suppress(page_session.browser.error):
            frame.evaluate(script)


def _interactive(readings: dict[str, Any]) -> float:
    """When the page is drawn, its scripts have run, and nothing keeps it from answering."""
    ends = [start + length for start, length in readings["tasks"]]
    return float(max([readings["ready"], readings["first"], *ends]))


def _shift(shifts: list[list[float]]) -> float:
    """The largest sum of shifts that follow each other within a second, five seconds in all."""
    worst = total = 0.0
    began = last = None
    for at, value in sorted(shifts):
        if began is None or last is None or at - last > _SHIFT_GAP_MS or at - began > _SHIFT_WINDOW_MS:
            began, total = at, 0.0
        last = at
        total += value
        worst = max(worst, total)
    return worst


def too_slow(speed: PageSpeed, limits: LimitsSection) -> list[str]:
    """In words, each figure that is beyond its limit."""
    return [
        f"{words} {value:g} {unit} (limit {limit:g})"
        for words, value, limit, unit in _figures(speed, limits)
        if value > limit
    ]


def _figures(speed: PageSpeed, limits: LimitsSection) -> list[tuple[str, float, float, str]]:
    return [
        ("its main content appears after", round(speed.largest_paint, 2), limits.largest_paint.total_seconds(), "s"),
        ("it can be used after", round(speed.interactive, 2), limits.page_interactive.total_seconds(), "s"),
        ("a tap is answered after", round(speed.interaction, 3), limits.interaction.total_seconds(), "s"),
        ("its content jumps by", round(speed.shift, 3), limits.layout_shift, "of the screen"),
        ("it transfers", round(speed.megabytes, 2), limits.page_megabytes, "MB"),
    ]


def worst_share(speed: PageSpeed, limits: LimitsSection) -> float:
    """How near the figure that comes nearest is to its limit: above 1 is beyond it."""
    return max(value / limit if limit else 0.0 for _, value, limit, _ in _figures(speed, limits))
