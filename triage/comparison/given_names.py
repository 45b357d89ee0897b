"""Services named after what was given: ``yesterday/app.log`` and ``today/app.log`` are lines of the same service."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence, Set
from pathlib import PurePosixPath

import polars as pl

from triage.ingest.names import DATE, POD, SUFFIX, place_of
from triage.ingest.overrides import value_for

#: Names shown.
SHOWN = 3


def below(source: str, given: Sequence[str]) -> str:
    """What of a source's path is not its set's: the part below the folder given; empty for a file given by itself.

    Examples
    --------
    >>> below("today/nginx/access.log", ["today/"]), below("logs/today/web.log", ["logs/today/*.log"])
    ('nginx/access.log', 'web.log')
    >>> below("today.log", ["today.log"]), below("web.log", ["web.log", "cart.log"])
    ('', 'web.log')
    """
    for name in given:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        fixed = next((k for k, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        folder = PurePosixPath(*parts[:fixed]).as_posix()
        if folder not in (".", source) and source.startswith(f"{folder.rstrip('/')}/"):
            return source.removeprefix(folder).lstrip("/")
    return "" if list(given) == [source] else source


def bare_name(source: str, given: Sequence[str]) -> str:
    """A source's name without its set's, and without dates, numbers of rotation and what is drawn for a pod.

    Examples
    --------
    >>> bare_name("today/web/access-2026-11-21.log.2.gz", ["today"])
    'web/access'
    """
    parts = PurePosixPath(below(source, given) or source).parts
    return "/".join(POD.sub("", DATE.sub("", SUFFIX.sub("", part))) or part for part in parts)


def of_the_set(sources: Sequence[str], given: Sequence[str], services: Mapping[str, str]) -> dict[str, str]:
    """Sources whose path names a service only by what was given, and that name.

    Parameters
    ----------
    services : mapping
        From source patterns to names that the user gave: these are kept.

    Examples
    --------
    >>> of_the_set(["today/app.log", "today/nginx/access.log"], ["today"], {})
    {'today/app.log': 'today'}
    """
    found = {}
    for source in sources:
        own = place_of(source).service
        if own and value_for(source, services) is None and place_of(below(source, given) or "-").service != own:
            found[source] = own
    return found


def with_common_services(
    sets: tuple[pl.LazyFrame, pl.LazyFrame], named: tuple[Mapping[str, str], Mapping[str, str]]
) -> tuple[tuple[pl.LazyFrame, pl.LazyFrame], tuple[str, ...]]:
    """Both sets with services that can be compared, and a note on what was taken for none.

    A service that only one set has, and that is named after what was given, is none. Nor is any, where the sets have no
    service in common.

    Parameters
    ----------
    sets : pair of polars.LazyFrame
        Records of A and B.
    named : pair of mapping
        What `of_the_set` gives for each.
    """
    names = [_services(part) for part in sets]
    taken = [set(own.values()) & here - there for own, here, there in zip(named, names, names[::-1], strict=True)]
    left = [here - gone | ({None} if gone else set()) for here, gone in zip(names, taken, strict=True)]
    if not left[0] & left[1]:
        shown = [_listed(each) for each in names]
        said = f"the sets have no service in common ({shown[0]}; {shown[1]}): compared without regard to services"
        a, b = (part.with_columns(pl.lit(None, pl.String).alias("service_name")) for part in sets)
        return (a, b), (said,)
    if not any(taken):
        return sets, ()
    a, b = (_without(part, own, gone) for part, own, gone in zip(sets, named, taken, strict=True))
    what = " and ".join(_listed(gone) for gone in taken if gone)
    several = sum(map(len, taken)) > 1
    said = (
        "were taken for names of the sets, not of services"
        if several
        else "was taken for its set's name, not a service's"
    )
    return (a, b), (f"{what} {said}",)


def _services(part: pl.LazyFrame) -> set[str | None]:
    return set(part.select(pl.col("service_name").unique()).collect()["service_name"].to_list())


def _listed(names: Set[str | None]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(sorted(name or "none" for name in names)[:SHOWN]) + more


def _without(part: pl.LazyFrame, own: Mapping[str, str], gone: Set[str | None]) -> pl.LazyFrame:
    sources = [source for source, name in own.items() if name in gone]
    there = pl.col("source").is_in(sources) & pl.col("service_name").is_in([name for name in gone if name])
    return part.with_columns(pl.when(~there.fill_null(False)).then("service_name").alias("service_name"))
