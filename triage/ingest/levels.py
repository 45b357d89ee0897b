"""Severity words of many programs to OpenTelemetry's severity numbers (1-24)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

TRACE, DEBUG, INFO, WARN, ERROR, FATAL = 1, 5, 9, 13, 17, 21

#: Words as loggers write them, in lower case. Several programs have their own for the same step:
#: PostgreSQL's LOG and STATEMENT, java.util.logging's FINE and SEVERE, syslog's NOTICE to EMERG.
WORDS: dict[str, int] = {
    **dict.fromkeys(
        (
            "trace",
            "trc",
            "finest",
            "finer",
            "verbose",
            "vrb",
            "silly",
            "trac",
            "trce",
            "debug5",
            "ddebug",
            "subdebug",
            *(f"trace{n}" for n in range(1, 9)),
        ),
        TRACE,
    ),
    **dict.fromkeys(
        ("debug", "dbg", "debu", "dbug", "fine", "debug1", "debug2", "debug3", "debug4", "d1", "d2", "d3", "d4", "d5"),
        DEBUG,
    ),
    **dict.fromkeys(
        ("info", "inf", "information", "informational", "log", "config", "normal", "default", "http", "system"), INFO
    ),
    **dict.fromkeys(
        ("audit", "success", "audit success", "activity", "perf", "statement", "detail", "hint", "context"), INFO
    ),
    **dict.fromkeys(("notice", "note", "noti", "not", "n"), INFO + 1),
    **dict.fromkeys(("warn", "warning", "wrn", "deprecation", "audit failure"), WARN),
    **dict.fromkeys(("error", "err", "eror", "erro", "severe", "failure", "fail"), ERROR),
    **dict.fromkeys(
        ("critical", "crit", "fatal", "ftl", "fata", "panic", "pani", "emergency", "emerg", "alert", "dpanic", "fault"),
        FATAL,
    ),
    # Go's slog counts four steps from level to level, as OpenTelemetry does.
    **{
        f"{word}{step:+}": min(max(number + step, TRACE), FATAL + 3)
        for word, number in {"debug": DEBUG, "info": INFO, "warn": WARN, "error": ERROR}.items()
        for step in range(-8, 9)
        if step
    },
    **dict.fromkeys(("ii",), INFO),
    **dict.fromkeys(("ww",), WARN),
    **dict.fromkeys(("ee",), ERROR),
    **{"t": TRACE, "v": TRACE, "d": DEBUG, "i": INFO, "w": WARN, "e": ERROR, "f": FATAL, "c": FATAL},
}
#: Where syslog daemons write facility and severity as words: ``daemon.info``.
FACILITIES = "kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7]"

_FACILITY = rf"^(?:{FACILITIES})\."

#: Spelled as a level in the head of a line: whole words, upper case or the usual mixed cases. Words of lower case only
#: with a mark behind them, or as a column of their own; those of .NET's console that are words of messages, in front.
_LOWER = "trace|debug|info|notice|warn(?:ing)?|error|critical|fatal"
_SHORT = "trc|dbg|inf|wrn|err|erro|crit|noti|alert|emerg|verbose"
HEAD_PATTERN = (
    r"(\b(?:TRACE|(?:D|SUB)?DEBUG|Debug|INFO|Info|INFORMATION(?:AL)?|Information|NOTICE|Notice|WARN(?:ING)?|Warn(?:ing)?|ERROR|Error|ERR|SEVERE"
    r"|CRITICAL|Critical|CRIT|FATAL|Fatal|D?PANIC|ALERT|EMERG(?:ENCY)?|TRC|DBG|INF|WRN|FTL|VRB|VERBOSE"
    r"|EROR|ERRO|DEBU|DBUG|FATA|PANI|TRAC)\b"
    r"|\bLOG[:\s]|\bTrace\b[\]>|]"
    rf"|\b(?:{_LOWER})\b(?: *[\]:]|[>|])|\t(?:{_LOWER}|d?panic)\t|^\s*(?:fail|crit|dbug|trce):"
    rf"|[\[(<](?:{_LOWER}|{_SHORT})[\])>]|\[[DIWEF]\]|\((?:EE|WW|II)\)|^[VDIWEFN](?: \(|: )"
    rf"|\b(?:{_LOWER}) {{2,}}[\[(<]|  (?:{_LOWER}) [\[(<]"
    rf"|\b(?:{FACILITIES})\.(?:debug|info|notice|warn(?:ing)?|err(?:or)?|crit|alert|emerg)\b)"
)
#: What the pattern finds beside the word.
MARKS = " \t[](){}<>:|"
#: A word in front of a time is one of a few that loggers put there: a level whatever its case.
LEAD_PATTERN = (
    r"(?i)(?:^|[\s\[(<,|:=])((?:trace|debug|info|information|notice|warn(?:ing)?|err(?:or)?|severe|critical|crit|fatal"
    r"|alert|emerg|verbose)\b)(?:$|[\s\])>,|:])"
)
#: The first word behind a time, which may be a column of levels.
COLUMN_PATTERN = r"^[\s\])>:|,-]*[\[(<]?([A-Za-z]{1,11})(?:\s*[!\])>|/]|\s|:\s|$)"

#: Levels that are written as numbers: those of Python's logging; of syslog; of Azure's monitor.
PYTHON_STEPS = {"10": "DEBUG", "20": "INFO", "30": "WARN", "40": "ERROR", "50": "FATAL"}
SYSLOG_STEPS = dict(
    zip("01234567", ("EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"), strict=True)
)
AZURE_STEPS = dict(zip("01234", ("Verbose", "Information", "Warning", "Error", "Critical"), strict=True))


def steps_of(column: str) -> dict[str, str]:
    """What numbers in a column of levels stand for, by the column's name without case and punctuation."""
    return {"priority": SYSLOG_STEPS, "severitylevel": AZURE_STEPS}.get(column, PYTHON_STEPS)


def spelled(codes: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    """What codes stand for in a format, as `words` has them; null for one that is not among them."""
    return codes.replace_strict(words, default=None, return_dtype=pl.String)


def numbers(words: pl.Expr) -> pl.Expr:
    """Severity numbers (UInt8) of words in any case; null for a word that is no level."""
    return (
        words.str.strip_chars(" []<>():|")
        .str.to_lowercase()
        .str.replace(_FACILITY, "")
        .replace_strict(WORDS, default=None, return_dtype=pl.UInt8)
    )


def class_name(number: int | None) -> str | None:
    """The word of a severity number's class.

    Examples
    --------
    >>> class_name(17), class_name(10), class_name(None)
    ('ERROR', 'INFO', None)
    """
    if not number:
        return None
    return ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")[min(5, (int(number) - 1) // 4)]
