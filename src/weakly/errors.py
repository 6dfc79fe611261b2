"""The one error a user is meant to read."""


class InputError(Exception):
    """Something outside the program is at fault: a file, a row, an option, a folder.

    The message is one line that names the thing at fault (the file and row where there is
    one), what was expected, and the cure. The command line prints it without a traceback and
    exits with status 2; Python callers catch it as any exception.
    """


class Stopped(Exception):  # noqa: N818 - it is no error: the work is saved
    """A signal asked a run to stop, and it did, after saving.

    Attributes:
        signal: the signal's number; the command line exits with 128 + that.
    """

    def __init__(self, signal: int, message: str) -> None:
        super().__init__(message)
        self.signal = signal
