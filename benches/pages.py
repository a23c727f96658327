#!/usr/bin/env python3
"""How fast served pages are answered, at a steady rate.

    python3 benches/pages.py --lockstep target/release/lockstep --home HOME [--rate 200] [--seconds 20]

Starts `lockstep serve` on HOME (which must hold an import), adds a user for this, asks for the ten commonest pages in turn at a steady rate,
each on a connection of its own (no wait for the answer before: a slow answer does not slow the asking down), and prints the
seconds until each was answered, and the memory of the server.
"""

import argparse
import asyncio
import html
import http.client
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.parse

PAGES = [
    "/reports/verdict",
    "/reports/funnel",
    "/reports/scorecard",
    "/reports/quality",
    "/clocks",
    "/agreement",
    "/claims",
    "/ledger",
    "/glossary",
    "/leads/{lead}",
]


# more than a server keeps pages of
MANY = 400


async def ask(port, page, lead, cookie):
    path, began = page.format(lead=lead), time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n".encode())
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return page, int(answer.split(b" ", 2)[1]), len(answer), time.perf_counter() - began


async def run(port, pages, leads, cookie, rate, seconds):
    began, tasks = time.perf_counter(), []
    for n in range(int(rate * seconds)):
        wait = began + n / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        page, lead = pages[n % len(pages)], leads[n // len(pages) % len(leads)] if leads else ""
        tasks.append(asyncio.create_task(ask(port, page, lead, cookie)))
    return await asyncio.gather(*tasks)


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockstep", required=True)
    parser.add_argument("--home", required=True)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rest", type=float, default=20, help="seconds until all reports are worked out beside")
    parser.add_argument("--port", type=int, default=8699)
    parser.add_argument("--lead", default="", help="the id of the lead whose page is asked for; else of each lead of the list of leads in turn")
    args = parser.parse_args()
    password, name = secrets.token_hex(16), f"bench-{os.getpid()}"
    home = [args.lockstep, "--home", args.home]
    subprocess.run([*home, "user", "add", name, "--role", "admin"], input=password, text=True, check=True, stdout=subprocess.DEVNULL)
    began = time.perf_counter()
    server = subprocess.Popen([*home, "serve", "--listen", f"127.0.0.1:{args.port}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        server.stdout.readline()
        body = urllib.parse.urlencode({"name": name, "password": password})
        door = http.client.HTTPConnection("127.0.0.1", args.port)
        door.request("POST", "/sign-in", body)
        cookie = door.getresponse().getheader("set-cookie").split(";")[0]

        def look(path):
            door = http.client.HTTPConnection("127.0.0.1", args.port, timeout=600)
            door.request("GET", path, headers={"Cookie": cookie})
            answer = door.getresponse()
            if answer.status != 200:
                sys.exit(f"{path}: {answer.status}")
            return answer.read().decode()

        leads, page = [args.lead] if args.lead else [], "/leads"
        while not args.lead and page and len(leads) < MANY:
            text = look(page)
            leads += sorted(set(re.findall(r'href="/leads/(\w+)"', text)) - {"views"} - set(leads))
            following = re.search(r'href="(/leads\?[^"]*after=[^"]+)"', text)
            page = following and html.unescape(following[1])
        print(f"{len(leads)} leads in turn")
        pages = [p for p in PAGES if leads or "{lead}" not in p]
        for page in pages:  # until it is warm
            look(page.format(lead=leads[0] if leads else ""))
        print(f"warm after {time.perf_counter() - began:.1f} s")
        time.sleep(args.rest)
        answers = asyncio.run(run(args.port, pages, leads, cookie, args.rate, args.seconds))
        bad = [a for a in answers if a[1] != 200]
        times = [a[3] for a in answers]
        print(f"{len(answers)} requests at {args.rate:.0f} a second, {len(bad)} not answered with 200")
        print(f"milliseconds: median {1e3 * quantile(times, .5):.1f}, 95% {1e3 * quantile(times, .95):.1f}, 99% {1e3 * quantile(times, .99):.1f}")
        for page in pages:
            own = [a for a in answers if a[0] == page]
            print(f"  {page:24} 95% {1e3 * quantile([a[3] for a in own], .95):7.1f} ms  {own[0][2] / 1e3:7.1f} kB")
        with open(f"/proc/{server.pid}/status") as status:
            lines = {line.split(":")[0]: line.split()[1] for line in status if line.startswith(("VmRSS", "VmHWM", "RssAnon"))}
        print("memory in MB: " + ", ".join(f"{name} {int(kb) / 1e3:.0f}" for name, kb in lines.items()))
    finally:
        server.terminate()
        server.wait()


main()
