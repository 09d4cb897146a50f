"""A power cut at any moment under load: from what the site wrote to its database, and when it asked the disk to keep
that, each state is made that a cut may leave, and opened. Whoever was sent to a receipt before the cut must be in it.

python -m tests.faults.by_hand.power_cut [requests]

Needs strace, which notes each call in its order. What a disk was not yet asked to keep may be there after a cut, or in
part, or not at all; that a file was made or deleted counts when its folder was synchronised.
"""

import re
import signal
import sqlite3
import sys
from codecs import escape_decode
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.asking import NO_LIMIT, REQUESTS, Crowd
from tests.server import Launcher, copied, free_port, manage, until

TRACED = "trace=openat,pwrite64,pwritev,write,writev,sendto,sendmsg,ftruncate,fdatasync,fsync,unlink"
STRACE = ("strace", "-f", "-qq", "-y", "-x", "-s", "70000", "--seccomp-bpf", "-e", TRACED, "-o")
STARTED = re.compile(r"^(\d+) +(\w+)\((.*?)(?: <unfinished \.\.\.>|\) += (-?\d+).*)$", re.DOTALL)
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>.* = (-?\d+)")
WRITTEN = re.compile(r'^\d+<[^>]*>, "(.*)", \d+, (\d+)$', re.DOTALL)
PLACE = re.compile(r"^\d+<([^>]*)>")
RECEIPT = re.compile(r"HTTP/1\.1 303 .*?/my-request/([\w-]+)/")
DATABASE = "clinic.sqlite3"
FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal")  # the index of the log is made anew after a cut
CLIENTS = 4


@dataclass(frozen=True)
class Step:
    """`data` written at `place`, or else the file cut there; with a verb, the file was made or deleted."""

    file: str
    place: int = 0
    data: bytes | None = None
    verb: str = ""
    number: int = 0  # tells the file from a later one of the same name


@dataclass
class Files:
    numbers: dict[str, int]  # by name
    contents: dict[int, bytearray]

    def change(self, step: Step) -> None:
        if step.verb == "unlink":
            self.numbers.pop(step.file, None)
            return
        content = self.contents.setdefault(step.number, bytearray())
        if step.verb:
            self.numbers[step.file] = step.number
            return
        end = step.place + len(step.data or b"")
        content.extend(bytes(max(0, end - len(content))))
        content[step.place : None if step.data is None else end] = step.data or b""

    def named(self) -> dict[str, bytearray]:
        return {name: self.contents[number] for name, number in self.numbers.items()}


@dataclass(frozen=True)
class Event:
    """A step, the beginning or end of a synchronisation of `synced`, or the answer that leads to a receipt."""

    step: Step | None = None
    synced: str = ""
    begins: str = ""
    receipt: str = ""


def events(log: Path, folder: Path) -> Iterator[Event]:
    """In the order in which they were asked for; a synchronisation is worth something when it is done."""
    under_way: dict[str, str] = {}  # which process synchronises what
    for line in log.read_text(encoding="latin-1").splitlines():
        if found := RESUMED.match(line):
            synced = under_way.pop(found[1], "")
            if synced and found[3] == "0":
                yield Event(synced=synced)
        elif found := STARTED.match(line):
            pid, name, words, result = found.groups()
            if name in ("fsync", "fdatasync"):
                yield from _synchronised(pid, words, result, under_way)
            elif receipt := RECEIPT.search(words):
                yield Event(receipt=receipt[1])
            elif step := _step(name, words, folder):
                yield Event(step)


def _synchronised(pid: str, words: str, result: str | None, under_way: dict[str, str]) -> Iterator[Event]:
    where = PLACE.match(words)
    if where:
        yield Event(begins=where[1])
        if result is None:
            under_way[pid] = where[1]
        elif result == "0":
            yield Event(synced=where[1])


def _step(name: str, words: str, folder: Path) -> Step | None:
    where = PLACE.match(words)
    named = re.search(r'"([^"]+)"', words) if name in ("openat", "unlink") else None
    path = Path(named[1] if named else where[1] if where else "")
    if path.parent != folder or path.name not in FILES:
        return None
    if name == "ftruncate":
        return Step(path.name, int(words.rpartition(", ")[2]))
    if name == "unlink" or (name == "openat" and "O_CREAT" in words):
        return Step(path.name, verb=name)
    if name == "openat":
        return None
    written = WRITTEN.match(words)
    assert name == "pwrite64", f"{name} is not foreseen for {path.name}"
    assert written, words[:200]
    return Step(path.name, int(written[2]), escape_decode(written[1].encode("latin-1"))[0])


