"""Prints README.md for where it stands without the rest of the repository: its links lead to the tag of this version.

    python3 packaging/readme.py
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(\]\()(?![a-z]+:|#)([^)\s]+)")

version = re.search('^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]


def absolute(found):
    # A picture is shown, and a page read.
    place = f"raw/v{version}" if found[2].endswith(".svg") else f"blob/v{version}"
    return f"{found[1]}https://github.com/lro-cli/lro/{place}/{found[2]}"


text = LINK.sub(absolute, (ROOT / "README.md").read_text(encoding="utf-8"))
sys.stdout.buffer.write(text.encode())
