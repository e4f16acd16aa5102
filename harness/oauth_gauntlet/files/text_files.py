"""Read and write the user's files: a disk error destroys no content, and a device without an end is not read forever."""

from __future__ import annotations

import errno
import io
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from oauth_gauntlet.errors import GauntletError, HarnessError, UsageError

_MOST_OF_A_DEVICE = 1024 * 1024
"""Octets that are read from a character device: ``/dev/null`` has an end, ``/dev/zero`` has none."""

_PIECE = 1024 * 1024
"""Characters that are encoded at once."""

_THE_MACHINES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
"""Errors of writing that are not the path's: no space, no quota, a limit, a broken disk."""

# Errors after which a new file cannot replace the old one: a read-only folder, or a file that is itself a mount point.
_IN_PLACE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}


class Unreadable(Exception):
    """A file cannot be read as text. The text contains the reason, without the file's name."""


def read_text(path: Path) -> str:
    """Return the content of a UTF-8 file.

    Raises:
        Unreadable: it cannot be read, does not end, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            is_device = stat.S_ISCHR(os.fstat(file.fileno()).st_mode)
            octets = file.read(_MOST_OF_A_DEVICE + 1 if is_device else -1)
        if is_device and len(octets) > _MOST_OF_A_DEVICE:
            raise Unreadable("it is a device that does not end; give the path of a file")
        return octets.decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8 (octet {error.start})") from error
    except ValueError as error:  # a path with a NUL
        raise Unreadable(str(error)) from error


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file with their line feeds, one after another: the file may be larger than the memory.

    Raises:
        Unreadable: it cannot be read, does not end, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            if stat.S_ISCHR(os.fstat(file.fileno()).st_mode):
                yield from io.StringIO(read_text(path))
                return
            start = 0
            for octets in file:
                try:
                    yield octets.decode("utf-8" if start else "utf-8-sig")
                except UnicodeDecodeError as error:
                    raise Unreadable(f"it is not UTF-8 (octet {start + error.start})") from error
                start += len(octets)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    except ValueError as error:  # a path with a NUL
        raise Unreadable(str(error)) from error


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it contains the whole text or, if that fails, its previous content.

    A lone surrogate, which UTF-8 cannot encode, is written as an escape.

    Raises:
        OSError: it cannot be written.
    """
    before = path.stat() if path.exists() else None
    if before is not None and not stat.S_ISREG(before.st_mode):
        _write(path, "wb", text)  # a device or a pipe, such as /dev/stdout; a folder raises OSError
        return
    target = path.resolve()  # the target of a link
    new = target.parent / f".oauth-gauntlet-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        _write(new, "xb", text)
        if before is not None:
            new.chmod(stat.S_IMODE(before.st_mode))
            with suppress(OSError):
                os.chown(new, before.st_uid, before.st_gid)
        new.replace(target)
    except BaseException as error:
        with suppress(OSError):
            new.unlink()
        if not (isinstance(error, OSError) and error.errno in _IN_PLACE and before is not None):
            raise
        _write(target, "wb", text)


def _write(path: Path, mode: str, text: str) -> None:
    with path.open(mode) as file:
        for octets in encoded(text):
            file.write(octets)


def encoded(text: str) -> Iterator[bytes]:
    """Yield the octets of a text in pieces, so that a large text is not in memory twice."""
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE].encode("utf-8", "backslashreplace")


def not_written(what: str, error: OSError) -> GauntletError:
    """Return a HarnessError if the machine prevents writing `what`, or a UsageError if the path does."""
    kind = HarnessError if error.errno in _THE_MACHINES else UsageError
    return kind(f"{what}: cannot be written: {error.strerror or error}")
