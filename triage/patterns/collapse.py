"""Texts that every mask treats alike, made the same byte by byte: cheap enough for each line, so that masks see few.

Masks ask of a digit only that it is one, and of the letters of a long hexadecimal word only that there are some. Digits
that have a digit beside them are written as 1, and such words as a row of one letter. Where that is not sure a text
stays as it is, which costs the masks one more.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


def _table(characters: str) -> Flags:
    return np.isin(np.arange(256), [ord(character) for character in characters])


_DIGIT = _table("0123456789")
_UPPER = _table("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
#: What patterns take for a part of a word, and any byte of a character that is not ASCII.
_WORD = _DIGIT | _UPPER | _table("_abcdefghijklmnopqrstuvwxyz") | (np.arange(256) >= 128)
#: The letters of hexadecimal digits, in each case, and what stands for them.
_CASES = ((_table("abcdef"), ord("a")), (_table("ABCDEF"), ord("A")))
#: A word of so many hexadecimal digits is masked whatever they are.
HEX_CHARS = 8
#: The lengths of the words of a UUID, which dashes part.
UUID = (8, 4, 4, 4, 12)
#: In front of a word: it may go on with a number; it may go on with a date or be its zone.
_NUMBER_BEFORE, _DATE_BEFORE = _table(".,+:"), _table("-/")
#: Beside a number: it is nothing else than a number.
_MARK = _table(" \t=()[]{}<>\"'|;#*!")
SPACE, SLASH, DASH, ONE = (np.uint8(ord(character)) for character in " /-1")


def numbers_alike(text: pl.Series) -> pl.Series:
    """Texts, none of them null, with numbers written as 1.

    A number that stands alone becomes one digit, however long it is. Of any other, digits that have a digit beside them
    become ones.

    Examples
    --------
    >>> numbers_alike(pl.Series(["node7 took 348 ms", "took 9 ms", "at 10.20.3.14", "0x2f"])).to_list()
    ['node7 took 1 ms', 'took 1 ms', 'at 11.11.3.11', '0x2f']
    """
    offsets, data = _bytes_of(text)
    if not len(data):
        return text
    first = np.zeros(len(data) + 1, dtype=bool)
    first[offsets] = True
    digit = _DIGIT[data]
    edge = first.copy()
    edge[1:-1] |= digit[1:] != digit[:-1]
    begins = np.flatnonzero(edge[:-1] & digit)
    ends = np.flatnonzero(edge[1:] & digit) + 1
    single = ends - begins == 1
    done = np.where(digit, ONE, data)
    done[begins[single]] = data[begins[single]]
    # A zero in front of an x makes a hexadecimal number.
    last = ends[np.isin(data[np.minimum(ends, len(data) - 1)], (ord("x"), ord("X")))] - 1
    done[last] = data[last]
    alone = _stand_alone(data, first, begins, ends)
    done[begins[alone]] = ONE
    # All but the first digit of those is left out.
    begins, ends = begins[alone & ~single] + 1, ends[alone & ~single]
    inside = np.zeros(len(data) + 1, dtype=np.int8)
    inside[begins] += 1
    inside[ends] -= 1
    kept = np.cumsum(inside[:-1], dtype=np.int8) == 0
    gone = np.concatenate(([0], np.cumsum(ends - begins)))[np.searchsorted(begins, offsets)]
    return _text_of(offsets - gone, done[kept])


def _stand_alone(data: Bytes, first: Flags, begins: Places, ends: Places) -> Flags:
    """For each run of digits, whether it is a number whatever its length: no date, no address, no part of a word."""
    before, further = (data[np.maximum(begins - back, 0)] for back in (1, 2))
    after, beyond = (data[np.minimum(ends + on, len(data) - 1)] for on in (0, 1))
    # Behind a time a year may follow, and between the name of a month and a time stands a day.
    left = _MARK[before] & ~((before == SPACE) & (_DIGIT[further] | _UPPER[further]))
    right = _MARK[after] & ~((after == SPACE) & _DIGIT[beyond])
    found: Flags = (left | first[begins]) & (right | first[ends])
    return found


def ids_alike(text: pl.Series) -> pl.Series:
    """Texts, none of them null, with UUIDs and long hexadecimal words that have letters written as rows of one letter.

    Examples
    --------
    >>> ids_alike(pl.Series(["job 0123456789ab failed", "deadbeef0", "CAFE0123", "12345678"])).to_list()
    ['job aaaaaaaaaaaa failed', 'aaaaaaaaa', 'AAAAAAAA', '12345678']
    >>> ids_alike(pl.Series(["req-b9718cd8-f65e-49cc-8349-6cf7122af137"])).to_list()
    ['req-aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa']
    """
    offsets, data = _bytes_of(text)
    if not len(data):
        return text
    first = np.zeros(len(data) + 1, dtype=bool)
    first[offsets] = True
    begins, ends = _words(data, first)
    free = (ends - begins >= HEX_CHARS) & _stand_free(data, first, begins)
    inside = np.zeros(len(data) + 1, dtype=np.int8)
    done = data.copy()
    for letters, shown in _CASES:
        of_case = _all(letters[data] | _DIGIT[data], begins, ends)
        chosen = (of_case & free & ~_all(_DIGIT[data], begins, ends)) | _in_uuids(data, first, begins, ends, of_case)
        inside[:] = 0
        inside[begins[chosen]] += 1
        inside[ends[chosen]] -= 1
        done[np.cumsum(inside[:-1], dtype=np.int8).view(bool)] = shown
    return _text_of(offsets, done)


def _bytes_of(text: pl.Series) -> tuple[Places, Bytes]:
    """Where each text begins, and last where all end, in the bytes of all."""
    array = text.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, places, data = array.buffers()
    offsets = np.frombuffer(places, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    held = np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]] if data else np.zeros(0, dtype=np.uint8)
    return offsets - offsets[0], held


def _text_of(offsets: Places, data: Bytes) -> pl.Series:
    buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(np.ascontiguousarray(data))]
    found = pl.from_arrow(pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers))
    assert isinstance(found, pl.Series)
    return found


def _words(data: Bytes, first: Flags) -> tuple[Places, Places]:
    """Where the words of all texts begin and end."""
    word = _WORD[data]
    edge = first.copy()
    edge[1:-1] |= word[1:] != word[:-1]
    edges = np.flatnonzero(edge)
    words = word[edges[:-1]]
    return edges[:-1][words], edges[1:][words]


def _all(flags: Flags, begins: Places, ends: Places) -> Flags:
    """For each word, whether all its bytes have the flag."""
    if not len(begins):
        return np.zeros(0, dtype=bool)
    places = np.ravel(np.column_stack((begins, ends)))
    found: Flags = np.logical_and.reduceat(np.append(flags, False), places)[::2]
    return found


def _stand_free(data: Bytes, first: Flags, begins: Places) -> Flags:
    """For each word, whether nothing that stands before it can make a mask of a number or a time take a part of it."""
    before, further, fifth = (data[np.maximum(begins - back, 0)] for back in (1, 2, 5))
    bound = _NUMBER_BEFORE[before]
    bound |= _DATE_BEFORE[before] & (_DIGIT[further] | (further == SPACE))
    bound |= (before == SLASH) & (fifth == SLASH)
    bound |= (before == SPACE) & (_DIGIT[further] | _UPPER[further])
    return ~bound | first[begins]


def _in_uuids(data: Bytes, first: Flags, begins: Places, ends: Places, of_case: Flags) -> Flags:
    """For each word, whether it is one of the five of a UUID."""
    count = len(begins) - len(UUID) + 1
    found = np.zeros(len(begins), dtype=bool)
    if count < 1:
        return found
    fits = of_case & np.isin(ends - begins, UUID)
    heads = np.flatnonzero(fits[:count] & (ends[:count] - begins[:count] == UUID[0]))
    for place, length in enumerate(UUID):
        at = heads + place
        good = fits[at] & (ends[at] - begins[at] == length)
        if place:
            dash = ends[at - 1]
            good &= (begins[at] == dash + 1) & (data[np.minimum(dash, len(data) - 1)] == DASH)
            good &= ~first[dash] & ~first[begins[at]]
        heads = heads[good]
    for place in range(len(UUID)):
        found[heads + place] = True
    return found
