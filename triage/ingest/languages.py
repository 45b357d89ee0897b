"""How the exceptions of many languages are printed: what tells the language, type and message, and the frames."""

from __future__ import annotations

from dataclasses import dataclass

#: Names that exceptions have nearly everywhere, and those that they may have right above their frames.
USUAL = r"[A-Za-z_](?:[\w.$]|\\{1,2}|::)*(?:Exception|Error|Throwable)"
ANY = rf"(?:{USUAL}|Error|Exception|(?:[A-Za-z_$][\w$]*\.)+[A-Z][\w$]*|[A-Z]\w*[a-z]\w*[A-Z]\w*)"
#: What runtimes print before the exception that ended the program, and what some print behind its type.
UNCAUGHT = r"(?:Unhandled [Ee]xception[.:] |Exception in thread \".*?\" |Uncaught (?:exception:? )?)?"
CODE = r"(?: \[\w+\]| \([^()\n]*\))?"
#: The first line that is an exception; one right above frames; one at the end of a message.
HEAD = rf"(?m)^\s*{UNCAUGHT}(?P<type>{USUAL}){CODE}(?:: (?P<message>.*))?\s*$"
ABOVE_FRAMES = rf"(?m)^\s*{UNCAUGHT}(?P<type>{ANY}){CODE}(?:: (?P<message>.*))?\n\s+at "
NAMED = rf"(?m)^(?:.*[\s:\"'(\[])?(?P<type>{USUAL}){CODE}(?::\s+(?P<message>.*))?$"
#: What the languages that print causes below call the last of them, which the others followed from; nested lists of
#: what was suppressed stand further to the right.
CAUSED_BY = rf"(?s)^.*\n *(?:Caused by|caused by|\[cause\]):? (?P<type>{ANY})"
#: Python prints the exception below its frames, and of a chain the last one is what was not caught.
PYTHON_END = (
    r'(?s)^.*(?:Traceback \(most recent call last\):[^\n]*\n|\n[ \t]*File "[^\n]*\n)(?:[ \t]+[^\n]*\n)*'
    r"(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>[^\n]*))?[ \t\r]*(?:\n|\z)"
)
#: And of a chain the first is what it began with.
PYTHON_CAUSE = (
    r"(?s)^.*?Traceback \(most recent call last\):[^\n]*\n(?:[ \t]+[^\n]*\n)*(?P<type>[A-Za-z_][\w.]*)[:\r\n]"
    r".*?\n[ \t]*(?:The above exception was the direct cause|During handling of the above exception)"
)
#: A group of exceptions has a frame of bars, and those it holds stand in frames of their own below it.
PYTHON_GROUP = (
    r"(?s)^.*?\+ Exception Group Traceback \(most recent call last\):[^\n]*\n(?:[ \t]*\|[ \t]{2,}[^\n]*\n)*"
    r"[ \t]*\| (?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>[^\n]*))?[ \t\r]*(?:\n|\z)"
)


@dataclass(frozen=True)
class Language:
    """How one language, or several of a kind, prints exceptions. Every regex is Rust's.

    Attributes
    ----------
    marker : str
        Found in text that holds such an exception.
    heads : tuple of str
        With the groups ``type`` and ``message``, or one of them; the first that is found is taken.
    frame : str
        One frame, with the groups ``function``, ``file`` and ``number`` of the line, any of which may be missing.
    kind : str, optional
        The type where the language prints none.
    aliases : tuple of (str, str)
        Types by what is printed for them.
    causes : tuple of str
        With the group ``type`` of the exception that the others followed from; the first that is found is taken.
    others : str, optional
        Finds stacks of other threads; what its first group holds is kept.
    """

    name: str
    marker: str
    heads: tuple[str, ...]
    frame: str
    kind: str | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    causes: tuple[str, ...] = ()
    others: str | None = None


