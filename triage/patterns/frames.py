"""Frames of stacks by what they say in any build: without line numbers, addresses, counters and generated names."""

from __future__ import annotations

import polars as pl

from triage.patterns.libraries import origin

#: A frame as `exception.frames` has it: ``function (file:line)``, or one of the two.
PARTS = r"^(?:(?P<function>.*) \((?P<file>.*?)(?::[0-9]+)?\)|(?P<bare>.*?)(?P<at>:[0-9]+)?)$"
#: Functions of these languages are known by the file they stand in; of others by their own long names.
BY_FILE = r"(?i)\.(?:py[xw]?|ipynb|rb|erb|rake|ru|[cm]?[jt]sx?|vue|svelte|dart|pl|pm|lua)$"
#: Folders that an application is put into, or that a build makes: they say where it runs, not what it is.
PLACE = (
    r"^(?:app|src|lib|opt|srv|home|usr|var|www|html|tmp|root|code|workspace|build|dist|out|current|\.{1,2}|.*:)$"
    r"|[0-9]\.[0-9]|-[0-9]|[0-9]{3}|[0-9a-f]{7}"
)


def _with_digit(letters: str, least: int) -> str:
    """A regex for at least so many of these letters with a digit among them."""
    ways = (f"[{letters}]{{{n}}}[0-9][{letters}]{{{max(0, least - 1 - n)},}}" for n in range(least))
    return f"(?:{'|'.join(ways)})"


#: What bundlers put into the names of files.
BUNDLE_HASH = rf"[.-]{_with_digit('0-9A-Za-z_', 5)}"
#: What compilers, loaders and frameworks add to the names of functions, and what is left of it, in order.
JVM: tuple[tuple[str, str], ...] = (
    (r"^(?:[\w.@-]*/+)+", ""),  # java.base/, app//
    (r"lambda\$(\w+?)\$[\w$]*", "${1}"),
    (r"\$anonfun\$(\w+?)\$[\w$]*", "${1}"),
    (r"CGLIB\$(\w+?)\$[0-9]+", "${1}"),
    (r"_?\$\$[^.]*", ""),
    (rf"\$[A-Z][A-Za-z]*\${_with_digit('0-9A-Za-z_', 4)}", ""),
    (r"\$[0-9]+|\baccess\$[0-9]+", ""),
)
OTHERS: tuple[tuple[str, str], ...] = (
    (r"<(\w+)>g__(\w+)\|[0-9_]+", "${1}.${2}"),  # C#
    (r"<(\w+)>d(?:__[0-9]+)?(?:`[0-9]+)?(?:\[[^\]]*\])?\.MoveNext", "${1}"),
    (r"<>c(?:__DisplayClass[0-9_]+)?(?:`[0-9]+)?(?:\[[^\]]*\])?\.<(\w+)>b__[0-9_]+", "${1}"),
    (r"`[0-9]+|\[[^\]]*\]$", ""),
    (r"\((?:0x|\{|\.\.\.).*$", ""),  # Go
    (r"(?:\.(?:func|gowrap|deferwrap)[0-9]+(?:\.[0-9]+)*|-fm|-range[0-9]+)+", ""),
    (r"::h[0-9a-f]{5,16}$|\[[0-9a-f]{4,}\]|::\{+[a-z_:]+(?:#[0-9]+)?\}+", ""),  # Rust
    (r"(->|::)?[\w\\]*\{closure[^}]*\}?", "${1}{closure}"),  # PHP
    (rf"(?:_|Ghost|Proxy){_with_digit('0-9a-f', 5)}", ""),
    (r"@anonymous\S*", "@anonymous"),
    (r"\+?0x[0-9a-f]+|@[0-9a-f]{6,}", ""),
)
BY_FILE_NAMES: tuple[tuple[str, str], ...] = (
    (r"^(?:(?:block|rescue|ensure)(?: \([0-9]+ levels\))? in )+", ""),  # Ruby
    (r"^(?:Object|Module)\.<anonymous>$", "<anonymous>"),
    (r"^(?:async |new )+| \[as [^\]]*\]$|(?:\.<anonymous(?: closure)?>)+$", ""),  # JavaScript, Dart
    (r"^.*[.#:]([^.#:]+)$", "${1}"),
)


def frame_names(frames: pl.Series) -> pl.DataFrame:
    """What each frame is in any build, and of what it is.

    Parameters
    ----------
    frames : polars.Series of str
        As the attribute ``exception.frames`` has them.

    Returns
    -------
    polars.DataFrame
        ``name``, and ``origin`` as `libraries.origin` gives it.

    Examples
    --------
    >>> frames = ["take (/srv/shop-1.2/pool.py:7)", "com.shop.Till.lambda$sell$3 (Till.java:12)", "main.(*T).f.func1"]
    >>> frame_names(pl.Series(frames))["name"].to_list()
    ['take (pool.py)', 'com.shop.Till.sell', 'main.(*T).f']
    """
    bare = pl.col("bare").replace("", None)
    parts = frames.str.extract_groups(PARTS).struct.unnest()
    parts = parts.select(
        pl.coalesce("function", pl.when(pl.col("at").is_null()).then(bare)).alias("function"),
        pl.coalesce("file", pl.when(pl.col("at").is_not_null()).then(bare)).str.replace_all("\\", "/", literal=True),
    )
    by_file = pl.col("file").str.contains(BY_FILE).fill_null(False)
    parts = parts.with_columns(pl.col("file").str.replace(r"\?[\w-]*$", ""))
    parts = parts.with_columns(origin(pl.col("function"), pl.col("file")), by_file.alias("by_file"), _short_file())
    parts = parts.with_columns(_short_function())
    function, file = pl.col("short"), pl.col("short_file")
    said = pl.when(pl.col("by_file") & function.is_not_null() & (function != "")).then(
        pl.format("{} ({})", function, file)
    )
    name = pl.coalesce(said, pl.when(pl.col("by_file")).then(file), function, file)
    # Long numbers are none of a name: see `stack_traces.LONG_NUMBERS`.
    name = name.replace("", None).str.replace_all("000", "<*>", literal=True)
    return parts.select(pl.coalesce(name, frames).alias("name"), "origin")


def _short_file() -> pl.Expr:
    """The file and the folder it stands in, if that is part of the application."""
    file = pl.col("file").str.extract(r"([^/]+)$").str.replace_all(BUNDLE_HASH, "")
    folder = pl.col("file").str.extract(r"([^/]+)/[^/]+$").str.strip_prefix("package:")
    named = folder.is_not_null() & ~folder.str.contains(PLACE)
    return pl.when(named).then(pl.format("{}/{}", folder, file)).otherwise(file).alias("short_file")


def _short_function() -> pl.Expr:
    jvm = other = short = pl.col("function")
    for pattern, left in JVM:
        jvm = jvm.str.replace_all(pattern, left)
    for pattern, left in OTHERS:
        other = other.str.replace_all(pattern, left)
    for pattern, left in BY_FILE_NAMES:
        short = short.str.replace_all(pattern, left)
    # Of the names that a minifier gives, nothing stays the same.
    short = pl.when((short != "<anonymous>") & ~short.str.contains(r"^[\w$]{1,2}$")).then(short)
    # Frames of the JVM name a file without its folder, or none.
    of_jvm = pl.col("file").str.contains(
        r"^(?:[^/]*\.(?:java|kts?|scala|groovy|clj)|Native Method|Unknown Source|<\w+>)$"
    )
    chosen = pl.when("by_file").then(short).when(of_jvm.fill_null(False)).then(jvm).otherwise(other)
    return chosen.str.strip_chars().alias("short")
