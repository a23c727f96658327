#!/usr/bin/env python3
"""How fast pushed entries are acknowledged as durable.

    python3 benches/push.py --lockstep target/release/lockstep --home HOME [--rate 20000] [--of 500] [--seconds 20]

Starts `lockstep serve` on HOME (which must hold an import), and pushes batches of entries at a steady rate over a few connections that stay open
(a slow acknowledgement does not slow the sending down). Prints the seconds from the moment at which a batch was due to its
acknowledgement, and how long the ledger needed to hold all of it. Beside it, as a peer in the same run: the same bytes
inserted into a table of SQLite by Python, one durable transaction a batch.
"""

import argparse
import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

CONNECTIONS = 8


def batch(n, of):
    def entry(i):
        number = n * of + i
        fields = {"kind": "email_open", "channel": "email"}
        at = f"2026-09-{1 + number % 28:02}T{number % 24:02}:00:00Z"
        return {"entity": "touch", "id": f"b{os.getpid()}-{number}", "subject": {"lead": f"L{number % 20_000}"}, "at": at, "fields": fields}

    return json.dumps({"entries": [entry(i) for i in range(of)]}).encode()


async def sender(port, token, queue, took):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        due, key, body = await queue.get()
        head = f"POST /api/v1/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        status = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", status)[1])
        await reader.readexactly(length)
        if b" 200 " not in status.split(b"\r\n")[0]:
            sys.exit(status.decode())
        took.append(time.perf_counter() - due)
        queue.task_done()


async def push(port, token, batches, every):
    queue, took = asyncio.Queue(), []
    workers = [asyncio.create_task(sender(port, token, queue, took)) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for n, body in enumerate(batches):
        due = began + n * every
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        queue.put_nowait((due, f"{os.getpid()}-{n}", body))
    await queue.join()
    for worker in workers:
        worker.cancel()
    return took, time.perf_counter() - began


def told(name, took):
    took = sorted(took)
    at = lambda q: took[min(len(took) - 1, int(q * len(took)))] * 1_000
    print(f"{name}: half within {at(0.5):.1f} ms, 95% {at(0.95):.1f} ms, 99% {at(0.99):.1f} ms, the last {took[-1] * 1_000:.1f} ms")


def peer(batches):
    """SQLite by itself, the same bytes, durable before the next."""
    folder = tempfile.mkdtemp()
    base = sqlite3.connect(f"{folder}/peer.sqlite", isolation_level=None)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = FULL")
    base.execute("CREATE TABLE pushed (n INTEGER PRIMARY KEY, body TEXT)")
    took = []
    for body in batches:
        began = time.perf_counter()
        base.execute("INSERT INTO pushed (body) VALUES (?)", [body.decode()])
        took.append(time.perf_counter() - began)
    told("SQLite alone, the same bytes", took)


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--lockstep", required=True)
    parse.add_argument("--home", required=True)
    parse.add_argument("--rate", type=int, default=20_000)
    parse.add_argument("--of", type=int, default=500)
    parse.add_argument("--seconds", type=float, default=20)
    args = parse.parse_args()
    run = lambda *rest: subprocess.run([args.lockstep, "--home", args.home, *rest], capture_output=True, text=True)
    run("user", "add", "bench-push", "--role", "admin")
    label = f"bench-{os.getpid()}"
    token = json.loads(run("--json", "user", "token", "bench-push", "--label", label, "--write").stdout)["token"]
    count = int(args.rate * args.seconds / args.of)
    batches = [batch(n, args.of) for n in range(count)]
    peer(batches)
    before = json.loads(run("--json", "status").stdout)["counts"].get("touch", 0)
    command = [args.lockstep, "--home", args.home, "serve", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = next(line for line in server.stdout if line.startswith("Pages at"))
        port = int(re.search(r":(\d+) ", line)[1])
        time.sleep(3)  # what is most asked for is worked out first
        took, seconds = asyncio.run(push(port, token, batches, args.of / args.rate))
        print(f"{count * args.of:,} entries in {seconds:.1f} s: {count * args.of / seconds:,.0f} a second, {args.of} a batch")
        told("acknowledged", took)
        began = time.perf_counter()
        while json.loads(run("--json", "status").stdout)["counts"].get("touch", 0) < before + count * args.of:
            if time.perf_counter() - began > 300:
                sys.exit("the ledger does not hold all of it after five minutes")
            time.sleep(0.5)
        print(f"all of it in the ledger {time.perf_counter() - began:.1f} s after the last acknowledgement")
    finally:
        server.terminate()
        server.wait()


main()
