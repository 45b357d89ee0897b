"""Feed the reader what no log is, for a while: whatever the bytes, the ledger adds up and no exception escapes.

With the package atheris installed the inputs are guided by what code they reach, else they are mutated at random. An
input that fails is kept in the folder given; those that once failed are in tests/golden/fuzz and read by the tests.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import io
import lzma
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import polars as pl

SEEDS = Path(__file__).parents[1] / "tests" / "golden" / "records"
#: Longer inputs take longer and show little more.
LONGEST = 20_000


def check(data: bytes) -> None:
    """Read bytes as a file, at once and in small chunks; raises where the two differ or the ledger does not add up."""
    from triage.errors import TriageError
    from triage.ingest import read_logs

    found: list[tuple[pl.DataFrame, dict[str, Any]] | None] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        path.write_bytes(data)
        for size in (1 << 20, 1 + len(data) % 997):
            try:
                read = read_logs(path, chunk_bytes=size)
            except TriageError as error:
                assert "\n" not in str(error), "an error of several lines"
                found.append(None)
                continue
            assert read.ledger.unaccounted == 0
            assert len(read.records) == read.ledger.records + read.ledger.untimed
            found.append((read.records, read.ledger.to_dict()))
    whole, cut = found
    if whole is None or cut is None:
        assert whole is cut, "readable in one piece only, or in chunks only"
    else:
        assert whole[0].equals(cut[0]), "other records in chunks"
        assert whole[1] == cut[1], "another ledger in chunks"


def _tarred(data: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        info = tarfile.TarInfo("app.log")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


def _zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("app.log"), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _zstd(data: bytes) -> bytes:
    import zstandard

    return zstandard.compress(data)


PACKERS: tuple[Callable[[bytes], bytes], ...] = (
    bytes, bytes, bytes, bytes, _gzip, bz2.compress, lzma.compress, _zstd, _tarred, _zipped
)  # fmt: skip
ODD = (
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b"\x1b[31m",
    b'{"',
    b"}",
    b'"',
    b"\\",
    b" at ",
    b"\t",
    b"Traceback ",
    b"1700000000 ",
)


def mutated(seeds: list[bytes], rng: Random) -> bytes:
    """A seed with some of it changed, doubled, left out or mixed with another, perhaps packed, perhaps damaged then."""
    data = bytearray(rng.choice(seeds)[:LONGEST])
    for _ in range(rng.randrange(8)):
        at = rng.randrange(len(data) + 1)
        much = rng.randrange(1, 60)
        match rng.randrange(6):
            case 0:
                data[at:at] = rng.choice(ODD) * rng.randrange(1, 4)
            case 1:
                del data[at : at + much]
            case 2:
                data[at:at] = data[at : at + much] * rng.randrange(1, 9)
            case 3:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 4:
                other = rng.choice(seeds)
                begin = rng.randrange(len(other) + 1)
                data[at:at] = other[begin : begin + 400]
            case _:
                data[at : at + 4] = rng.randbytes(rng.randrange(8))
    packed = bytearray(rng.choice(PACKERS)(bytes(data)))
    if rng.random() < 0.5 and packed:
        packed[rng.randrange(len(packed))] = rng.randrange(256)
    if rng.random() < 0.3:
        del packed[rng.randrange(len(packed) + 1) :]
    return bytes(packed)


def keep(data: bytes, error: BaseException, folder: Path) -> None:
    """Write an input that failed, and say why."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.blake2b(data, digest_size=5).hexdigest()}.bin"
    path.write_bytes(data)
    print(f"{path}: {type(error).__name__}: {str(error)[:300]}", flush=True)


def at_random(seconds: float, seed: int, folder: Path) -> tuple[int, int]:
    """Inputs tried and failed in so many seconds."""
    rng, seeds = Random(seed), [path.read_bytes() for path in sorted(SEEDS.rglob("*.log"))]
    tried = failed = 0
    end = monotonic() + seconds
    while monotonic() < end:
        data = mutated(seeds, rng)
        tried += 1
        try:
            check(data)
        except Exception as error:
            failed += 1
            keep(data, error, folder)
    return tried, failed


def guided(seconds: float, seed: int, folder: Path) -> None:
    """Inputs that atheris makes; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["triage"]):
        import triage.ingest.read  # noqa: F401 - instrumented now
    corpus = Path(tempfile.mkdtemp())
    for path in SEEDS.rglob("*.log"):
        for number, pack in enumerate(PACKERS[3:]):
            (corpus / f"{path.stem}-{number}").write_bytes(pack(path.read_bytes()[:4000]))

    def once(data: bytes) -> None:
        try:
            check(data)
        except Exception as error:
            keep(data, error, folder)

    limits = [f"-max_total_time={int(seconds)}", f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=120"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], once)
    atheris.Fuzz()


def main() -> int:
    """Exit 1 where an input failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations (default: %(default)s)")
    parser.add_argument("--guided", action="store_true", help="by coverage; needs the package atheris")
    parser.add_argument(
        "--keep", type=Path, default=Path("out/fuzz"), help="for inputs that fail (default: %(default)s)"
    )
    options = parser.parse_args()
    if options.guided:
        guided(options.seconds, options.seed, options.keep)
        return 0
    tried, failed = at_random(options.seconds, options.seed, options.keep)
    print(f"figures: tried={tried} failed={failed}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
