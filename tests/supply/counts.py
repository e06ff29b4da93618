"""Whether docs/supply-chain.md counts the dependencies as `cargo tree` does, and whether those pages that say how many the
engine alone has say what is counted there. With `--write` it puts the counts there."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/supply-chain.md"
SAYING = [ROOT / "README.md", ROOT / "docs/compatibility.md"]

# A line of the table: what it is about, the options, and the two counts.
LINE = re.compile(r"^(\|[^|]*\| `(?P<options>[^`]*)` \|) (?P<program>\d+) \| (?P<build>\d+) \|$", re.MULTILINE)

# What the others say of the engine alone.
ENGINE = re.compile(r"(?<=\[)\d+(?=\s+dependencies\]\((?:docs/)?supply-chain\.md#how-many\))")


def count(options, edges):
    """How many packages beside this one are built for a program on Linux."""
    command = ["cargo", "tree", "--locked", "--quiet", "--target", "x86_64-unknown-linux-gnu"]
    command += ["--prefix", "none", "--format", "{p}", "--no-dedupe", "--edges", edges, *options.split()]
    tree = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout
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
    now = {PAGE: LINE.sub(lambda _: next(right), page)}
engine = next(line["program"] for line in LINE.finditer(now[PAGE]) if line["options"].split() == ["cargo", "build", "--no-default-features"])
for other in SAYING:
    now[other], found = ENGINE.subn(engine, other.read_text())
    if found != 1:
        sys.exit(f"{other} does not say how many dependencies the engine alone has")

for path, text in now.items():
    was = path.read_text()
    if "--write" in sys.argv[1:]:
        path.write_text(text)
    elif was != text:
        told = [f"{old}\n  is now\n{new}" for old, new in zip(was.splitlines(), text.splitlines()) if old != new]
        sys.exit("\n".join([f"{path} counts wrongly:", *told, "tests/supply/counts.py --write puts it right"]))
print(f"{len(lines) + len(SAYING)} counts of dependencies are right")
