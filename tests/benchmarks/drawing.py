"""Drawing: what was measured, as pictures that can be read on white and on black."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from growing import Line
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, FuncFormatter
from measuring import Spread

mpl.use("svg")
#: Neither dark nor bright, so that they stand out from both.
GREY = "#808080"
COLOURS = ["#2f8fb3", "#cf6a32", "#8077cf", "#4f9a3f"]
COLUMNS = 2
COUNT = EngFormatter(sep="")
_SECONDS = EngFormatter("s")
TIME = FuncFormatter(lambda micro, place: _SECONDS(micro / 1e6, place))
STYLE = {
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.prop_cycle": mpl.cycler(color=COLOURS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.size": 9,
    "grid.alpha": 0.3,
    "grid.color": GREY,
    "legend.frameon": False,
    "legend.labelcolor": GREY,
    "savefig.transparent": True,
    # So that the same figures make the same file, with texts that are texts.
    "svg.fonttype": "none",
    "svg.hashsalt": "flask-httpstatus",
    "text.color": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
}


@contextmanager
def drawn(
    path: Path, size: tuple[float, float], rows: int = 1, columns: int = 1
) -> Iterator[list[Axes]]:
    """Give the panels of a picture, which is then written."""
    with mpl.rc_context(STYLE):
        figure, axes = plt.subplots(
            rows, columns, figsize=size, sharey="row", squeeze=False, layout="constrained"
        )
        yield list(axes.flat)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


def bars(path: Path, ratios: Mapping[str, Spread], unit: str) -> None:
    """Draw how each subject compares with its yardstick, with the quartiles."""
    with drawn(path, (8, 0.6 + 0.35 * len(ratios))) as (panel,):
        names = list(ratios)[::-1]
        found = [ratios[name] for name in names]
        medians = [one.median for one in found]
        errors = [[one.median - one.low for one in found], [one.high - one.median for one in found]]
        panel.barh(names, medians, xerr=errors, height=0.6, ecolor=GREY)
        panel.axvline(1, color=GREY, linestyle="--", linewidth=1)
        for place, one in enumerate(found):
            panel.annotate(
                f"{one.median:.2f}",
                (one.high, place),
                (4, 0),
                textcoords="offset points",
                va="center",
            )
        panel.set_xlim(0, max(one.high for one in found) * 1.1)
        panel.set_xlabel(unit)


def growth(path: Path, lines: Sequence[Line]) -> None:
    """Draw a panel for each thing that grows, all with the same scale of time."""
    names = list(dict.fromkeys(line.panel for line in lines))
    rows = -(-len(names) // COLUMNS)
    with drawn(path, (8, 2.4 * rows), rows, COLUMNS) as panels:
        most = max(one.high for line in lines for one in line.times)
        least = min(one.low for line in lines for one in line.times)
        for name, panel in zip(names, panels, strict=False):
            panel.set(xscale="log", yscale="log", xlabel=name, ylim=(least / 2, most * 2))
            panel.minorticks_off()
            for line in lines:
                if line.panel == name:
                    low, median, high = zip(*line.times, strict=True)
                    panel.plot(line.sizes, median, marker="o", markersize=3, label=line.asked_for)
                    panel.fill_between(line.sizes, low, high, alpha=0.25)
                    panel.set_xticks(line.sizes)
            panel.xaxis.set_major_formatter(COUNT)
            panel.yaxis.set_major_formatter(TIME)
            panel.grid(visible=True)
            panel.legend(fontsize="small", loc="upper left")
        for panel in panels[::COLUMNS]:
            panel.set_ylabel("process time")
        for panel in panels[len(names) :]:
            panel.set_visible(False)


def memory(path: Path, grown: Mapping[int, int]) -> None:
    """Draw by how many bytes the memory in use has grown."""
    with drawn(path, (8, 2.6)) as (panel,):
        panel.plot(list(grown), [size / 1024 for size in grown.values()], marker="o", markersize=3)
        top = max(64, *(size / 1024 * 1.2 for size in grown.values()))
        panel.set(xlabel="failures", ylabel="kB more than at first", ylim=(-top, top))
        panel.xaxis.set_major_formatter(COUNT)
        panel.grid(visible=True)
