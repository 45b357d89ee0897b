"""Which lines belong to the line above: stack traces of many languages, and what plainly goes on."""

from __future__ import annotations

import polars as pl

#: A line that plainly continues the one above, whatever format that has.
CONTINUES = (
    r"^(?:\s+\S|[)\]}]+[,;]?\s*$|[\"'][)\]}]+\s*$"
    r"|at [\w$.<>]+\(|Caused by: |Suppressed: |\.\.\. \d+ (?:more|common frames)"  # Java and its kin
    r"|During handling of the above exception|The above exception was the direct cause"  # Python
    r"|--- End of |Node\.js v\d"  # C#, Node
    r"|#\d+ (?:/|\{main\}|\[internal function\]|phar:|[A-Za-z_\\]\S*\(\d+\): )|Stack trace:$|\[stacktrace\]$"  # PHP
    r"|\[previous exception\]"
    r"|#\d+ {2,}\S|<asynchronous suspension>"  # Dart, debuggers
    r"|[\w./-]+\.rb:\d+:in "  # Ruby
    r"|note: (?:run with|Some details)|stack backtrace:$"  # Rust
    r"|\*\*\* Check failure stack trace|Call Trace:)"
)
#: A line that says that the next one belongs to it, wherever that begins.
OPENS = (
    r"(?:\bpanicked at .+:\d+:\d+:$|^Unhandled exception:$|^\s*[~^]+\s*$"
    r"|^During handling of the above exception|^The above exception was the direct cause"
    r"|(?:^|[^\\])\\$)"
)
#: A path of Windows ends with the same mark as a line that goes on.
WINDOWS_PATH = r"[A-Za-z]:\\\S*\\$|\\\\\S*\\$"
PYTHON_HEAD = r"^Traceback \(most recent call last\):"
#: Go: what begins a crash report, and what stands in one at the margin.
GO_HEAD = r"^(?:panic: |fatal error: |goroutine \d+ (?:gp=\S+ )?\S*.*\[|SIG[A-Z]+: |runtime: )"
GO_BODY = (
    r"^(?:goroutine \d+ .*\[|created by \S|\[signal |\[recovered\]|[\w./*()\[\]{}~,\x{b7}-]+\(.*\)$|\t\S"
    r"|exit status \d+$"
    r"|\.\.\.additional frames elided|runtime stack:|r[a-z0-9]{1,3} +0x|PC=0x)"
)


def begins_trace(text: pl.Series) -> pl.Series:
    """For each line, taken alone: does it head a stack trace of Python's or Go's?"""
    return text.str.contains(f"{PYTHON_HEAD}|{GO_HEAD}").fill_null(False)


def continues(text: pl.Series) -> pl.Series:
    """For each line, taken alone: does it continue the line above?"""
    return text.str.contains(CONTINUES).fill_null(False)


def attached(text: pl.Series) -> pl.Series:
    """For each of consecutive lines: does it belong to the line above?"""
    found = continues(text) | opens(text).shift(1, fill_value=False)
    if text.str.contains(PYTHON_HEAD).any():
        found = found | _python_tails(text)
    if text.str.contains(GO_HEAD).any():
        found = found | _go(text)
    return found.scatter(0, False) if len(found) else found


def may_go_on(text: pl.Series) -> pl.Series:
    """For each line, taken alone: is it or the next one part of what stands above, in any order of the lines?"""
    return continues(text) | opens(text) | text.str.contains(GO_HEAD).fill_null(False)


def opens(text: pl.Series) -> pl.Series:
    """For each line, taken alone: does the next one belong to it, whatever that is?"""
    frame = text.to_frame("text")
    line = pl.col("text")
    return frame.select((line.str.contains(OPENS) & ~line.str.contains(WINDOWS_PATH)).fill_null(False))["text"]


def alone(text: pl.Series) -> pl.Series:
    """For each of consecutive lines: does it surely begin something, whatever stood above the first of them?"""
    free = ~continues(text) & ~text.str.contains(GO_BODY).fill_null(False)
    # The last line of a Python trace stands below an indented one: a line below one at the margin is none.
    above = free & ~opens(text) & ~text.str.contains(GO_HEAD).fill_null(False)
    return free & above.shift(1, fill_value=False)


def _python_tails(text: pl.Series) -> pl.Series:
    """The last line of a Python trace: it and the header stand at the margin with only indented lines between."""
    margin = pl.DataFrame({"text": text}).with_row_index("row").filter(~pl.col("text").str.contains(r"^\s"))
    ends = margin.select(
        "row",
        ((pl.col("row") - pl.col("row").shift(1)) > 1).alias("gap"),
        pl.col("text").shift(1).str.contains(PYTHON_HEAD).alias("headed"),
    ).filter(pl.col("gap") & pl.col("headed"))
    flags = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
    return flags.scatter(ends["row"], True) if len(ends) else flags


def _go(text: pl.Series) -> pl.Series:
    """Lines of a crash report: an unbroken run of such lines, below the first that heads one."""
    line = pl.col("text")
    frame = text.to_frame("text").select(
        line.str.contains(GO_HEAD).fill_null(False).alias("head"),
        line.str.contains(GO_BODY).fill_null(False).alias("body"),
    )
    frame = frame.with_columns((~(pl.col("head") | pl.col("body"))).cum_sum().alias("run"))
    headed = (pl.col("head").cast(pl.Int32).cum_sum().over("run") - pl.col("head").cast(pl.Int32)) > 0
    return frame.select((pl.col("body") & headed).alias("body"))["body"]
