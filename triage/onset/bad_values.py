"""Codes and words that tell of a failure, as values: ``status=503``, ``outcome=FAILURE``, ``success=false``."""

from __future__ import annotations

import polars as pl

from triage.patterns.groups import FAILURE

#: What is one word in a text is a part of one in a code: ``SERVER_ERROR``, ``ConnectTimeoutException``.
_PARTS = (
    r"error|exception|fail(?:ed|ures?|s|ing)?(?:[^a-z]|$)|fatal|panic|refused|denied|time_?d?_?out|unavailable"
    r"|aborted|crash|exceeded|exhausted|rejected|unhealthy|unreachable|internal$"
)
_NO = r"(?:no|none|without|0)(?:$|[ _-])"
#: Names of flags that are bad when they are set, and when they are not.
_ERROR = r"(?:err|errors?|exception|fail(?:ed|ure)?|fault|panic|crash(?:ed)?|timed?_?out|aborted|refused|degraded)"
_FINE = r"(?:ok|success|succeeded|successful|healthy|available|passed)"
_WORD = r"(?:^|[._-]|[a-z])"
#: Of a parameter with its value, as onsets of the kind *mix shift* have it; a name alone is one that has a value now.
BAD_VALUE = (
    r"(?i)(?:=[45](?:[0-9]{2}|xx)$"
    rf"|=.*{FAILURE.removeprefix('(?i)')}"
    rf"|=[\w. -]*(?:{_PARTS})"
    rf"|{_WORD}{_ERROR}(?:=(?:true|yes)$|$|[._-](?:code|message|msg|type|kind|reason)$)"
    rf"|{_WORD}{_FINE}=(?:false|no)$"
    r"|(?:exit|errno|exit_?(?:code|status)|grpc[._](?:status_?)?code)=-?[1-9][0-9]*$)"
)
#: The same of what only seems to be one.
NOT_BAD = rf"(?i)=[\"' ]*{_NO}"


def is_bad(parameter: pl.Expr) -> pl.Expr:
    """Whether a parameter with its value tells of a failure; null for none.

    Examples
    --------
    >>> names = ["status=503", "status=5xx", "code=DEADLINE_EXCEEDED", "error", "success=false", "exit_code=137"]
    >>> pl.DataFrame({"p": names}).select(is_bad(pl.col("p")))["p"].all()
    True
    >>> names = ["status=201", "cache=miss", "error=none", "success=true", "failover=false", "exit_code=0", "mirror"]
    >>> pl.DataFrame({"p": names}).select(is_bad(pl.col("p")))["p"].any()
    False
    """
    return parameter.str.contains(BAD_VALUE) & ~parameter.str.contains(NOT_BAD)


def tells_failure(label: str) -> bool:
    """The same of one."""
    return bool(pl.select(is_bad(pl.lit(label))).item())
