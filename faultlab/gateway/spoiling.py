"""The ways in which an answer can be wrong on its way, each made to measure by the catalogue."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil

EVERYTHING = r"/.*"


def instead(pattern: str, answer: Answer, *methods: str) -> Spoil:
    """This answer in place of the system's, which is never asked."""
    return lambda request, ask: answer if request.goes_to(pattern, *methods) else ask(request)


def hung_up(pattern: str, *methods: str) -> Spoil:
    """The connection ends without an answer."""
    return lambda request, ask: None if request.goes_to(pattern, *methods) else ask(request)


def answer_lost(pattern: str, *methods: str) -> Spoil:
    """The system does what it is asked, and nobody hears of it."""

    def spoil(request: Request, ask: Ask) -> Answer | None:
        answer = ask(request)
        return None if request.goes_to(pattern, *methods) else answer

    return spoil


def changed(pattern: str, change: Callable[[Answer], Answer], *methods: str) -> Spoil:
    """The system's answer, changed; what it refuses or leads elsewhere is passed on as it is."""

    def spoil(request: Request, ask: Ask) -> Answer | None:
        answer = ask(request)
        return change(answer) if request.goes_to(pattern, *methods) and answer.status < 300 else answer

    return spoil


def json_changed(pattern: str, change: Callable[[Any], Any], *methods: str) -> Spoil:
    """The value in an answer of JSON, changed."""

    def in_answer(answer: Answer) -> Answer:
        return answer.with_json(change(answer.json())) if answer.body and "json" in answer.media_type else answer

    return changed(pattern, in_answer, *methods)


def text_changed(pattern: str, old: str, new: str, *methods: str) -> Spoil:
    """Every occurrence of a text in an answer, replaced."""
    return changed(pattern, lambda answer: answer.with_text(answer.text.replace(old, new)), *methods)


def asked_elsewhere(pattern: str, place: Callable[[Request], str], method: str | None = None) -> Spoil:
    """The answer to another request: that of another address, or only looked at where something was to be done."""

    def spoil(request: Request, ask: Ask) -> Answer | None:
        return ask(request.sent_to(place(request), method) if request.goes_to(pattern) else request)

    return spoil


def slowed(pattern: str, seconds: float, *methods: str, every: int = 1) -> Spoil:
    """Late, each time or every so many times; the first of those is late."""
    count, lock = itertools.count(), threading.Lock()

    def spoil(request: Request, ask: Ask) -> Answer | None:
        if request.goes_to(pattern, *methods):
            with lock:
                late = next(count) % every == 0
            if late:
                time.sleep(seconds)
        return ask(request)

    return spoil


def lost_now_and_then(pattern: str, every: int) -> Spoil:
    """The connection ends without an answer every so many times."""
    count, lock = itertools.count(1), threading.Lock()

    def spoil(request: Request, ask: Ask) -> Answer | None:
        if not request.goes_to(pattern):
            return ask(request)
        with lock:
            lost = next(count) % every == 0
        return None if lost else ask(request)

    return spoil


def cut_short(pattern: str, share: float = 0.5) -> Spoil:
    """The connection breaks in the middle of the answer."""
    return changed(
        pattern,
        lambda answer: Answer(answer.status, answer.headers, answer.body, cut_at=int(len(answer.body) * share)),
    )


def first_answer_by_address(pattern: str) -> Spoil:
    """Answers are kept by their address alone: the first who asked decides what all see who are logged in."""
    answers: dict[str, Answer] = {}

    def spoil(request: Request, ask: Ask) -> Answer:
        if not request.goes_to(pattern, "GET") or "authorization" not in request.headers:
            return ask(request)
        if request.target not in answers:
            answer = ask(request)
            if answer.status != 200:
                return answer
            answers[request.target] = answer
        return answers[request.target]

    return spoil
