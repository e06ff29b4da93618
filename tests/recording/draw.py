"""Draws a recording of a terminal as a picture that moves: an SVG without scripts, fonts or anything else from outside.

    draw.py [--check] RECORDING.cast PICTURE.svg

Each row of the terminal is a strip of all that ever stands there, behind a window of one row; the strip is moved by CSS.
So it moves where pictures are shown without scripts, as in a README. Where nothing is to move it shows the end.
"""

import json
import re
import sys
from html import escape

import pyte

# What is less than this apart is one picture, in seconds; how long the end stands.
STEP = 0.09
END = 4.0

COLUMN, ROW, SIZE = 8.4, 20, 14
EDGE, BAR = 18, 34
LARGEST = 200_000

COLORS = {
    "default": "#d5d9e0", "red": "#ff7b72", "green": "#7ee787", "brown": "#e3b341", "blue": "#79c0ff",
    "magenta": "#d2a8ff", "cyan": "#56d4dd", "white": "#ffffff", "dim": "#8b949e",
}
NAMES = {"default": "", "red": "r", "green": "g", "brown": "y", "blue": "u", "magenta": "m", "cyan": "c", "white": "w", "dim": "d"}


def pictures(path):
    """The size of the terminal, and each picture with its time: its rows, each made of (column, text, style)."""
    with open(path, encoding="utf-8") as lines:
        head = json.loads(next(lines))
        events = [json.loads(line) for line in lines]
    screen = pyte.Screen(head["width"], head["height"])
    stream = pyte.Stream(screen)
    seen, last = [(0.0, rows(screen))], 0.0
    for index, (time, kind, text) in enumerate(events):
        if kind == "o":
            # What is dim is not known to the terminal here; the color that it does not use stands for it.
            stream.feed(text.replace("\x1b[2m", "\x1b[90m"))
        following = events[index + 1][0] if index + 1 < len(events) else time + 1
        if following - last >= STEP:
            seen.append((time, rows(screen)))
            last = time
    return head, seen


def rows(screen):
    return [row(screen, line) for line in range(screen.lines)]


def row(screen, line):
    runs = []
    for column in range(screen.columns):
        cell = screen.buffer[line][column]
        is_cursor = (column, line) == (screen.cursor.x, screen.cursor.y) and not screen.cursor.hidden
        color = "dim" if cell.fg.startswith("bright") else cell.fg
        style = (color if color in COLORS else "default", cell.bold, is_cursor)
        if runs and runs[-1][2] == style:
            runs[-1][1] += cell.data
        else:
            runs.append([column, cell.data, style])
    return tuple((column, text, style) for column, text, style in runs if text.strip() or style[2])


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


def drawn(runs, top):
    parts = []
    for column, text, (color, bold, is_cursor) in runs:
        if is_cursor:
            parts.append(f'<rect class="k" x="{number(EDGE + column * COLUMN)}" y="{top + 2}" width="{COLUMN}" height="{ROW - 3}"/>')
        left = number(EDGE + (column + len(text) - len(text.lstrip())) * COLUMN)
        text = text.strip()
        if not text:
            continue
        names = NAMES[color] + ("b" if bold else "")
        style = f' class="{" ".join(names)}"' if names else ""
        # Whatever the font is, the text is as wide as its columns.
        width = number(len(text) * COLUMN)
        parts.append(f'<text{style} x="{left}" y="{top + SIZE + 1}" textLength="{width}">{escape(text, quote=False)}</text>')
    return "".join(parts)


def strip(index, states, total, width):
    """One row of the terminal, of all its states, each with the time at which it begins."""
    places, moves = {}, []
    for time, runs in states:
        place = places.setdefault(runs, len(places))
        if not moves or moves[-1][1] != place:
            moves.append((time, place))
    if list(places) == [()]:
        return "", ""
    body = "".join(drawn(runs, place * ROW) for runs, place in places.items())
    last = moves[-1][1]
    at = f' style="transform:translateY({-last * ROW}px)"' if last else ""
    window = f'<svg y="{BAR + index * ROW}" width="{width}" height="{ROW}"><g class="s" id="s{index}"{at}>{body}</g></svg>'
    if len(moves) == 1:
        return window, ""
    frames = "".join(f"{number(100 * time / total)}%{{transform:translateY({-place * ROW}px)}}" for time, place in moves)
    return window, f"#s{index}{{animation-name:m{index}}}@keyframes m{index}{{{frames}}}"


def picture(path):
    head, seen = pictures(path)
    total = seen[-1][0] + END
    width = number(2 * EDGE + head["width"] * COLUMN)
    strips = [strip(line, [(time, rows[line]) for time, rows in seen], total, width) for line in range(head["height"])]
    height = BAR + head["height"] * ROW + EDGE // 2
    colors = "".join(f".{NAMES[name]}{{fill:{color}}}" for name, color in COLORS.items() if NAMES[name])
    title = escape(head.get("title", "lro"))
    style = (
        f"text{{font:{SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;"
        f"fill:{COLORS['default']};white-space:pre}}{colors}.b{{font-weight:700}}.k{{fill:#6e7681}}"
        f".s{{animation:{number(total)}s step-end infinite}}{''.join(style for _, style in strips)}"
        "@media(prefers-reduced-motion:reduce){.s{animation:none!important}}"
    )
    dots = "".join(
        f'<circle cx="{EDGE + 4 + 20 * index}" cy="17" r="6" fill="{color}"/>'
        for index, color in enumerate(["#ff5f57", "#febc2e", "#28c840"])
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        f"<title>{title}</title><style>{style}</style>"
        f'<rect x=".5" y=".5" width="{number(float(width) - 1)}" height="{height - 1}" rx="9" fill="#14171d" stroke="#3d444d"/>'
        f"{dots}{''.join(window for window, _ in strips)}</svg>\n"
    )
    assert len(svg.encode()) < LARGEST, f"the picture has {len(svg.encode())} bytes, and may have {LARGEST}"
    assert not re.search(r"<script|@import|url\(|href", svg), "the picture needs something from outside"
    return svg


def main():
    *check, recording, target = sys.argv[1:]
    svg = picture(recording)
    if check:
        with open(target, encoding="utf-8") as file:
            if file.read() != svg:
                sys.exit(f"{target} is not what is drawn of {recording}: run tests/recording/run")
    else:
        with open(target, "w", encoding="utf-8") as file:
            file.write(svg)


main()
