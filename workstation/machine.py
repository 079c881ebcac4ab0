"""Which computer this is: two of them may have one name."""

import sys
import uuid
from functools import cache
from pathlib import Path


@cache
def machine_id() -> str:
    """What the system was given when it was installed; empty where it has none."""
    if sys.platform == "linux":
        return first_line("/etc/machine-id") or first_line("/var/lib/dbus/machine-id")
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
    node = uuid.getnode()
    return "" if node >> 40 & 1 else f"{node:012x}"  # a random number has that bit set (RFC 4122, 4.5)


def boot_id() -> str:
    """Of the computer's latest start, where the system names it."""
    return first_line("/proc/sys/kernel/random/boot_id")


def first_line(path: str) -> str:
    """The first line of a small file of the system; empty where there is none."""
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").partition("\n")[0].strip()
    except OSError:
        return ""
