"""Packs the command and what goes along with it, as a release offers it, and prints the name of the archive:

    python3 packaging/archive.py TARGET LRO EXTRAS FOLDER

EXTRAS is the folder that packaging/extras has written. The same files make the same archive. What is packed is also what
`cargo binstall`, packaging/homebrew and .github/actions/lro expect to find.
"""

import gzip
import os
import re
import sys
import tarfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALONG = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]

target, lro, extras, folder = sys.argv[1], *map(Path, sys.argv[2:])
version = re.search('^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
name = f"lro-{version}-{target}"
# A zip knows no time before 1980.
written = int(os.environ.get("SOURCE_DATE_EPOCH", 315532800))


def files():
    """The paths in the archive, with where each is from and its mode, sorted."""
    found = {lro.name: (lro, 0o755)}
    found |= {one: (ROOT / one, 0o644) for one in ALONG}
    found |= {
        str(one.relative_to(extras).as_posix()): (one, 0o644)
        for one in extras.rglob("*")
        if one.is_file() and one.relative_to(extras).parts[0] != "debian"
    }
    return sorted((f"{name}/{path}", *rest) for path, rest in found.items())


def as_tar(archive):
    with archive.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=written) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for path, source, mode in files():
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode, entry.mtime = source.stat().st_size, mode, written
                with source.open("rb") as content:
                    tar.addfile(entry, content)


def as_zip(archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, source, mode in files():
            entry = zipfile.ZipInfo(path, time.gmtime(written)[:6])
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            packed.writestr(entry, source.read_bytes())


folder.mkdir(parents=True, exist_ok=True)
windows = "-windows-" in target
archive = folder / (name + (".zip" if windows else ".tar.gz"))
(as_zip if windows else as_tar)(archive)
print(archive)
