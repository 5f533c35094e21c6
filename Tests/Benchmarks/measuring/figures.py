"""Figures: percentiles, rows of the table, and the table itself."""
import json
import math
import statistics


def percentile(values, share):
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def median(values):
    return statistics.median(values)


def noise(values):
    """How far repeated measurements of the same thing lie apart, as a share of their median."""
    return (max(values) - min(values)) / median(values) if len(values) > 1 and median(values) else 0.0


class Row:
    """One line of the table.

    `ratio` is what was measured over the limit; `met` is None where the row has no goal.
    """

    def __init__(self, number, what, unit, middle, p99=None, limit=None, ratio=None, goal="", met=None, noise=None,
                 detail=None):
        self.number, self.what, self.unit = number, what, unit
        self.middle, self.p99, self.limit, self.ratio = middle, p99, limit, ratio
        self.goal, self.met, self.noise, self.detail = goal, met, noise, detail or {}

    def cells(self, judged):
        met = "–" if self.met is None or not judged else "met" if self.met else "MISSED"
        return [str(self.number), self.what, text(self.middle, self.unit), text(self.p99, self.unit),
                text(self.limit, self.unit), "–" if self.ratio is None else f"{self.ratio:.2f}", self.goal or "–", met,
                "–" if self.noise is None else f"{self.noise * 100:.0f} %"]


def text(value, unit):
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


HEAD = ["#", "what", "median", "p99", "limit", "ratio", "goal", "met", "noise"]


def table(rows, judged):
    """The rows as a Markdown table, padded so that it reads as plain text too."""
    lines = [HEAD] + [row.cells(judged) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    drawn = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    drawn.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(drawn)


def save(path, about, rows):
    path.write_text(json.dumps({"about": about, "rows": [vars(row) for row in rows]}, indent=1) + "\n")
