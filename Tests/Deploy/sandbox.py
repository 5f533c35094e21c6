#!/usr/bin/env python3
"""Runs a program as a unit of ours would be run, as far as this is possible without systemd.

    sandbox.py UNIT COMMAND…       as root

From the unit come the system calls (SystemCallFilter, MemoryDenyWriteExecute, RestrictAddressFamilies, by libseccomp, as
systemd does it) and, by mounts of its own, ProtectSystem, ProtectHome, PrivateTmp and StateDirectory; it runs as nobody in
particular, without capabilities and new privileges. Not emulated: PrivateUsers, PrivateDevices, DevicePolicy, ProtectProc,
ProcSubset, RestrictNamespaces, RestrictSUIDSGID, LockPersonality, KeyringMode, RemoveIPC.
"""
import ctypes
import errno
import mmap
import os
import re
import socket
import subprocess
import sys

USER = 10001
STATE = "/var/lib/muster"
# libseccomp's seccomp.h.
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
EQUAL, MASKED_EQUAL = 4, 7
# Of shmat(2).
SHM_EXEC = 0o100000


class Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operation", ctypes.c_int), ("first", ctypes.c_uint64),
                ("second", ctypes.c_uint64)]


library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
library.seccomp_init.restype = ctypes.c_void_p


class Filter:
    def __init__(self, default):
        self.context = ctypes.c_void_p(library.seccomp_init(default))

    def rule(self, action, name, *comparisons):
        number = library.seccomp_syscall_resolve_name(name.encode())
        # Of another architecture, or newer than the library.
        if number < 0:
            return
        listed = (Comparison * len(comparisons))(*comparisons)
        done = library.seccomp_rule_add_array(self.context, action, number, len(comparisons), listed)
        if done != 0:
            raise OSError(-done, f"no rule for {name}")

    def load(self):
        done = library.seccomp_load(self.context)
        if done != 0:
            raise OSError(-done, "no filter")


def refused(code):
    return REFUSE | code


def settings(unit):
    """Every setting of a unit, with its values in their order."""
    found = {}
    with open(unit) as file:
        for key, value in re.findall(r"^(\w+)=(.*)$", file.read(), re.M):
            found.setdefault(key, []).append(value)
    return found


def system_calls(group):
    """The names in a group of systemd's, with those of the groups in it."""
    listed = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", group], capture_output=True, text=True,
                            check=True).stdout
    for name in re.findall(r"^ +(@?[\w-]+)$", listed, re.M):
        yield from (system_calls(name) if name.startswith("@") else [name])


def allowed(filters):
    names = set()
    for line in filters:
        groups = {name for group in line.lstrip("~").split() for name in system_calls(group)}
        names = names - groups if line.startswith("~") else names | groups
    return names


def confine(unit):
    found = settings(unit)
    if found["MemoryDenyWriteExecute"] == ["yes"]:
        memory = Filter(ALLOW)
        both, execute = mmap.PROT_WRITE | mmap.PROT_EXEC, mmap.PROT_EXEC
        memory.rule(refused(errno.EPERM), "mmap", Comparison(2, MASKED_EQUAL, both, both))
        for name in ("mprotect", "pkey_mprotect"):
            memory.rule(refused(errno.EPERM), name, Comparison(2, MASKED_EQUAL, execute, execute))
        memory.rule(refused(errno.EPERM), "shmat", Comparison(2, MASKED_EQUAL, SHM_EXEC, SHM_EXEC))
        memory.load()
    families = Filter(ALLOW)
    kept = {getattr(socket, name) for name in found["RestrictAddressFamilies"][0].split()}
    for family in set(range(1, 46)) - kept:
        families.rule(refused(errno.EAFNOSUPPORT), "socket", Comparison(0, EQUAL, family, 0))
    families.load()
    calls = Filter(refused(getattr(errno, found["SystemCallErrorNumber"][0])))
    # What starts the program is done by systemd before its filter holds.
    for name in allowed(found["SystemCallFilter"]) | {"execve"}:
        calls.rule(ALLOW, name)
    calls.load()


def main():
    unit, *command = sys.argv[1:]
    if os.environ.get("SANDBOX") != "inside":
        steps = ["mount --make-rprivate /", f"mkdir -p {STATE}",
                 f"mount -t tmpfs -o mode=0700,uid={USER},gid={USER} tmpfs {STATE}"]
        steps += [f"mount -t tmpfs -o mode=0000 tmpfs {home}" for home in ("/home", "/root")]
        steps += ["mount -t tmpfs -o mode=1777 tmpfs /tmp", "mount -t tmpfs -o mode=1777 tmpfs /var/tmp",
                  "mount -o remount,bind,ro /"]
        steps += [f'exec setpriv --reuid={USER} --regid={USER} --clear-groups --no-new-privs --bounding-set=-all '
                  f'--inh-caps=-all "$@"']
        os.environ |= {"SANDBOX": "inside", "HOME": STATE}
        os.execvp("unshare", ["unshare", "--mount", "sh", "-euc", "\n".join(steps), "sandbox", "/usr/bin/python3",
                              os.path.abspath(__file__), *sys.argv[1:]])
    del os.environ["SANDBOX"]
    os.umask(0o077)
    confine(unit)
    os.execvp(command[0], command)


main()
