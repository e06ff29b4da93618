"""Whether docs/supply-chain.md counts the dependencies as `cargo tree` does. With `--write` it puts the counts there."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/supply-chain.md"

# A line of the table: what it is about, the options, and the two counts.
LINE = re.compile(r"^(\|[^|]*\| `(?P<options>[^`]*)` \|) (?P<program>\d+) \| (?P<build>\d+) \|$", re.MULTILINE)


def count(options, edges):
    """How many packages beside this one are built for a program on Linux."""
    command = ["cargo", "tree", "--locked", "--quiet", "--target", "x86_64-unknown-linux-gnu"]
    command += ["--prefix", "none", "--format", "{p}", "--no-dedupe", "--edges", edges, *options.split()]
    tree = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=PAGE.parents[1]).stdout
    packages = {line.removesuffix(" (proc-macro)") for line in tree.splitlines()}
    return sum(not package.startswith("lro v") for package in packages)


def counted(match):
    options = match["options"].removeprefix("cargo build").strip()
    return f"{match[1]} {count(options, 'no-dev,no-build,no-proc-macro')} | {count(options, 'no-dev')} |"


page = PAGE.read_text()
lines = list(LINE.finditer(page))
if len(lines) < 5:
    sys.exit(f"{PAGE} has no table of dependencies")
with ThreadPoolExecutor() as pool:
    right = pool.map(counted, lines)
    now = LINE.sub(lambda _: next(right), page)
if "--write" in sys.argv[1:]:
    PAGE.write_text(now)
elif now != page:
    told = [f"{old}\n  is now\n{new}" for old, new in zip(page.splitlines(), now.splitlines()) if old != new]
    sys.exit("\n".join([f"{PAGE} counts wrongly:", *told, "tests/supply/counts.py --write puts it right"]))
print(f"{len(lines)} counts of dependencies are right")
