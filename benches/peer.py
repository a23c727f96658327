#!/usr/bin/env python3
"""Lockstep beside DuckDB: the same company, the same files, the same answers, in one run on one machine.

    python3 benches/peer.py --lockstep target/release/lockstep --leads 1000000 --dir /somewhere/with/space

Needs a Python with `duckdb` and `numpy`. Prints one table (Markdown) and writes it with all figures to DIR/peer.json.
Every engine gets two threads. `wall` is the best of the runs; `cpu` is user + system seconds of that run.
"""

import argparse
import collections
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
Ran = collections.namedtuple("Ran", "wall cpu rss_mb out err")


def run(args, env=None, ok=(0, 1)):
    """A process of its own, so that its memory and CPU seconds are its own."""
    out = open(os.path.join(WORK, "stdout"), "wb")
    err = open(os.path.join(WORK, "stderr"), "wb")
    began = time.perf_counter()
    child = subprocess.Popen([str(a) for a in args], stdout=out, stderr=err, env={**os.environ, **(env or {})})
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    texts = [open(os.path.join(WORK, n), encoding="utf-8", errors="replace").read() for n in ("stdout", "stderr")]
    if child.returncode not in ok:
        sys.exit(f"{args}: exit {child.returncode}\n{texts[0][-2000:]}\n{texts[1][-2000:]}")
    return Ran(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, *texts)


def best(runs):
    return min(runs, key=lambda r: r.wall)


def duck(task, *args):
    """DuckDB in a process of its own; it says itself how long the work took (without the start of Python)."""
    ran = run([sys.executable, HERE / "peer_duck.py", task, *args], ok=(0,))
    said = json.loads(ran.out.strip().splitlines()[-1])
    return ran._replace(wall=said.pop("wall"), cpu=said.pop("cpu"), out=said)


def stages(err):
    """What LOCKSTEP_TIMINGS said, added up by stage."""
    took, specs = collections.Counter(), []
    for line in err.splitlines():
        if line.startswith("{"):
            said = json.loads(line)
            if "stage" in said:
                took[said["stage"]] += said["ms"] / 1e3
            elif "spec" in said:
                specs.append(said)
    return took, specs


def more_leads(lockstep, folder, leads, known):
    """A small later export: a company of its own, renumbered so that its leads are new ones of the same teams."""
    source = pathlib.Path(WORK) / "more-source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    run([lockstep, "-q", "simulate", "--company", "steady", "--seed", 2, "--leads", leads, "--out", source, *known])
    ours = {"00Q", "003", "006", "001", "00T", "00U", "00v", "008", "017"}
    shift = {"contact_data": ["id"], "company_data": ["id"], "contact_form_submission": ["contact_id", "conversion_id"]}
    for file in sorted(source.rglob("*.csv")):
        if file.parent.name == "ads" or file.stem in ("plan", "User", "Campaign", "owner_data"):
            continue
        with open(file, newline="", encoding="utf-8") as f:
            table = list(csv.reader(f))
        head = table[0]
        for row in table[1:]:
            for at, cell in enumerate(row):
                if cell[:3] in ours and cell[3:5] == "Lk":
                    row[at] = cell[:3] + "Lz" + cell[5:]
                elif head[at] in shift.get(file.stem, []):
                    row[at] = str(int(cell) + 400_000_000_000)
                elif "@" in cell or cell.endswith(".example"):
                    row[at] = cell.replace(".example", ".later.example")
                elif head[at] in ("Company", "property_company", "property_name") or (head[at] == "Name" and file.stem == "Account"):
                    row[at] = cell + " L"
        target = pathlib.Path(folder) / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "w", newline="", encoding="utf-8") as f:
            csv.writer(f).writerows(table)
    shutil.rmtree(source)


def facts_of(home, seq=None):
    found = [p for p in pathlib.Path(home, "facts").iterdir() if (p / "index.json").exists()]
    return max(found, key=lambda p: json.load(open(p / "index.json"))["made"]["seq"])


def column(folder, grain, name):
    import numpy
    kinds = {1: "<u4", 2: "u1", 3: "<i4", 4: "<i4", 5: "<i4", 6: "<i8", 7: "<u8", 8: "<u4"}
    path = folder / f"{grain}.{name}.col"
    with open(path, "rb") as f:
        head = f.read(64)
    return head[12], numpy.fromfile(path, dtype=kinds[head[12]], offset=64)


def fold_sums(folder):
    """Count and sum of every column that both tables have."""
    sums = {}
    for name in FOLDED:
        tag, values = column(folder, "lead_cycle", name)
        none = {2: 255, 3: -(2**31), 4: -(2**31), 6: -(2**63)}.get(tag)
        if tag == 7:
            none = 0
        kept = values if none is None else values[values != none]
        sums[name] = [int(len(kept)), None if tag == 7 else int(kept.astype("int64").sum())]
    return sums


