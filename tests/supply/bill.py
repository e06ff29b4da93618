"""Checks a bill of materials by the schema of CycloneDX and by Cargo.lock, and writes it without what differs each time."""

import json
import sys
import tomllib
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]
source, target = map(Path, sys.argv[1:])

bill = json.loads(source.read_text())
bill.pop("serialNumber", None)
# Where the source was when the bill was written is nobody's business.
text = json.dumps(bill, indent=2, sort_keys=True).replace(ROOT.resolve().as_uri(), "file:///source")

wrong = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
if wrong:
    sys.exit(f"{source} is not as CycloneDX 1.5 has it: {wrong}")

locked = {(p["name"], p["version"]): p for p in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]}
for part in bill["components"]:
    package = locked.get((part["name"], part["version"]))
    if package is None:
        sys.exit(f"{part['name']} {part['version']} is not in Cargo.lock")
    if package.get("checksum") not in [entry["content"] for entry in part.get("hashes", [])]:
        sys.exit(f"{part['name']} {part['version']} has another checksum in Cargo.lock")
    if not part.get("licenses"):
        sys.exit(f"{part['name']} {part['version']} has no licence")

target.write_text(text + "\n")
print(f"{target}: {len(bill['components'])} packages")
