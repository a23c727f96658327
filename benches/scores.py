"""Times what the agreement adds, at two sizes: a second size shows whether the time grows with the leads.

    cargo build --release
    python3 benches/scores.py --lockstep target/release/lockstep --leads 100000 --dir /tmp/scores

Prints seconds (least of three runs, whole process, facts mapped) and peak memory of each command.
"""

import argparse
import os
import subprocess
import time

COMMANDS = [
    ("scorecard", ["report", "scorecard", "--under", "1"]),
    ("score rules", ["score", "rules", "--under", "1"]),
    ("score fit", ["score", "fit"]),
    ("capacity", ["capacity", "--under", "1"]),
    ("goal", ["goal", "5000000"]),
    ("agreement new --from-data", ["agreement", "new", "--from-data"]),
    ("agreement preview", ["agreement", "preview", "1"]),
]


def run(args, **more):
    return subprocess.run(args, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def home(lockstep, folder, leads):
    os.makedirs(folder, exist_ok=True)
    exports, root = os.path.join(folder, f"exports-{leads}"), os.path.join(folder, f"home-{leads}")
    if not os.path.exists(exports):
        run([lockstep, "simulate", "--company", "steady", "--leads", str(leads), "--seed", "5", "--out", exports])
    if not os.path.exists(root):
        done = run([lockstep, "--home", root, "import", exports])
        assert done.returncode < 2, done.stderr
        draft = os.path.join(folder, f"draft-{leads}.toml")
        with open(draft, "wb") as out:
            out.write(run([lockstep, "--home", root, "agreement", "new", "--from-data"]).stdout)
        done = run([lockstep, "--home", root, "agreement", "propose", draft])
        assert done.returncode < 2, done.stderr
    # facts of the newest head
    run([lockstep, "--home", root, "report", "funnel"])
    return root


def timed(lockstep, root, args):
    """Least seconds of three runs, and peak memory in MB of the last."""
    best = None
    for _ in range(3):
        begun = time.perf_counter()
        child = subprocess.Popen([lockstep, "--home", root, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        took = time.perf_counter() - begun
        assert os.waitstatus_to_exitcode(status) < 2, args
        best = took if best is None else min(best, took)
    return best, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lockstep", required=True)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--dir", required=True)
    asked = parser.parse_args()
    sizes = [asked.leads, 2 * asked.leads]
    roots = [home(asked.lockstep, asked.dir, leads) for leads in sizes]
    print("| what | " + " | ".join(f"{leads:,} leads: s, MB" for leads in sizes) + " | times |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for name, args in COMMANDS:
        found = [timed(asked.lockstep, root, args) for root in roots]
        cells = " | ".join(f"{took:.2f}, {memory:.0f}" for took, memory in found)
        print(f"| {name} | {cells} | {found[1][0] / found[0][0]:.1f} |")


if __name__ == "__main__":
    main()
