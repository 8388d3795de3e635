"""Prepare a machine before a lesson: which weights are here, and fetch those that are not."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

import cnn_models
from cnn_models.weights import public, shipped_all
from cnn_models.weights.errors import WeightsUnavailable

_MIB = 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 1 if a file could not be fetched."""
    parser = argparse.ArgumentParser(prog="python -m cnn_models.weights", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="all weights, and which of them are on this machine")
    fetching = commands.add_parser("fetch", help="download the public weights of networks")
    fetching.add_argument("keys", nargs="+", metavar="KEY", help="a network, such as vgg16")
    fetching.add_argument("--name", help="which set, where a network has several")
    options = parser.parse_args(arguments)
    if options.command == "list":
        return _list()
    try:
        failed = [key for key in options.keys if not _fetch(key, options.name)]
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; the same command goes on from here.\n")
        return 130
    return 1 if failed else 0


def _list() -> int:
    rows = [("NETWORK", "WEIGHTS", "FILE", "MiB", "")]
    for weights in shipped_all():
        size = f"{weights.path.stat().st_size / _MIB:.1f}"
        rows.append((weights.key, weights.dataset, weights.path.name, size, "ships"))
    for key in cnn_models.names():
        for weights in cnn_models.spec(key).weights:
            size = f"{weights.size_mib:.1f}" if weights.size_mib else "?"
            here = "here" if public.cached(key, name=weights.name) else "not here"
            rows.append((key, weights.name, public.location(weights).name, size, here))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    sys.stdout.write(f"Public weights are kept in {public.directory()}\n")
    for *cells, here in rows:
        network, name, file, size = cells
        line = f"{network:{widths[0]}}  {name:{widths[1]}}  {file:{widths[2]}}  {size:>{widths[3]}}"
        sys.stdout.write(f"{line}  {here}".rstrip() + "\n")
    return 0


def _fetch(key: str, name: str | None) -> bool:
    progress = progress_line(key, sys.stderr)
    try:
        path = public.fetch(key, name=name, progress=progress)
    except (WeightsUnavailable, cnn_models.UnknownModel) as error:
        sys.stderr.write(f"{key}: {error}\n")
        return False
    finally:
        if progress:
            sys.stderr.write("\r\033[K")  # back to the start of the line, and clear it
    sys.stdout.write(f"{key}: {path}\n")
    return True


def progress_line(key: str, stream: TextIO) -> Callable[[int, int | None], None] | None:
    """Return what keeps one line of a terminal up to date; None where `stream` is no terminal."""
    if not stream.isatty():
        return None

    def show(done: int, total: int | None) -> None:
        share = f" of {total / _MIB:.1f} MiB, {100 * done // total}%" if total else " MiB"
        stream.write(f"\r{key}: {done / _MIB:.1f}{share}\033[K")
        stream.flush()

    return show


if __name__ == "__main__":
    sys.exit(main())
