"""What may be wrong with an image: the kinds that are counted, and the error that names one."""

from typing import Literal, get_args

Kind = Literal["missing", "empty", "truncated", "not an image", "too many pixels", "unsupported"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Every kind of image that cannot be used, in the order in which they are counted."""


class ImageError(Exception):
    """One image that cannot be used.

    Attributes:
        kind: `missing` (cannot be read from the disk), `empty` (0 bytes), `truncated` (bytes are missing at
            the end), `not an image`, `too many pixels`, or `unsupported` (a known format that is damaged
            inside or of a variant that is not read).
        detail: what exactly, in words.
    """

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(kind, detail)
        self.kind: Kind = kind
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"