FOLDED = ["cycle", "created_at", "mql_at", "sal_at", "sql_at", "opportunity_at", "won_at", "lost_at", "recycled_at", "disqualified_at",
          "handoff_at", "first_attempt_at", "first_contact_at", "attempts", "touches", "machine_touches", "opportunity", "amount",
          "list_price", "closed_on"]


def same_rows(ours, theirs):
    """Ints equal, reals to 1e-9; rows in any order."""
    def key(row):
        return tuple((v is None, type(v).__name__ == "str", v) for v in row)
    def close(a, b):
        if isinstance(a, float) or isinstance(b, float):
            return a is not None and b is not None and abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))
        return a == b
    if len(ours) != len(theirs):
        return False
    ints = lambda row: [v for v in row if not isinstance(v, float)]
    pairs = zip(sorted(ours, key=lambda r: key(ints(r))), sorted(theirs, key=lambda r: key(ints(r))))
    return all(len(a) == len(b) and all(map(close, a, b)) for a, b in pairs)


def main():
    global WORK
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--lockstep", default="target/release/lockstep")
    ask.add_argument("--leads", type=int, default=100_000)
    ask.add_argument("--touches-per-lead", type=float, default=10.6)
    ask.add_argument("--activities-per-lead", type=float, default=4.2)
    ask.add_argument("--dir", default="peer-work")
    ask.add_argument("--runs", type=int, default=2)
    ask.add_argument("--only", default="import,fold,tallies,more", help="some of: import,fold,tallies,more")
    ask.add_argument("--check", action="store_true", help="exit 1 where the answers differ")
    a = ask.parse_args()
    lockstep = pathlib.Path(a.lockstep).resolve()
    only = a.only.split(",")
    work = pathlib.Path(a.dir).resolve() / f"leads-{a.leads}"
    work.mkdir(parents=True, exist_ok=True)
    WORK = str(work)
    knobs = ["--touches-per-lead", a.touches_per_lead, "--activities-per-lead", a.activities_per_lead]
    exports, home, parquet, base = work / "exports", work / "home", work / "parquet", work / "fold.duckdb"
    table, checks, notes = [], [], {}

    def line(what, ours, theirs, target):
        table.append({"what": what, "target": target,
                      "lockstep": {"wall": ours.wall, "cpu": ours.cpu, "rss_mb": ours.rss_mb},
                      "duckdb": theirs and {"wall": theirs.wall, "cpu": theirs.cpu, "rss_mb": theirs.rss_mb}})
        print(json.dumps(table[-1]), flush=True)

    def check(what, equal, detail=None):
        checks.append({"what": what, "equal": bool(equal), "detail": detail})
        print(json.dumps(checks[-1])[:1500], flush=True)

    if not (exports / "truth.json").exists():
        shutil.rmtree(exports, ignore_errors=True)
        ran = run([lockstep, "-q", "simulate", "--company", "steady", "--leads", a.leads, "--out", exports, *knobs])
        notes["simulate"] = {"wall": ran.wall, "cpu": ran.cpu, "rss_mb": ran.rss_mb}
    notes["csv_bytes"] = sum(f.stat().st_size for f in exports.rglob("*.csv"))
    notes["load_before"] = os.getloadavg()

    if "import" in only or not home.exists():
        ours, theirs = [], []
        for _ in range(a.runs):  # in turns, so that what else the machine does meets both
            shutil.rmtree(home, ignore_errors=True)
            ours.append(run([lockstep, "--home", home, "--json", "-q", "import", exports]))
            shutil.rmtree(parquet, ignore_errors=True)
            theirs.append(duck("import", exports, parquet))
        ours, theirs = best(ours), best(theirs)
        line("import of all CSV files", ours, theirs, "<= 1.5x, < 2 GB")
        said = json.loads(ours.out)
        notes["entries"] = collections.Counter()
        for f in said["files"]:
            notes["entries"].update((f["count"] or {}).get("entries", {}))
        read = {pathlib.Path(f["file"]).stem: f["count"]["rows"] for f in said["files"] if f["count"] and f["file"].endswith(".csv")}
        check("rows read of every file", read == theirs.out["rows"], {"rows": sum(read.values())})
        notes["ledger_bytes"] = sum(f.stat().st_size for f in (home / "ledger").rglob("*") if f.is_file())
        notes["parquet_bytes"] = sum(f.stat().st_size for f in parquet.rglob("*"))
        notes["rows"] = sum(read.values())

    if "fold" in only:
        ours, theirs = [], []
        for _ in range(a.runs):
            shutil.rmtree(home / "facts", ignore_errors=True)
            ran = run([lockstep, "--home", home, "-q", "report"], env={"LOCKSTEP_TIMINGS": "1"})
            took, _ = stages(ran.err)
            mapped = run([lockstep, "--home", home, "-q", "report"])
            ours.append((ran._replace(wall=took["facts"], cpu=ran.cpu - mapped.cpu), took))
            theirs.append(duck("fold", parquet, base, HERE / "fold.sql"))
        (ours, took), theirs = min(ours, key=lambda o: o[0].wall), best(theirs)
        notes["fold_stages"] = dict(took)
        line("fold of all journeys", ours, theirs, "<= 0.2x")
        sums = fold_sums(facts_of(home))
        differ = {k: [sums[k], theirs.out["sums"][k]] for k in FOLDED if sums[k] != theirs.out["sums"][k]}
        check(f"count and sum of {len(FOLDED)} columns of the lead cycles", not differ, differ or {"rows": sums["cycle"][0]})

    if "tallies" in only:
        run([lockstep, "--home", home, "-q", "report"])
        reports = [run([lockstep, "--home", home, "-q", "report"]) for _ in range(a.runs + 3)]
        line("all of `report`, facts mapped", best(reports), None, "<= 1 s")
        timed = [run([lockstep, "--home", home, "-q", "report"], env={"LOCKSTEP_TIMINGS": "1"}) for _ in range(a.runs + 3)]
        took = min((stages(r.err)[0] for r in timed), key=lambda t: t["scan"])
        notes["report_stages"] = dict(took)
        asked = run([lockstep, "--home", home, "-q", "report"], env={"LOCKSTEP_TIMINGS": "sql"})
        specs = stages(asked.err)[1]
        queries = work / "specs.json"
        json.dump(specs, open(queries, "w"))
        native = work / "native.duckdb"
        theirs = duck("tallies", facts_of(home), native, queries, a.runs)
        line(f"the {len(specs)} tallies of all reports", best(timed)._replace(wall=took["scan"], cpu=None), theirs, "<= 0.15x")
        differ = [s["spec"] for s, rows in zip(specs, theirs.out["answers"]) if not same_rows(s["rows"], rows)]
        cells = sum(len(s["rows"]) for s in specs)
        check(f"every cell of {len(specs)} tallies", not differ, {"cells": cells, "differ": differ})

    if "more" in only:
        more, later = work / "more", work / "home-later"
        more_leads(lockstep, more, 1000, knobs)
        runs = []
        for _ in range(a.runs):
            shutil.rmtree(later, ignore_errors=True)
            run([lockstep, "--home", home, "-q", "report"])  # so that there are facts to go on from
            subprocess.run(["cp", "-a", home, later], check=True)
            first = run([lockstep, "--home", later, "-q", "import", more])
            ran = run([lockstep, "--home", later, "-q", "report"], env={"LOCKSTEP_TIMINGS": "1"})
            both = Ran(first.wall + ran.wall, first.cpu + ran.cpu, max(first.rss_mb, ran.rss_mb), "", "")
            runs.append((both, first, ran, dict(stages(ran.err)[0])))
        both, first, ran, took = min(runs, key=lambda r: r[0].wall)
        notes["more"] = {"import": first.wall, "report": ran.wall, "import_rss_mb": first.rss_mb, "report_rss_mb": ran.rss_mb, "stages": took}
        line("1,000 more leads, to the new report", both, None, "<= 2 s")
        shutil.rmtree(later, ignore_errors=True)

    notes["load_after"] = os.getloadavg()
    json.dump({"table": table, "checks": checks, "notes": notes}, open(work / "peer.json", "w"), indent=1)
    number = lambda x, f="{:.2f}": "" if x is None else f.format(x)
    print("\n| what | Lockstep wall s | cpu s | peak MB | DuckDB wall s | cpu s | peak MB | wall ratio | cpu ratio | target |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for t in table:
        o, d = t["lockstep"], t["duckdb"] or {"wall": None, "cpu": None, "rss_mb": None}
        ratio = lambda k: number(o[k] / d[k] if o[k] and d[k] else None)
        print(f"| {t['what']} | {number(o['wall'])} | {number(o['cpu'])} | {number(o['rss_mb'], '{:.0f}')} | {number(d['wall'])} | "
              f"{number(d['cpu'])} | {number(d['rss_mb'], '{:.0f}')} | {ratio('wall')} | {ratio('cpu')} | {t['target']} |")
    print("\nAnswers:")
    for c in checks:
        print(f"- {c['what']}: {'equal' if c['equal'] else 'DIFFER'} {json.dumps(c['detail'])[:600]}")
    print(json.dumps(notes, indent=1))
    if a.check and not all(c["equal"] for c in checks):
        sys.exit(1)


if __name__ == "__main__":
    main()
