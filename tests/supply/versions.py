"""Whether the fuzzer tries the versions of the dependencies that are released. What it finds is not known here."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What a fuzzer needs and nothing else does.
OF_THE_FUZZER = {"arbitrary", "jobserver", "libfuzzer-sys", "lro-fuzz"}


def packages(lock):
    return {(package["name"], package["version"]) for package in tomllib.loads(lock.read_text())["package"]}


fuzzed = {package for package in packages(ROOT / "tests/fuzz/Cargo.lock") if package[0] not in OF_THE_FUZZER}
others = sorted(fuzzed - packages(ROOT / "Cargo.lock"))
for name, version in others:
    print(f"tests/fuzz/Cargo.lock has {name} {version}, and Cargo.lock has not", file=sys.stderr)
if others:
    sys.exit("cp Cargo.lock tests/fuzz/ && cargo metadata --manifest-path tests/fuzz/Cargo.toml >/dev/null")
print(f"the fuzzer tries the same versions: {len(fuzzed)} packages")
