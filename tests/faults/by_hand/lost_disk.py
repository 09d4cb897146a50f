"""The file system goes away under load, as when a disk is unplugged, and is mounted again. Needs root.

python -m tests.faults.by_hand.lost_disk [rounds]

It is a file with ext4 in it, mounted for this process and its children only: nothing of the machine is touched.
"""

import ctypes
import fcntl
import os
import struct
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.asking import NO_LIMIT, REQUESTS, Crowd, assert_all_are_there, rows
from tests.server import Launcher, manage, until

OWN_MOUNTS = 0x00020000  # CLONE_NEWNS
SHUT_DOWN, AT_ONCE = 0x8004587D, 2  # EXT4_IOC_SHUTDOWN, without writing the journal out first
SIZE, CLIENTS, ACKNOWLEDGED = "400M", 6, 40


def run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


def lose(disk: Path) -> None:
    descriptor = os.open(disk, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, SHUT_DOWN, struct.pack("I", AT_ONCE))
    finally:
        os.close(descriptor)


def end(launcher: Launcher) -> None:
    """Kill what runs, and wait until none of it has a file open."""
    launcher.end_all()
    assert until(lambda: all(each.left_nothing() for each in launcher.runs))


def one_round(launcher: Launcher, image: Path, disk: Path, crowds: list[Crowd]) -> str:
    site = launcher.serve(disk / "data", **NO_LIMIT).up()
    with Crowd(site.port, CLIENTS) as crowd:
        crowd.wait_for_more(ACKNOWLEDGED)
        lose(disk)
        so_far = len(crowd.failed)
        assert until(lambda: len(crowd.failed) > so_far + CLIENTS)
    end(launcher)
    run("umount", disk)
    run("mount", "-o", "loop", image, disk)
    crowds.append(crowd)
    again = launcher.serve(disk / "data", **NO_LIMIT).up()
    known = {str(row[0]) for row in rows(disk / "data", f"SELECT receipt_hash FROM {REQUESTS}")}
    digests = [sha256(where.split("/")[2].encode()).hexdigest() for where in crowd.acknowledged]
    missing = [number for number, digest in enumerate(digests) if digest not in known]
    print(f"{len(digests)} acknowledged; missing of them, by number: {missing}", flush=True)
    everything = Crowd(again.port, 0, acknowledged=[where for each in crowds for where in each.acknowledged])
    assert_all_are_there(disk / "data", everything)
    end(launcher)
    return f"{len(crowd.acknowledged)} acknowledged and all stored; refused meanwhile: {sorted(set(crowd.failed))}"


def main(rounds: int = 3) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(OWN_MOUNTS):
        sys.exit("This needs root.")
    run("mount", "--make-rprivate", "/")
    with TemporaryDirectory() as name:
        folder, launcher, crowds = Path(name), Launcher(Path(name)), []
        image, disk = folder / "image", folder / "disk"
        disk.mkdir()
        run("truncate", "-s", SIZE, image)
        run("mkfs.ext4", "-q", image)
        run("mount", "-o", "loop", image, disk)
        try:
            manage(folder / "prepared", "prepare")
            run("cp", "-a", folder / "prepared", disk / "data")
            run("sync", "-f", disk)  # what was copied a moment ago is not what is tried here
            for _ in range(rounds):
                print(one_round(launcher, image, disk, crowds), flush=True)
        finally:
            end(launcher)
            run("umount", disk)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
