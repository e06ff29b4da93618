"""A preprocessor of mdBook: links to what is outside of docs/ lead to the repository, since the book has only the pages; and a
README, which GitHub shows with its folder, is the index of it in the book.

It is no check: tests/book/links.py looks whether the files are there.
"""

import json
import os.path
import re
import sys

REPOSITORY = "https://github.com/lro-cli/lro/blob/main/"
LINK = re.compile(r"(\]\()((?![a-z+]+:)[^)\s#]+)")


def with_links(text: str, page: str) -> str:
    def outside(found: re.Match) -> str:
        # From the root of the repository.
        path = os.path.normpath(os.path.join("docs", os.path.dirname(page), found[2]))
        if not path.startswith("docs/"):
            return found[1] + REPOSITORY + path
        return re.sub(r"\bREADME\.md$", "index.md", found[0])

    return LINK.sub(outside, text)


def walk(items: list) -> None:
    for item in items:
        if isinstance(item, dict) and "Chapter" in item:
            chapter = item["Chapter"]
            chapter["content"] = with_links(chapter["content"], chapter["source_path"] or "")
            walk(chapter["sub_items"])


def main() -> None:
    if sys.argv[1:2] == ["supports"]:
        return
    _, book = json.load(sys.stdin)
    walk(book["items"] if "items" in book else book["sections"])
    json.dump(book, sys.stdout)


main()