PYTHON = Language(
    "python",
    r"Traceback \(most recent call last\):",
    (PYTHON_GROUP, PYTHON_END),
    r'(?m)^[\s|+]*File "(?P<file>[^"\n]+)", line (?P<number>\d+)(?:, in (?P<function>.+))?$',
    causes=(PYTHON_CAUSE,),
)
ELIXIR = Language(
    "elixir",
    r"(?m)^(?:.*\s)?\*\* \([\w.]+\) ",
    (r"\*\* \((?P<type>\w+(?:\.\w+)*)\) (?P<message>.*)",),
    r"(?m)^\s+(?:\([\w.-]+(?: [^)\n]*)?\) )?(?:(?P<file>[\w/.-]+):(?P<number>\d+): )?"
    r"(?P<function>[\w:.\"/^<>!?&-]+/\d+|\(\w+\)|anonymous fn/\d+ in .+)$",
)
GO = Language(
    "go",
    r"(?m)^goroutine \d+ .*\[|^(?:panic|fatal error): |\n\t\S+\.go:\d+",
    (r"(?m)(?:^|\s)(?:panic|fatal error)(?: serving \S+)?: (?P<message>.*?)(?: \[recovered\].*)?$",),
    r"(?m)^(?:created by )?(?P<function>\S.*?)(?:\([^()\n]*\))?(?: in goroutine \d+)?"
    r"\n\s+(?P<file>\S+\.(?:go|s)):(?P<number>\d+)",
    kind="panic",
    others=r"(?s)((?:^|\n)goroutine [0-9]+ [^\n]*\n.*?\n)\n?goroutine [0-9]+ .*$",
)
RUST = Language(
    "rust",
    r"\bpanicked at |(?mi:^stack backtrace:$)",
    (r"panicked at [^\n]*:\d+:\d+:\n(?P<message>[^\n]*)", r"panicked at '(?P<message>(?s:.*?))', \S+:\d+"),
    r"(?m)^\s*\d+: +(?:0x[0-9a-f]+ - )?(?P<function>.+?)(?:\n\s+at (?P<file>\S+?):(?P<number>\d+)(?::\d+)?)?$",
    kind="panic",
)
DART = Language(
    "dart",
    r"(?m)^#\d+ {2,}\S.* \(\S+\)$",
    (
        rf"(?m)^(?:.*\s)?(?P<type>{USUAL}){CODE}(?:: (?P<message>.*))?\n(?:.*\n)*?#0 ",
        r"(?m)^(?:Unhandled exception:\n)?(?P<type>[A-Z][\w ]*?)(?: ?\([^)\n]*\))?: (?P<message>.*)\n(?:.*\n)*?#0 ",
        r"(?m)^(?P<type>[Tt]ype|Null) (?P<message>'.* is not a subtype .*|check operator .*)$",
    ),
    r"(?m)^#\d+ +(?P<function>.+) \((?P<file>[^()\n]+?)(?::(?P<number>\d+)(?::\d+)?)?\)$",
    aliases=(
        ("Bad state", "StateError"),
        ("Invalid argument", "ArgumentError"),
        ("Unsupported operation", "UnsupportedError"),
        ("Concurrent modification during iteration", "ConcurrentModificationError"),
        ("type", "TypeError"),
        ("Null", "TypeError"),
    ),
)
PHP = Language(
    "php",
    r"(?m)^#\d+ (?:.+\(\d+\)|\[internal function\]): |^#\d+ \{main\}|\bUncaught \\?[\w\\]+: .* in \S+:\d+",
    (
        r"(?s)^.*\nNext (?P<type>\\?[\w\\]+)(?:: (?P<message>.*?))? in \S+:\d+\s*\n",
        r"Uncaught (?P<type>\\?[\w\\]+)(?:: (?P<message>(?s:.*?)))? in \S+:\d+\s*(?:\n|\z)",
        r"Uncaught PHP Exception (?P<type>[\w\\]+): \"(?P<message>(?s:.*?))\" at \S+ line \d+",
        r"\[object\] \((?P<type>[\w\\]+)\(code: [^)\n]*\): (?P<message>(?s:.*?)) at \S+:\d+\)",
        HEAD,
        NAMED,
    ),
    r"(?m)^#\d+ (?:(?P<file>\S.*?)\((?P<number>\d+)\): |\[internal function\]: )?(?P<function>[^(\n]+)",
    causes=(
        r"(?s)Uncaught (?P<type>\\?[\w\\]+)(?:: .*?)? in \S+:\d+\s*\n.*\nNext \\?\w",
        r"(?s)^.*\[previous exception\] \[object\] \((?P<type>[\w\\]+)\(",
    ),
)
RUBY = Language(
    "ruby",
    r"(?m)[\w/.>)-]:\d+:in [`'][^'\n]*'",
    (
        r"(?m)^(?:.*?:\d+:in [`'][^\n]*?': )?(?P<message>.*?) \((?P<type>[A-Z]\w*(?:::\w+)*)\)$",
        r"(?m)^(?:.*\s)?(?P<type>[A-Z]\w*(?:::\w+)*) \((?P<message>.*)\):?$",
        r"(?m)^(?:.*\s)?(?P<type>[A-Z]\w*(?:::\w+)*): (?P<message>.*)\n\s*(?:from )?\S+:\d+:in ",
    ),
    r"(?m)(?:^|\s)(?:from )?(?P<file>[^\s:]+):(?P<number>\d+):in [`'](?P<function>[^'\n]+)'",
    causes=(
        r"(?s):in [`'][^\n]*?': [^\n]* \([A-Z][\w:]*\)\n.*\n\S+:\d+:in [`'][^\n]*?': [^\n]* \((?P<type>[A-Z][\w:]*)\)",
        r"\nCauses:\s+(?P<type>[A-Z]\w*(?:::\w+)*) \(",
    ),
)
NODE = Language(
    "node",
    r"(?m)^\s+at (?:.*\()?\S*:\d+:\d+\)?(?: \{)?$",
    (HEAD, ABOVE_FRAMES, NAMED),
    r"(?m)^\s+at (?:async )?(?:(?P<function>[^\n]+?) \()?(?P<file>[^\s()][^()\n]*?|<anonymous>)"
    r"(?::(?P<number>\d+):\d+)?\)?(?: \{)?$",
    causes=(CAUSED_BY,),
)
JAVA = Language(
    "java",
    r"(?m)^\s*at [\w$.<>/@ -]+\((?:[^():\n]+:-?\d+|Native Method|Unknown Source|<\w+>|[\w$]+\.(?:java|kt|scala))\)",
    (HEAD, ABOVE_FRAMES, NAMED),
    r"(?m)^\s*at (?P<function>[\w$.<>/@ -]+)\((?P<file>[^():\n]+)(?::(?P<number>-?\d+))?\)",
    causes=(CAUSED_BY,),
)
DOTNET = Language(
    "dotnet",
    r"(?m)^\s+at [\w.`<>\[\],+|$]+\(.*\)(?: in .+:line \d+)?\s*$",
    (HEAD, ABOVE_FRAMES, NAMED),
    r"(?m)^\s+at (?P<function>[^\s(][^(\n]*)\(.*?\)(?: in (?P<file>.+):line (?P<number>\d+))?\s*$",
    causes=(r"(?s)^.* ---> (?:\(Inner Exception #\d+\) )?(?P<type>[A-Za-z_][\w.+]*)",),
)

#: Those whose marks are their own first.
LANGUAGES = (PYTHON, ELIXIR, GO, RUST, DART, PHP, RUBY, NODE, JAVA, DOTNET)
