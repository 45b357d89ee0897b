"""Text from logs and changes, made safe for the place it goes to.

Whoever writes to a log may have written for this report's reader: markup, terminal commands, letters that turn
the direction of a line. Everything a report takes from logs, changes or file names goes through here.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any

#: Longest text of one field in a report; the JSON has it whole.
FIELD = 600
#: Longest text that a person wrote, which is shown with its line breaks.
WRITTEN = 20_000

#: What ends a text that was cut, and what begins the name of a character that has no shape of its own.
CUT, SHOWN = "…", "«"

#: An underscore between letters is no markup, and stays.
MARKDOWN_SPECIAL = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
#: What makes a heading, a list or a rule of a line it begins.
MARKDOWN_START = re.compile(r"^(?:[#+=-]|\d+(?=[.)]))")
#: Names of the controls below the space, in order.
CONTROLS = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
]  # fmt: skip
#: What GitHub and its like turn into a mention or a reference; a space of no width behind it prevents that.
MENTION = re.compile(r"@(?=\w)|(?<![^\W_])#(?=\d)|\b[Gg][Hh]-(?=\d)")


def visible(text: str, keep: str = "\n\t") -> str:
    r"""Show what has no shape of its own: control characters, direction marks, zero-width characters.

    Parameters
    ----------
    text : str
        Any text, lone surrogates included.
    keep : str
        Control characters that the place can hold.

    Examples
    --------
    >>> visible("\x1b[31mred")
    '«ESC»[31mred'
    >>> visible("invoice\u202efdp.exe")
    'invoice«U+202E»fdp.exe'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in keep else _shown(char) for char in text)


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return f"«{CONTROLS[code]}»"
    if code == 0x7F:
        return "«DEL»"
    return " " if unicodedata.category(char) == "Zs" else f"«U+{code:04X}»"


def clip(text: str, most: int = FIELD) -> str:
    """Cut a text that is too long, and say so.

    Examples
    --------
    >>> clip("abcdefgh", 3)
    'abc… (5 more characters)'
    """
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more characters)"


def one_line(text: str, most: int = FIELD) -> str:
    r"""A field for one line: clipped, with everything visible and white space as single spaces.

    Examples
    --------
    >>> one_line("two\n  lines\x07")
    'two lines«BEL»'
    """
    return " ".join(visible(clip(text, most)).split())


def short(text: str, most: int) -> str:
    """The beginning of a field, where there is no room to say how much is missing.

    Examples
    --------
    >>> short("connection refused", 12)
    'connection …'
    """
    line = one_line(text[: most * 2])
    return line if len(line) <= most else f"{line[: most - 1]}…"


def terminal_line(text: str) -> str:
    r"""Text for one line of a terminal: a name with a line end in it forges no other line.

    Examples
    --------
    >>> terminal_line("app\nledger: 9 lines")
    'app«LF»ledger: 9 lines'
    """
    return visible(text, keep="\t").expandtabs(4)


def terminal(text: str) -> str:
    r"""Text for a terminal: it moves no cursor, changes no title and no direction; tabs are spaces.

    Examples
    --------
    >>> terminal("\x1b]0;title\x07\tred")
    '«ESC»]0;title«BEL»   red'
    """
    return visible(text, keep="\n\t").expandtabs(4)


def plot_text(text: str, most: int = 50) -> str:
    """A label for a plot, where plotly reads tags, entities, ``%{...}`` and ``$...$``.

    Examples
    --------
    >>> plot_text("<b>$x$</b> %{y}")
    '&lt;b&gt;&#36;x&#36;&lt;/b&gt; &#37;{y}'
    """
    return html.escape(short(text, most), quote=False).replace("$", "&#36;").replace("%", "&#37;")


def script_json(value: Any) -> str:
    r"""JSON that can stand inside a ``<script>`` element: nothing in it can end or open one.

    Examples
    --------
    >>> script_json({"title": "</script>"})
    '{"title":"\\u003c/script\\u003e"}'
    """
    # Plain ASCII: line separators and lone surrogates are escapes as well.
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def markdown_text(text: str, most: int = FIELD) -> str:
    r"""A field as Markdown prose or table cell: nothing in it is markup, a link or the edge of a cell.

    Examples
    --------
    >>> print(markdown_text("a|b *c* <d> my_name http://e"))
    a\|b \*c\* &lt;d&gt; my_name http:\//e
    """
    safe = MARKDOWN_SPECIAL.sub(r"\\\g<0>", one_line(text, most))
    safe = safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Renderers make links of bare addresses, and of names and numbers that somebody else's log can choose.
    safe = safe.replace("://", ":\\//").replace("www.", "www\\.")
    safe = MENTION.sub("\\g<0>\u200b", safe)
    return MARKDOWN_START.sub(_escaped_start, safe)


def markdown_lines(text: str) -> str:
    r"""What a person wrote as Markdown prose: its lines and paragraphs are kept, and nothing in it is markup.

    Examples
    --------
    >>> print(markdown_lines("# one\n* two\n\nthree"))
    \# one\
    \* two
    <BLANKLINE>
    three
    """
    blocks = re.split(r"\n[^\S\n]*\n\s*", visible(clip(text, WRITTEN)).strip())
    return "\n\n".join("\\\n".join(_lines_of(block)) for block in blocks)


def markdown_cell(text: str) -> str:
    r"""What a person wrote as a table cell, its lines below each other.

    Examples
    --------
    >>> print(markdown_cell("one | 1\n<b>two"))
    one \| 1<br>&lt;b&gt;two
    """
    return "<br>".join(_lines_of(visible(clip(text, WRITTEN))))


def _lines_of(text: str) -> list[str]:
    return [markdown_text(line, WRITTEN) for line in text.split("\n") if line.strip()]


def _escaped_start(start: re.Match[str]) -> str:
    return f"{start[0]}\\" if start[0].isdigit() else f"\\{start[0]}"


def markdown_code(text: str, cell: bool = True) -> str:
    r"""A field as a code span; in a table cell, where a bar ends the cell even inside code, or elsewhere.

    Examples
    --------
    >>> print(markdown_code("a | `b`"), markdown_code("a | b", cell=False))
    `` a \| `b` `` `a | b`
    """
    span = _span(one_line(text))
    return span.replace("|", "\\|") if cell else span


def _span(text: str) -> str:
    fence = "`" * (_longest_run(text, "`") + 1)
    # A space on both sides is taken away again; without it a backtick at the edge would join the fence.
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def markdown_block(text: str, language: str = "text") -> str:
    r"""Text as a fenced block, the fence longer than any run of backticks inside.

    Examples
    --------
    >>> print(markdown_block("a\n```\nb"))
    ````text
    a
    ```
    b
    ````
    """
    body = visible(text)
    fence = "`" * max(3, _longest_run(body, "`") + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def _longest_run(text: str, char: str) -> int:
    return max((len(run) for run in re.findall(f"{re.escape(char)}+", text)), default=0)
