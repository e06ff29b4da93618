"""Whether each link of the pages leads to something: of the Markdown as GitHub shows it, and of the book as mdBook built it.

Other hosts are not asked.
"""

import html.parser
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "target/book"
FENCE = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2[`~]*\s*?$", re.M | re.S)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)
LINK = re.compile(r"\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)")
HEADING = re.compile(r"^ {0,3}#{1,6} +(.*?)(?: +#+)?\s*$", re.M)


def anchors(text: str) -> set[str]:
    """The names that GitHub gives the headings."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        plain = re.sub(r"\\(.)", r"\1", plain).replace("`", "").strip().lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = 0
        while (unique := f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(unique)
    return found


def wrong_on_github(page: Path) -> list[str]:
    text = page.read_text()
    wrong = []
    # What stands in a block or in code is no link.
    for target in LINK.findall(CODE.sub("", FENCE.sub("", text))):
        url = urllib.parse.urlsplit(target)
        if url.scheme or url.netloc:
            continue
        path = (page.parent / urllib.parse.unquote(url.path)).resolve() if url.path else page
        if not path.exists() or not path.is_relative_to(ROOT):
            wrong.append(f"{page.relative_to(ROOT)}: {target}: there is no such file")
        elif url.fragment and path.suffix == ".md" and url.fragment not in anchors(path.read_text()):
            wrong.append(f"{page.relative_to(ROOT)}: {target}: there is no such heading")
    return wrong


class Page(html.parser.HTMLParser):
    """The links and the anchors of a page of the book."""

    def __init__(self, path: Path):
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            if name in ("href", "src") and value:
                self.links.append(value)


def wrong_in_book() -> list[str]:
    pages = {path.resolve(): Page(path) for path in BOOK.rglob("*.html")}
    wrong = []
    for path, page in pages.items():
        # It is shown anywhere, so its links begin at the root.
        if path.name == "404.html":
            continue
        for link in page.links:
            url = urllib.parse.urlsplit(link)
            if url.scheme or url.netloc:
                continue
            target = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                wrong.append(f"book, {path.relative_to(BOOK)}: {link}: there is no such file")
            elif url.fragment and target in pages and url.fragment not in pages[target].anchors:
                wrong.append(f"book, {path.relative_to(BOOK)}: {link}: there is no such place")
    return wrong


listed = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=ROOT, check=True, capture_output=True, text=True,
).stdout.split()
pages = [ROOT / name for name in listed if (ROOT / name).exists()]
wrong = sorted({line for page in pages for line in wrong_on_github(page)} | set(wrong_in_book()))
if wrong:
    sys.exit("\n".join(wrong))
print(f"{len(pages)} pages, and the book: each link leads to something")
