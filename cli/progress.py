"""How far a long command is: a bar at a terminal; into a file or a pipe nothing is written."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar  # click has no public name for it


def progress_bar(length: int, label: str, *, hidden: bool = False) -> "ProgressBar[int]":
    """To be entered with `with`; how far the command is it says with `reached`."""
    return click.progressbar(length=length, label=label, hidden=hidden or not sys.stdout.isatty())


def reached(bar: "ProgressBar[int]", position: int) -> None:
    """So far by now; where a transaction is tried anew, the bar waits until it is there again."""
    bar.update(max(0, position - bar.pos))
