"""Whether the oldest Rust that Cargo.toml promises (rust-version) is enough for all dependencies, as far as they say.

What they say is not what a compiler says: CI builds with that version too (`tests/compatibility/msrv`).
"""

import json
import subprocess
import sys

found = json.loads(subprocess.check_output(["cargo", "metadata", "--locked", "--format-version=1"], text=True))


def version(text):
    return tuple(int(part) for part in (text.split("-")[0] + ".0").split(".")[:3])


packages = {package["id"]: package for package in found["packages"]}
promised = packages[found["resolve"]["root"]]["rust_version"]
newer = sorted(
    f"{package['name']} {package['version']} needs Rust {package['rust_version']}"
    for package in packages.values()
    if package["rust_version"] and version(package["rust_version"]) > version(promised)
)
if newer:
    sys.exit("\n".join(newer) + f"\nCargo.toml promises {promised}")
said = sum(1 for package in packages.values() if package["rust_version"])
print(f"Rust {promised} is enough for the {said} of {len(packages)} packages that say what they need")
