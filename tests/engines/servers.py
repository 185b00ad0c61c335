"""Servers of this test run's own, on this machine, gone when the run ends: PostgreSQL, Spark, Oxigraph and Virtuoso.

On CI a part that is absent, or a server that does not start, is a failure; elsewhere the tests that need it are skipped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

_PATIENCE = 120.0


def absent(what: str) -> NoReturn:
    """Skip the test, or fail it on CI."""
    if os.environ.get("CI"):
        pytest.fail(f"CI needs {what}", pytrace=False)
    pytest.skip(f"there is no {what}")


def library(name: str) -> None:
    """Ask for a Python library."""
    if find_spec(name) is None:
        absent(f"{name} (pip install -e '.[dev,engines]')")


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a new PostgreSQL, reached by a socket in a folder of its own.

    It sorts text as English dictionaries do: what comes out in the order of bytes owes that to the adapter.
    """
    library("psycopg")
    programs = _postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="ekb-pg-"))
    user = _unprivileged(folder)
    data = folder / "data"
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "ekb", "-A", "trust", "--encoding=UTF8", "--locale=C",
             "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"],
            cwd=folder, user=user, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            absent(f"PostgreSQL that starts: {made.stderr.strip()}")
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
        command: list[str | Path] = [
            programs / "postgres",
            "-D",
            data,
            *(f"--{name}={value}" for name, value in settings.items()),
        ]
        with _running("PostgreSQL", command, folder / "log", user=user, stop=signal.SIGINT) as still:
            _wait("PostgreSQL", (folder / ".s.PGSQL.5432").exists, still)
            ready = "database system is ready to accept connections"
            _wait("PostgreSQL", lambda: ready in (folder / "log").read_text(), still)
            yield f"postgresql://ekb@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_programs() -> Path:
    """Debian keeps the server's programs out of the PATH, one folder a version."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve())
    if not found:
        absent("PostgreSQL server (Debian: postgresql)")
    return max(found).parent


def _unprivileged(folder: Path) -> str | None:
    """The server refuses to run as root, so root hands the folder to somebody who may do nothing else."""
    if os.getuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in known else "nobody"
    os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    return user


@contextmanager
def spark(folder: Path) -> Iterator[str]:
    """The URL of a new standalone cluster: a master and two workers with one core each.

    Drivers that start while it runs find their settings in ``SPARK_CONF_DIR``.
    """
    library("pyspark")
    if shutil.which("java") is None:
        absent("Java (Debian: openjdk-17-jre-headless)")
    settings = folder / "conf"
    settings.mkdir()
    (settings / "spark-defaults.conf").write_text(
        "spark.driver.memory 1g\nspark.executor.memory 512m\nspark.driver.host 127.0.0.1\n"
        "spark.ui.showConsoleProgress false\n"
        # What runs for a second is not worth optimizing.
        "spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1\nspark.executor.extraJavaOptions -XX:TieredStopAtLevel=1\n"
    )
    (settings / "log4j2.properties").write_text("rootLogger.level = info\n" + _LOGGING)
    environment = {
        "SPARK_HOME": str(Path(str(find_spec("pyspark").origin)).parent),  # type: ignore[union-attr]  # asked for above
        "SPARK_CONF_DIR": str(settings), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_DIRS": str(folder / "local"), "SPARK_WORKER_DIR": str(folder / "work"),
    }  # fmt: skip
    port = _free_port()
    url = f"spark://127.0.0.1:{port}"
    program = Path(environment["SPARK_HOME"], "bin", "spark-class")
    base = "org.apache.spark.deploy"
    master: list[str | Path] = [
        program,
        f"{base}.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--webui-port",
        "0",
    ]
    worker: list[str | Path] = [program, f"{base}.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "640m",
              "--webui-port", "0", url]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        log = folder / "master"
        with _running("Spark master", master, log) as still:
            _wait("Spark master", lambda: "I have been elected leader" in log.read_text(), still)
            with (
                _running("Spark worker", worker, folder / "worker-1"),
                _running("Spark worker", worker, folder / "worker-2"),
            ):
                _wait("Spark workers", lambda: log.read_text().count("Registering worker") == 2, still)
                yield url


@contextmanager
def oxigraph(folder: Path, quads: Path) -> Iterator[str]:
    """The address at which a new Oxigraph server answers SPARQL about the quads of a file; others than us wrote it."""
    program = shutil.which("oxigraph")
    if program is None:
        absent("Oxigraph server (pip install oxigraph)")
    store = folder / "oxigraph"
    made = subprocess.run(
        [program, "load", "--location", store, "--file", quads], capture_output=True, text=True, check=False
    )
    if made.returncode:
        absent(f"Oxigraph that loads: {made.stderr.strip()}")
    port = _free_port()
    command: list[str | Path] = [
        program, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}", "--union-default-graph",
    ]  # fmt: skip
    with _running("Oxigraph", command, folder / "oxigraph.log") as still:
        _wait("Oxigraph", lambda: _listens(port), still)
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def virtuoso(folder: Path, quads: Path) -> Iterator[str]:
    """The address at which a new Virtuoso answers SPARQL about the quads of a file."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or client is None:
        absent("Virtuoso (Debian: virtuoso-opensource)")
    port, web = _free_port(), _free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_VIRTUOSO.format(folder=folder, port=port, web=web, quads=quads.parent))
    with _running("Virtuoso", [program, "+foreground", "+configfile", settings], folder / "virtuoso.out") as still:
        _wait("Virtuoso", lambda: _listens(web), still)
        load = f"DB.DBA.TTLP_MT(file_to_string_output('{quads}'), '', 'urn:none', 512)"
        made = subprocess.run(
            [client, f"127.0.0.1:{port}", "dba", "dba", f"exec={load}; checkpoint;"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode or "Error" in made.stdout + made.stderr:
            absent(f"Virtuoso that loads: {(made.stdout + made.stderr).strip()}")
        yield f"http://127.0.0.1:{web}/sparql"


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


_VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {quads}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ServerThreads = 8
CheckpointInterval = 0

[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = {folder}
ServerThreads = 4

[SPARQL]
ResultSetMaxRows = 100000
"""

_LOGGING = """\
rootLogger.appenderRef.stdout.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""


def _free_port() -> int:
    with socket.socket() as waiting:
        waiting.bind(("127.0.0.1", 0))
        return int(waiting.getsockname()[1])


@contextmanager
def _running(
    what: str,
    command: Sequence[str | Path],
    log: Path,
    *,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[Callable[[], None]]:
    """A process while the block runs; what is yielded fails when it has ended."""
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, user=user, cwd=log.parent)

    def still() -> None:
        if process.poll() is not None:
            absent(f"{what} that starts: {log.read_text()[-2000:]}")

    try:
        yield still
    finally:
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(what: str, ready: Callable[[], bool], still: Callable[[], None]) -> None:
    end = time.monotonic() + _PATIENCE
    while not ready():
        still()
        if time.monotonic() > end:
            absent(f"{what} that is ready within {_PATIENCE:.0f} seconds")
        time.sleep(0.1)
