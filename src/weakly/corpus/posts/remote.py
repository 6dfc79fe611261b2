"""Where files lie: on this machine, in an object store, on the web; all are opened the same way.

In: what a user wrote (`posts/a.jsonl`, `s3://bucket/a.parquet`, `https://host/a.csv.gz`). Out: a path with
    the methods of `pathlib.Path`. Remote ones are fsspec's, by way of universal-pathlib; credentials and
    endpoints come from the environment, as each store's own tools take them (`AWS_ENDPOINT_URL`, ...).
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from weakly.errors import InputError

_END_BYTES = 1 << 16
_STORES = ("adlfs", "aiobotocore", "aiohttp", "azure", "botocore", "gcsfs", "google", "huggingface_hub")
"""Packages whose errors of their own say that a store was not reached, or did not let us in."""


def is_remote(text: str) -> bool:
    """Whether a path is a URL."""
    return "://" in text


def to_path(text: str) -> Path:
    """The path or URL as something with the methods of a path.

    Raises:
        InputError: it is a URL, and what reads those is not installed.
    """
    if not is_remote(text):
        return Path(text)
    try:
        from upath import UPath

        return cast(Path, UPath(text))
    except ImportError as error:
        raise InputError(f"{text}: {error}; install it with `pip install 'weakly[remote]'`") from error
    except ValueError as error:
        raise InputError(f"{text}: {error}; expected a URL that fsspec reads, as s3://bucket/key") from error


def absolute(path: Path) -> str:
    """The path as text that means the same from every working directory; links are not followed."""
    text = str(path)
    # Path.absolute would leave ".." in.
    return text if is_remote(text) else os.path.abspath(text)  # noqa: PTH100


@dataclass(frozen=True)
class FileFacts:
    """What tells whether a file is still the one it was.

    Attributes:
        path: as the user named it.
        size: bytes.
        modified: when it was last written, in whole seconds since 1970; 0 where a store does not say.
        digest: of its first and last 64 KiB.
    """

    path: str
    size: int
    modified: int
    digest: str

    def as_dict(self) -> dict[str, Any]:
        """The facts as JSON values."""
        return asdict(self)

    def difference(self, now: "FileFacts") -> str:
        """What has changed since, in words; empty where nothing has."""
        if self.size != now.size:
            return f"it had {self.size:,} bytes and has {now.size:,}"
        if self.digest != now.digest:
            return "its content is another"
        return "it was written again" if self.modified != now.modified else ""


def facts_of(path: Path) -> FileFacts:
    """Look at a file.

    Raises:
        InputError: it cannot be read.
    """
    with being_read(path):
        status = path.stat()
        size = status.st_size
        digest = hashlib.sha256()
        with path.open("rb") as file:
            digest.update(file.read(_END_BYTES))
            if size > _END_BYTES:
                file.seek(max(size - _END_BYTES, _END_BYTES))
                digest.update(file.read(_END_BYTES))
    # A store that does not say gives no time, or the present one.
    modified = 0 if str(path).startswith("http") else int(getattr(status, "st_mtime", 0) or 0)
    return FileFacts(str(path), size, modified, digest.hexdigest()[:32])


@contextlib.contextmanager
def being_read(path: Path) -> Iterator[None]:
    """Turn what the system, or a store's package, says of a file that it does not give into an InputError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error).partition("\n")[0]
        if not error.strerror and isinstance(error, FileNotFoundError):
            reason = "No such file"
        raise InputError(f"{path} cannot be read ({reason}): see to the file") from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _STORES:
            raise
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise InputError(
            f"{path} cannot be read ({reason}): see to the URL, and to the credentials and the endpoint of "
            "its store, which come from the environment"
        ) from error
