"""The one task runner: ``nox`` runs everything, ``nox -s NAME`` one session, ``nox -l`` lists them.

Sessions run in the environment that nox itself runs in, the one made by ``pip install -e ".[dev]"``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nox

CHECKS = ("lint", "types", "imports", "data", "notebooks", "wheel")
SPREAD = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
ON_CI = bool(os.environ.get("CI"))

nox.options.default_venv_backend = "none"
nox.options.sessions = [*CHECKS, "tests"]

# So that 'nox' works by its path too, without the environment being activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, a file at a time on each core; the slow ones only on CI, or with: nox -s tests -- -m ''."""
    session.run("pytest", *SPREAD, *([] if ON_CI else ["-m", "not slow"]), *session.posargs)


@nox.session
def search(session: nox.Session) -> None:
    """Look for examples that break a property, by chance and for long; name files or -k to look in these alone."""
    session.run("pytest", *SPREAD, "-m", "not slow", *session.posargs, env={"HYPOTHESIS_PROFILE": "search"})


@nox.session
def docs(session: nox.Session) -> None:
    """Run the examples of README, docs and docstrings."""
    session.run("pytest", "tests/docs", *session.posargs)


@nox.session(name="docs-pages")
def docs_pages(session: nox.Session) -> None:
    """Write what is made from the code: pages of docs/reference, and the schemas for editors."""
    session.run("python", "docs/generate.py")
    session.run("python", "-m", "evidencekb.model.schema", "data/schema")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure what the library costs beside what one would pick instead, as ratios; options go to benchmarks/engines."""
    session.run("python", "benchmarks/run.py")
    session.run("python", "benchmarks/pages.py")
    session.run("python", "benchmarks/pooling.py")
    session.run("python", "benchmarks/triples.py", "10000")
    session.run("python", "benchmarks/sparql.py")
    session.run("python", "-m", "benchmarks.engines", *(session.posargs or ("--sizes", "1k,10k")))


@nox.session
def coverage(session: nox.Session) -> None:
    """Run all tests and show the lines that none of them reaches."""
    session.run("pytest", "--cov", "--cov-report=term-missing", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Check the types."""
    session.run("mypy", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and layout; nox -s fix mends what can be mended."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def fix(session: nox.Session) -> None:
    """Mend style and layout of the code, and the layout of the data."""
    session.run("ruff", "check", "--fix", ".")
    session.run("ruff", "format", ".")
    session.run("evidencekb", "format", "data")


@nox.session
def imports(session: nox.Session) -> None:
    """Check that each layer imports only what stands below it."""
    session.run("lint-imports")


@nox.session
def data(session: nox.Session) -> None:
    """Check the data and its layout."""
    session.run("evidencekb", "check", "data")
    session.run("evidencekb", "format", "--check", "data")


@nox.session
def notebooks(session: nox.Session) -> None:
    """Run every notebook from top to bottom."""
    paths = sorted(str(path) for path in Path("notebooks").glob("*.ipynb"))
    if not paths:
        session.skip("there are no notebooks")
    session.run("jupyter-execute", "--timeout=300", *paths)


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel, and open the pack it carries where the work tree cannot be seen."""
    with tempfile.TemporaryDirectory() as scratch:
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        session.run(*pip, "wheel", ".", "--no-deps", "--wheel-dir", scratch)
        (built,) = Path(scratch).glob("evidencekb-*.whl")
        site = str(Path(scratch, "site"))
        session.run(*pip, "install", "--no-deps", "--target", site, str(built))
        probe = (
            "import evidencekb; "
            f"assert evidencekb.__file__.startswith({site!r}), evidencekb.__file__; "
            "kb = evidencekb.load(); print(f'the wheel carries {len(kb)} findings, digest {kb.digest}'); "
            "assert len(kb) > 0, 'the pack in the wheel is empty'"
        )
        with session.chdir(scratch):
            session.run(sys.executable, "-c", probe, env={"PYTHONPATH": site})


@nox.session
def everything(session: nox.Session) -> None:
    """Run all checks, then the tests."""
    for name in (*CHECKS, "tests"):
        session.notify(name)
