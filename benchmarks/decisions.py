"""What stands in a slot: 500 visitors a second for 20 seconds, at rest and beside `carpel run`.

    python -m benchmarks decisions

`carpel serve` answers on one core, a load generator asks from the other, at moments set beforehand
whether earlier answers came or not (an open loop: a pause counts for everybody who waited). The
run beside it makes the build of a day later and publishes it, so that sets are exchanged on the
way. A latency is from the moment a request was due to its whole answer.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import carpel
from benchmarks.demo import measured

PEOPLE, SEGMENTS, SEED = 100_000, 50, 1
RATE, SECONDS, CONNECTIONS = 500, 20, 32
MOST_MS = 10.0
CARPEL = Path(sys.executable).parent / "carpel"
AS_OF = datetime(2026, 3, 1, tzinfo=UTC)


def main(people: int = PEOPLE) -> None:
    """Ask at rest, then beside runs; fails where 1 % waited longer than they may."""
    with tempfile.TemporaryDirectory() as name:
        folder = _project(Path(name) / "shop", people)
        used = measured(["run", str(folder), "--as-of", f"{AS_OF:%Y-%m-%d}"])
        print(f"  {people:,} people, {SEGMENTS} segments; their run {used.seconds:.1f} s")
        asked = _paths(folder, people)
        rest = _serve_and_ask("at rest", folder, asked)
        with _running(folder):
            beside = _serve_and_ask("beside `carpel run`", folder, asked)
    if max(rest, beside) > MOST_MS:
        raise SystemExit(f"99 % were not answered within {MOST_MS:.0f} ms")


def _serve_and_ask(what: str, folder: Path, paths: Sequence[bytes]) -> float:
    """The latency in milliseconds that 99 % stay within."""
    cores = sorted(os.sched_getaffinity(0))
    with _served(folder, cores[0]) as (port, pid):
        os.sched_setaffinity(0, {cores[-1]})
        began = _processor(pid)
        try:
            waits = asyncio.run(_asking(port, paths))
        finally:
            os.sched_setaffinity(0, set(cores))
        each = 1000 * (_processor(pid) - began) / len(waits)
    waits.sort()
    middle, slow = (1000 * waits[int(share * len(waits))] for share in (0.5, 0.99))
    load = os.getloadavg()[0]
    print(
        f"  {what:<22}{len(waits):,} answers: median {middle:.2f} ms, 99 % {slow:.2f} ms "
        f"(at most {MOST_MS:.0f}), slowest {1000 * waits[-1]:.1f} ms; "
        f"processor {each:.2f} ms an answer; load {load:.1f}"
    )
    return slow


@contextmanager
def _served(folder: Path, core: int) -> Iterator[tuple[int, int]]:
    """`carpel serve` on one core; gives its port and its number as a process."""
    command = [str(CARPEL), "serve", "--port", "0", "--project", str(folder)]
    served = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert served.stdout
    try:
        said = served.stdout.readline().strip()
        port = int(said.rstrip(".").rpartition(":")[2])
        _until_awake(port)
        yield port, served.pid
    finally:
        served.terminate()
        served.wait(30)


def _processor(pid: int) -> float:
    """Seconds of processor that a process has used."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _until_awake(port: int) -> None:
    from urllib.request import urlopen

    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}/v1/slots/home", timeout=1).read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("carpel serve did not answer")


@contextmanager
def _running(folder: Path) -> Iterator[None]:
    """`carpel run` again and again, of a day later each time."""
    script = "day=1; while true; do " + (
        f'"{CARPEL}" run "{folder}" --as-of $(date -u -d "{AS_OF:%Y-%m-%d} +$day day" +%Y-%m-%d) '
        "> /dev/null || exit 1; day=$((day + 1)); done"
    )
    runs = subprocess.Popen(["bash", "-c", script], start_new_session=True)
    before = _builds(folder)
    time.sleep(0.5)
    try:
        yield
        made = _builds(folder) - before
        if runs.poll() is not None or not made:
            raise SystemExit("no build was made meanwhile")
        print(f"  builds published meanwhile: {made}")
    finally:
        os.killpg(runs.pid, 15)
        runs.wait(30)


