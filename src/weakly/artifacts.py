"""A stage's folder: what made it, what is in it, and whether it is whole.

Every verb that writes leaves a folder with a `manifest.json` beside its data, or nothing at all: the folder
is written under another name, synced, and renamed once. Opening one checks that it is what the reader
expects and that no file is missing or cut short, so a stale or foreign folder is refused by name.
"""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from weakly.atomic import aside, replace_folder, sweep, write_json
from weakly.errors import InputError

MANIFEST = "manifest.json"
FORMAT = 2
"""Raised by one whenever an older reader could misread what is written."""


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` holds.

    Attributes:
        kind: what the folder is: `vocabulary`, `training-set`, `run`, `results`, `report`, `toy-world`.
        fingerprint: digest of the content, independent of paths, times and the split into parts.
        options: the resolved options of the verb that wrote it.
        inputs: fingerprint of every artifact it was made from, by role.
        facts: counts and figures that a person or a later stage reads.
        files: size in bytes of every file, by its path relative to the folder.
        plan: digest of what the verb was to do, by which the same command is known again; "" for none.
        weakly: the version that wrote it.
        format: see `FORMAT`.
    """

    kind: str
    fingerprint: str
    options: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    plan: str = ""
    weakly: str = ""
    format: int = FORMAT


def fingerprint(*parts: bytes | str | Mapping[str, Any]) -> str:
    """Digest of byte strings, texts and JSON-able mappings, in order; 32 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Mapping):
            part = json.dumps(part, sort_keys=True, default=str)
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()[:32]


def refuse_occupied(out: Path, overwrite: bool, kind: str = "", *, resumable: bool = False) -> None:
    """Raise InputError where `out` already holds something and nothing was said about it.

    Overwriting is for folders that `weakly` wrote: one without a manifest is never removed, nor one of
    another kind than `kind` (any, where that is ""), which may be what is to be read.
    """
    with being_made(out):
        if not out.exists():
            return
    if not out.is_dir():
        raise InputError(f"{out} is a file; --out names a folder to be made: choose another name")
    if not any(out.iterdir()):
        return
    if not overwrite:
        cures = "--resume to go on with it or " if resumable else ""
        raise InputError(
            f"{out} already holds something: give {cures}--overwrite to replace it, or name another --out"
        )
    if not (out / MANIFEST).is_file():
        raise InputError(
            f"{out} has no {MANIFEST}, so weakly did not write it and will not replace it: "
            "name another --out, or empty it yourself"
        )
    found = _kind(out)
    if kind and found != kind:
        raise InputError(
            f"{out} is a {found}, which --overwrite does not replace by a {kind}: name another --out"
        )


def _kind(folder: Path) -> str:
    """The kind of a folder, without a look at its files, which may well be broken."""
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["kind"])
    except (ValueError, KeyError, TypeError):
        return "folder of unknown kind"


def make_folder(path: Path, flag: str = "--out") -> None:
    """Make a folder and those above it; InputError, naming the flag, where that cannot be."""
    with being_made(path, flag):
        path.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def being_made(path: Path, flag: str = "--out") -> Iterator[None]:
    """Turn what the system says of a folder that cannot be made into an InputError that names the flag."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{path} cannot be made ({error.strerror}): {flag} names a folder to be made, where you may write"
        ) from error


@contextlib.contextmanager
def publish(out: Path, kind: str = "", *, overwrite: bool = False) -> Iterator[Path]:
    """Give a folder to write in; on success it becomes `out` in one rename, on any error it is removed.

    An `out` that is there is replaced only if it is of the kind that is said, if one is.
    The body must write a manifest (`write_manifest`) before it ends.
    """
    sweep(out.parent, out.name)
    refuse_occupied(out, overwrite, kind)
    make_folder(out.parent)
    partial = aside(out)
    with being_made(out):
        partial.mkdir()
    try:
        yield partial
        if not (partial / MANIFEST).is_file():
            raise AssertionError(f"nothing described {out}: write_manifest was not called")
        replace_folder(partial, out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def write_manifest(folder: Path, manifest: Manifest, *, growing: bool = False) -> Manifest:
    """Write the manifest of the files now in `folder`, sizes included, and return it.

    A `growing` folder (a run) keeps gaining files after this, so none is listed.
    """
    from weakly import __version__

    files = (
        {}
        if growing
        else {
            str(path.relative_to(folder)): path.stat().st_size
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != MANIFEST
        }
    )
    whole = Manifest(**{**asdict(manifest), "files": files, "weakly": __version__})
    write_json(folder / MANIFEST, asdict(whole))
    return whole


def read_manifest(folder: Path, kind: str | None = None, *, verb: str = "") -> Manifest:
    """Read and check the manifest of `folder`.

    Args:
        folder: what the user named.
        kind: what it must be; None takes any.
        verb: the verb that makes this kind, for the error message.

    Raises:
        InputError: the folder is missing, foreign, of another kind, from a newer weakly, or has lost a file.
    """
    cure = f": make it with `weakly {verb}`" if verb else ""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; expected a {kind or 'weakly'} folder{cure}")
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError(f"{folder} has no {MANIFEST}; expected a {kind or 'weakly'} folder{cure}")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        written = int(raw["format"])
        if written > FORMAT:
            raise InputError(
                f"{path} is of format {written}, this weakly reads up to {FORMAT}: upgrade weakly"
            )
        manifest = Manifest(**raw)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not a weakly manifest ({error}): make the folder again{cure}") from error
    if kind is not None and manifest.kind != kind:
        raise InputError(f"{folder} is a {manifest.kind}; expected a {kind}{cure}")
    for name, size in manifest.files.items():
        try:
            found = (folder / name).stat().st_size
        except FileNotFoundError:
            raise InputError(
                f"{folder / name} is missing; its manifest lists it: make the folder again{cure}"
            ) from None
        if found != size:
            raise InputError(
                f"{folder / name} has {found} bytes, its manifest says {size}: make the folder again{cure}"
            )
    return manifest
