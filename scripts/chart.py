"""A series of numbers as a picture: of block characters for a terminal or a pipe, or as SVG."""

from datetime import datetime
from html import escape

EIGHTHS = " ▁▂▃▄▅▆▇█"
COLOURS = ["#0b7285", "#e8590c", "#5f3dc4"]


def short(value):
    """1234567 as 1.23M."""
    for unit in ("", "k", "M", "G", "T"):
        if abs(value) < 1000 or unit == "T":
            return f"{value:.3g}{unit}" if abs(value) < 1000 else f"{value:.0f}{unit}"
        value /= 1000


def rounded_up(value):
    """The next of 1, 2, 3, 4, 5, 6, 8, 10, 20 ...: a good end for an axis."""
    step = 1.0
    while True:
        for factor in (1, 2, 3, 4, 5, 6, 8):
            if value <= factor * step:
                return factor * step
        step *= 10


def clock(seconds):
    return datetime.fromtimestamp(seconds).strftime("%H:%M:%S")


def columns(series, width):
    """The average of each of `width` equal parts of the time; None where there is no sample."""
    first, last = series[0][0], series[-1][0]
    sums, counts = [0.0] * width, [0] * width
    for at, value in series:
        n = min(width - 1, int((at - first) / max(1e-9, last - first) * width))
        sums[n] += value
        counts[n] += 1
    return [total / count if count else None for total, count in zip(sums, counts)]


def in_terminal(title, series, top=None, width=66, height=8):
    """The title, an area of block characters with its axis on the left, and the time below."""
    values = columns(series, min(width, len(series)))
    # Fewer samples than columns: each takes several.
    values = [values[n * len(values) // width] for n in range(width)]
    top = top or rounded_up(max(value for _, value in series))
    lines = [f"{'':8}{title}"]
    for row in range(height, 0, -1):
        label = short(top * row / height) if row in (height, height // 2) else ""
        line = ""
        for value in values:
            eighths = round((value or 0) / top * height * 8) - (row - 1) * 8
            line += EIGHTHS[max(0, min(8, eighths))]
        lines.append(f"{label:>7}{'┤' if label else '│'}{line.rstrip()}")
    lines.append(f"{'0':>7}└{'─' * width}")
    lines.append(f"{'':8}{clock(series[0][0])}{clock(series[-1][0]):>{width - 8}}")
    return "\n".join(lines)


def as_svg(title, panels):
    """panels: [(title, {name: series}, top or None), ...], one above the other on the same time axis."""
    width, height, left, gap = 860, 170, 70, 62
    first = min(series[0][0] for _, lines, _ in panels for series in lines.values())
    last = max(series[-1][0] for _, lines, _ in panels for series in lines.values())
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + left + 40} {len(panels) * (height + gap) + 60}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#343a40">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{left}" y="28" font-size="18" font-weight="600">{escape(title)}</text>',
    ]
    for n, (name, lines, top) in enumerate(panels):
        y = 76 + n * (height + gap)
        top = top or rounded_up(max(value for series in lines.values() for _, value in series))
        out.append(f'<text x="{left}" y="{y - 10}" font-weight="600">{escape(name)}</text>')
        out += grid(left, y, width, height, top, first, last)
        for m, (label, series) in enumerate(lines.items()):
            points = " ".join(
                f"{left + (at - first) / max(1e-9, last - first) * width:.1f},{y + height - value / top * height:.1f}" for at, value in series)
            # Dashed over the first, since lines may lie on each other.
            dashes = ' stroke-dasharray="5 4"' if m else ""
            out.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[m]}" stroke-width="1.6" stroke-linejoin="round"{dashes}/>')
            if len(lines) > 1:
                out.append(f'<text x="{left + width - 90 * (len(lines) - m)}" y="{y - 10}" fill="{COLOURS[m]}">{escape(label)}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def grid(x, y, width, height, top, first, last):
    for n in range(5):
        level = y + height * n / 4
        yield f'<line x1="{x}" y1="{level}" x2="{x + width}" y2="{level}" stroke="#dee2e6"/>'
        yield f'<text x="{x - 8}" y="{level + 4}" text-anchor="end">{short(top * (4 - n) / 4)}</text>'
    for n in range(7):
        at = x + width * n / 6
        yield f'<line x1="{at}" y1="{y + height}" x2="{at}" y2="{y + height + 4}" stroke="#adb5bd"/>'
        yield f'<text x="{at}" y="{y + height + 18}" text-anchor="middle">{clock(first + (last - first) * n / 6)}</text>'