@dataclass
class Disk:
    """`kept` is safe. `pending` is what the disk was not asked to keep yet, in its order."""

    folder: Path
    kept: Files
    pending: list[tuple[int, Step]] = field(default_factory=list)
    began: dict[str, int] = field(default_factory=dict)  # how many steps there were when its synchronisation began
    count: int = 0

    def __post_init__(self) -> None:
        self.numbers = {**self.kept.numbers}  # as the programs see it

    def take(self, event: Event) -> None:
        if event.step:
            self._note(event.step)
        elif event.begins:
            self.began[event.begins] = self.count
        elif event.synced:
            safe = [each for each in self.pending if self._belongs(each, event.synced)]
            for _, step in safe:
                self.kept.change(step)
            self.pending = [each for each in self.pending if each not in safe]

    def _note(self, step: Step) -> None:
        if step.verb == "openat" and step.file in self.numbers:
            return
        self.count += 1
        if step.verb == "openat":
            self.numbers[step.file] = self.count
        self.pending.append((self.count, replace(step, number=self.numbers[step.file])))
        if step.verb == "unlink":
            del self.numbers[step.file]

    def _belongs(self, each: tuple[int, Step], synced: str) -> bool:
        number, step = each
        if number > self.began.get(synced, 0):
            return False
        return synced == str(self.folder) if step.verb else step.number == self.numbers.get(Path(synced).name)

    def after_a_cut(self) -> Iterator[list[tuple[int, Step]]]:
        """What of `pending` may be there: nothing, all, all but half of the last, each second, those of one file."""
        yield []
        yield self.pending
        if self.pending and self.pending[-1][1].data:
            number, last = self.pending[-1]
            half = last.data[: len(last.data) // 2] if last.data else b""
            yield [*self.pending[:-1], (-number, replace(last, data=half))]
        yield self.pending[::2]
        yield self.pending[1::2]
        for name in FILES:
            yield [each for each in self.pending if each[1].file == name]


def load(folder: Path, log: Path, number: int) -> None:
    """The site under load, traced, and killed."""
    launcher, port = Launcher(folder), free_port()
    run = launcher([*STRACE, str(log), sys.executable, "manage.py", "serve"], folder / "data", port=port, **NO_LIMIT)
    try:
        run.up()
        with Crowd(port, CLIENTS) as crowd:
            assert until(lambda: len(crowd.acknowledged) >= number, 900), crowd.failed
        assert not crowd.failed, crowd.failed
    finally:
        run.signal_all(signal.SIGKILL)
        launcher.end_all()


def states(
    log: Path, folder: Path, before: dict[str, bytes], *, is_deaf: bool
) -> Iterator[tuple[dict[str, bytearray], set[str]]]:
    """Each state that a cut may leave, once, and the receipts of which somebody had been told."""
    numbers = {name: -place for place, name in enumerate(before, start=1)}
    kept = Files(numbers, {numbers[name]: bytearray(content) for name, content in before.items()})
    disk, told, tried = Disk(folder, kept), set[str](), set[tuple[int, ...]]()
    for event in events(log, folder):
        if not (is_deaf and event.synced):
            disk.take(event)
        if event.receipt:
            told.add(sha256(event.receipt.encode()).hexdigest())
        for left in disk.after_a_cut():
            key = (len(told), disk.count - len(disk.pending), *(number for number, _ in left))
            if key not in tried:
                tried.add(key)
                files = deepcopy(disk.kept)
                for _, step in left:
                    files.change(step)
                yield files.named(), set(told)


def opened(folder: Path, files: dict[str, bytearray]) -> tuple[set[str], str]:
    """Whose requests are there, and what SQLite says of the file."""
    for name in (*FILES, f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        try:
            said = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
            return {row[0] for row in database.execute(f"SELECT receipt_hash FROM {REQUESTS} WHERE sealed <> ''")}, said
        except sqlite3.DatabaseError as error:
            return set(), str(error)


def trial(log: Path, folder: Path, before: dict[str, bytes], *, is_deaf: bool = False) -> tuple[str, int]:
    """What was seen, and how many states were bad.

    A disk that is deaf to what it is asked must be seen to lose something; that ends its trial.
    """
    seen = losing = lost = damaged = 0
    told = set[str]()
    with TemporaryDirectory(dir="/dev/shm") as memory:
        for files, told in states(log, folder, before, is_deaf=is_deaf):
            there, said = opened(Path(memory), files)
            seen, damaged = seen + 1, damaged + (said != "ok")
            losing, lost = losing + bool(told - there), max(lost, len(told - there))
            if is_deaf and losing:
                break
    words = f"{seen} states; {len(told)} acknowledged; {losing} states lack some, {lost} at most; {damaged} damaged"
    return words, losing + damaged


def main(number: int = 60) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        manage(folder / "prepared", "prepare")
        data, log = copied(folder / "prepared", folder / "data"), folder / "strace.log"
        before = {path.name: path.read_bytes() for path in data.iterdir() if path.name in FILES}
        load(folder, log, number)
        print(f"{log.stat().st_size / 1e6:.0f} MB of calls", flush=True)
        words, found = trial(log, data, before, is_deaf=True)
        print(f"A deaf disk: {words}", flush=True)
        if not found:
            sys.exit("A disk that keeps nothing loses nothing: this proves nothing.")
        words, found = trial(log, data, before)
        print(f"A disk: {words}", flush=True)
        if found:
            sys.exit("A power cut can lose what was acknowledged, or damage the database.")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
