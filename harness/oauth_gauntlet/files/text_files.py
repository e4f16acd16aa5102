"""The user's files, read and written so that trouble with the disk destroys nothing and a device is no trap."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from oauth_gauntlet.errors import GauntletError, HarnessError, UsageError

_MOST_OF_A_DEVICE = 1024 * 1024
"""Octets that are read from what is no file and no pipe: ``/dev/null`` has an end, ``/dev/zero`` has none."""

_THE_MACHINES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
"""Why writing fails though the path is right: no space, no quota, a limit, a broken disk."""

# Where a new file cannot take the place of the old one: a folder that is not ours, a file that is a mount of its own.
_IN_PLACE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}


class Unreadable(Exception):
    """A file cannot be read as text; the text says why, without the file's name."""


def read_text(path: Path) -> str:
    """Return what a file holds, which has to be UTF-8.

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


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it holds all of the text, or, where that fails, what it held before.

    Half a surrogate pair, which UTF-8 has not, is written as an escape.

    Raises:
        OSError: it cannot be written.
    """
    octets = text.encode("utf-8", "backslashreplace")
    before = path.stat() if path.exists() else None
    if before is not None and not stat.S_ISREG(before.st_mode):
        path.write_bytes(octets)  # a device or a pipe, which /dev/stdout may be, or a folder, which says so
        return
    target = path.resolve()  # of a link, what it leads to
    new = target.parent / f".oauth-gauntlet-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        with new.open("xb") as file:
            file.write(octets)
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
        target.write_bytes(octets)


def not_written(what: str, error: OSError) -> GauntletError:
    """Return the error that says that `what` cannot be written, by whose fault it is: the machine's, or the path's."""
    kind = HarnessError if error.errno in _THE_MACHINES else UsageError
    return kind(f"{what}: cannot be written: {error.strerror or error}")
