"""What servers say of their own starts, stops and crashes, and what only sounds like it."""

import pytest

from hypercare.stability.process_words import SIGNS, ProcessEvent, event_in

START, STOP, CRASH = ProcessEvent.START, ProcessEvent.STOP, ProcessEvent.CRASH
SAID = [
    ("Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)", START),
    ("Starting gunicorn 22.0.0", START),
    ("Started ErpApplication in 7.412 seconds (process running for 8.1)", START),
    ("Server startup in [4123] milliseconds", START),
    ("Now listening on: http://[::]:8080", START),
    ("HTTP service (werkzeug) running on erp:8069", START),
    ("WARNING: This is a development server. Do not use it in a production deployment. Use another.", START),
    ("Puma starting in single mode...", START),
    ("database system is ready to accept connections", START),
    ("/usr/sbin/mariadbd: ready for connections.", START),
    ("serving on port 8080", START),
    ("stopped", STOP),
    ("Shutting down: Master", STOP),
    ("Handling signal: term", STOP),
    ("received SIGTERM, closing", STOP),
    ("database system is shut down", STOP),
    ("/usr/sbin/mariadbd: Shutdown complete", STOP),
    ("Application is shutting down...", STOP),
    ("server process (PID 4711) was terminated by signal 9: Killed", CRASH),
    ("Worker (pid:31) was sent SIGKILL! Perhaps out of memory?", CRASH),
    ("Out of memory: Killed process 2171 (java) total-vm:4194304kB", CRASH),
    ("java.lang.OutOfMemoryError: Java heap space", CRASH),
    ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", CRASH),
    ("erp.service: Main process exited, code=killed, status=9/KILL", CRASH),
    ("erp.service: Failed with result 'core-dump'.", CRASH),
    ("erp[2171]: segfault at 0 ip 00007f sp 00007ffd error 4", CRASH),
    ("panic: runtime error: invalid memory address", CRASH),
    ("database system was not properly shut down; automatic recovery in progress", CRASH),
    ("mysqld got signal 11 ;", CRASH),
    ("Fatal Python error: Segmentation fault", CRASH),
    ("erp.service: Main process exited, code=dumped, status=11/SEGV", CRASH),
    ("erp.service: Main process exited, code=exited, status=1/FAILURE", CRASH),
    ("erp.service: Main process exited, code=exited, status=137/n/a", CRASH),
    ("child 31 was killed by signal 9", CRASH),
    ("terminated by signal SIGSEGV", CRASH),
]
QUIET = [
    "step 4711 started by lena.vogt",
    "production order 12 stopped by the workshop",
    "Booting worker with pid: 4711",
    "the job of tonight is running",
    "export finished: 412 rows",
    "customer asked for the recovery of a parcel",
    "wrong password",
    "signal strength of the tablet is low",
    "payment terminal is ready",
    "main process exited, code=exited, status=0/SUCCESS",
    "erp.service: Main process exited, code=killed, status=15/TERM",
    "erp.service: Main process exited, code=exited, status=143/n/a",
    "archive command was terminated by signal 15: Terminated",
    "converter killed by signal SIGTERM",
    "worker got signal 15",
    "got signal 1, reading the configuration again",
]


@pytest.mark.parametrize(("message", "event"), SAID)
def test_what_a_server_says_of_itself_is_understood(message, event):
    assert event_in(message) is event


@pytest.mark.parametrize("message", QUIET)
def test_what_only_sounds_like_it_is_not(message):
    assert event_in(message) is None


@pytest.mark.parametrize(("message", "event"), SAID)
def test_each_such_line_holds_a_sign_by_which_it_is_read(message, event):
    assert any(sign in message.lower().encode() for sign in SIGNS), event
