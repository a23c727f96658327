"""DuckDB's side of peer.py, each task in a process of its own. The last line it prints is JSON with wall and CPU seconds."""

import json
import pathlib
import resource
import sys
import time

import duckdb


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Clock:
    def __enter__(self):
        self.began, self.used = time.perf_counter(), cpu()
        return self

    def __exit__(self, *_):
        self.wall, self.cpu = time.perf_counter() - self.began, cpu() - self.used


def say(clock, **rest):
    print(json.dumps({"wall": clock.wall, "cpu": clock.cpu, **rest}))


def connect(path=":memory:"):
    con = duckdb.connect(str(path))
    con.execute("SET threads = 2; SET enable_progress_bar = false; SET preserve_insertion_order = false")
    return con


def import_(exports, parquet):
    """Every CSV file to one Parquet file, zstd, types as DuckDB detects them."""
    con = connect()
    pathlib.Path(parquet).mkdir(parents=True)
    rows = {}
    with Clock() as clock:
        for file in sorted(pathlib.Path(exports).rglob("*.csv")):
            done = con.execute(f"COPY (SELECT * FROM read_csv('{file}')) TO '{parquet}/{file.stem}.parquet' (FORMAT parquet, COMPRESSION zstd)")
            rows[file.stem] = done.fetchone()[0]
    say(clock, rows=rows)


def fold(parquet, base, script):
    pathlib.Path(base).unlink(missing_ok=True)
    con = connect(base)
    text = pathlib.Path(script).read_text().replace("{parquet}", str(parquet))
    steps = {}
    with Clock() as clock:
        for statement in duckdb.extract_statements(text):
            with Clock() as step:
                con.execute(statement)
            steps[statement.query.split("AS", 1)[0].split()[-1][-20:]] = round(step.wall, 3)
        con.execute("CHECKPOINT")
    sums = {}
    for name, kind in con.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'lead_cycle' AND NOT internal AND database_name = current_database()").fetchall():
        value = f"epoch({name})::BIGINT // 86400" if kind == "DATE" else name
        total = "NULL" if kind == "VARCHAR" else f"sum({value})::BIGINT"
        sums[name] = list(con.execute(f"SELECT count({name}), {total} FROM lead_cycle").fetchone())
    say(clock, sums=sums, steps=steps)


def load(con, facts):
    """Native tables of the mapped columns: NULL for what is not recorded, codes as their texts."""
    import numpy
    kinds = {1: "<u4", 2: "u1", 3: "<i4", 4: "<i4", 5: "<i4", 6: "<i8", 7: "<u8", 8: "<u4"}
    none = {1: 0, 2: 255, 3: -(2**31), 4: -(2**31), 5: -(2**31), 6: -(2**63), 7: 0}
    for grain in ("lead_cycle", "opportunity", "account", "spend_day"):
        columns, selected = {}, []
        for path in sorted(facts.glob(f"{grain}.*.col")):
            name = path.name.split(".")[1]
            tag = path.read_bytes()[12] if path.stat().st_size < 4096 else open(path, "rb").read(13)[12]
            columns[name] = numpy.fromfile(path, dtype=kinds[tag], offset=64)
            value = f"NULLIF({name}, {none[tag]})" if tag in none else name
            if tag == 1:
                raw = (facts / f"{grain}.{name}.texts").read_bytes()
                count = int.from_bytes(raw[16:24], "little")
                ends = numpy.frombuffer(raw, dtype="<u4", count=count, offset=64)
                body, texts, at = raw[64 + 4 * count:], [], 0
                for end in ends:
                    texts.append(body[at:end].decode())
                    at = int(end)
                listed = "[" + ", ".join("'" + t.replace("'", "''") + "'" for t in texts) + "]::VARCHAR[]"
                value = f"CASE WHEN {name} = 0 THEN NULL ELSE ({listed})[{name}] END" if texts else "NULL::VARCHAR"
            selected.append(f'{value} AS "{name}"')
        con.execute(f"CREATE OR REPLACE TABLE {grain} AS SELECT {', '.join(selected)} FROM columns")
    con.execute("CHECKPOINT")


def tallies(facts, native, queries, runs):
    facts = pathlib.Path(facts)
    pathlib.Path(native).unlink(missing_ok=True)
    con = connect(native)
    with Clock() as loading:
        load(con, facts)
    specs = json.load(open(queries))
    clocks = []
    for _ in range(int(runs) + 1):  # the first warms the cache
        with Clock() as clock:
            answers = [con.execute(s["sql"]).fetchall() for s in specs]
        clocks.append(clock)
    say(min(clocks, key=lambda c: c.wall), answers=[[[plain(v) for v in row] for row in rows] for rows in answers], loading=loading.wall)


def plain(value):
    import decimal
    return int(value) if isinstance(value, decimal.Decimal) else value


if __name__ == "__main__":
    task, *args = sys.argv[1:]
    {"import": import_, "fold": fold, "tallies": tallies}[task](*args)
