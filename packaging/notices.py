"""Prints the licences of all crates that are linked into the command, for this platform, each text once.

It finds them beside the sources that cargo has. What a licence asks for is not judged here: .deny.toml does that.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# How such files are named.
TEXT = re.compile(r"(licen[cs]e|copying|notice|copyright|unlicense)([-._].*)?", re.IGNORECASE)


def metadata(*arguments):
    host = subprocess.check_output(["rustc", "-vV"], text=True)
    platform = re.search("^host: (.*)$", host, re.MULTILINE)[1]
    command = ["cargo", "metadata", "--locked", "--format-version=1", f"--filter-platform={platform}", *arguments]
    return json.loads(subprocess.check_output(command, cwd=ROOT, text=True))


def linked(found):
    """The ids of the packages that are reached without development, build and procedural macros."""
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    packages = {package["id"]: package for package in found["packages"]}
    root = found["resolve"]["root"]
    seen, todo = {root}, [root]
    while todo:
        for dependency in nodes[todo.pop()]["deps"]:
            kinds = [kind["kind"] for kind in dependency["dep_kinds"]]
            targets = [kind for target in packages[dependency["pkg"]]["targets"] for kind in target["kind"]]
            if None in kinds and "proc-macro" not in targets and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                todo.append(dependency["pkg"])
    return [packages[one] for one in sorted(seen - {root})]


texts, without = {}, []
for package in linked(metadata()):
    name = f"{package['name']} {package['version']}"
    folder = Path(package["manifest_path"]).parent
    files = sorted(one for one in folder.iterdir() if one.is_file() and TEXT.fullmatch(one.name))
    if not files:
        without.append(f"{name}: {package['license']}, {package['repository'] or package['homepage'] or 'by ' + ', '.join(package['authors'])}")
    for one in files:
        text = one.read_text(errors="replace").strip("\n")
        texts.setdefault(text, []).append(name)

if not texts:
    sys.exit("no text of a licence was found")

print("The command lro is built of these crates too. Their licences are below.")
for text, names in sorted(texts.items(), key=lambda entry: entry[1]):
    print(f"\n{'=' * 100}\n{', '.join(dict.fromkeys(names))}\n{'-' * 100}\n\n{text}")
if without:
    print(f"\n{'=' * 100}\nThese come without a text; they are under the licence that is named:\n")
    print("\n".join(without))