def _builds(folder: Path) -> int:
    return len(list((folder / ".carpel" / "builds").glob("[!.]*.json")))


@dataclass
class _Asked:
    """Requests that wait for their moment, and how long each took."""

    paths: Sequence[bytes]
    began: float
    next: int = 0
    waits: list[float] = field(default_factory=list)


async def _asking(port: int, paths: Sequence[bytes]) -> list[float]:
    told = _Asked(paths, time.perf_counter() + 0.5)
    await asyncio.gather(*(_connection(port, told) for _ in range(CONNECTIONS)))
    return told.waits


async def _connection(port: int, told: _Asked) -> None:
    """Takes the next request at its moment; with all connections busy, its wait has begun."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while told.next < len(told.paths):
        number, told.next = told.next, told.next + 1
        due = told.began + number / RATE
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        writer.write(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % told.paths[number])
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"a slot answered {head[:40]!r}")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r", 1)[0])
        await reader.readexactly(length)
        told.waits.append(time.perf_counter() - due)
    writer.close()


def _paths(folder: Path, people: int) -> list[bytes]:
    """Visitors as they come: nine of ten known, the others with a number of the site's."""
    project, draw = carpel.Project(folder), random.Random(SEED)

    def who() -> str:
        known = draw.random() < 0.9
        person = f"p{draw.randrange(people)}@mail.example"
        return project.visitor(person) if known else f"{draw.getrandbits(128):032x}"

    asked = (f"/v1/slots/home?visitor={quote(who())}" for _ in range(RATE * SECONDS))
    return [each.encode() for each in asked]


def _project(folder: Path, people: int) -> Path:
    """People with a town, an age and two orders each; segments by all of these."""
    draw = random.Random(SEED)
    towns = [f"Town {n}" for n in range(SEGMENTS)]
    folder.mkdir(parents=True)
    with (folder / "people.csv").open("w") as file:
        file.write("no,mail,town,age\n")
        for n in range(people):
            file.write(f"{n},p{n}@mail.example,{draw.choice(towns)},{draw.randrange(18, 90)}\n")
    with (folder / "orders.csv").open("w") as file:
        file.write("no,at,amount\n")
        for n in range(2 * people):
            day = AS_OF - timedelta(days=draw.randrange(1, 700))
            file.write(f"{n % people},{day:%Y-%m-%d},{draw.randrange(5, 200)}\n")
    for name, text in _specs(towns).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(text))
    return folder


def _specs(towns: Sequence[str]) -> dict[str, object]:
    def where(n: int) -> object:
        bought = {"did": "order_completed", "at_least": 1, "within": f"{10 * n + 30} days"}
        return {"all": [{"trait": "city", "is": towns[n]}, bought]}

    rules = [
        {"segment": f"s{n}", "variants": [_variant("a", n), _variant("b", n)]}
        for n in range(SEGMENTS)
    ]
    return {
        "carpel.yml": {"name": "shop", "identity": {"probabilistic": False}},
        "sources/people.yml": {
            "read": "people.csv",
            "key": ["no"],
            "identifiers": {"crm_id": "no", "email": "mail"},
            "traits": {"city": "town", "age": "age"},
        },
        "sources/orders.yml": {
            "read": "orders.csv",
            "identifiers": {"crm_id": "no"},
            "track": [{"event": "order_completed", "at": "at", "properties": {"amount": "amount"}}],
        },
        "slots/home.yml": {
            "rules": rules,
            "fallback": {"title": "Welcome", "url": "/"},
            "holdout": 0.1,
        },
        **{f"segments/s{n}.yml": {"where": where(n)} for n in range(SEGMENTS)},
    }


def _variant(name: str, n: int) -> dict[str, object]:
    return {"name": name, "share": 0.5, "content": {"title": f"Town {n}, {name}", "url": f"/{n}"}}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
