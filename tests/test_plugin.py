"""The pytest glue: stages run only on request, and nothing turns a red gate green."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
CRITERIA = """
import pytest

pytestmark = pytest.mark.acceptance

@pytest.fixture
def broken():
    raise RuntimeError("no results")

def test_a(): pass
"""
STAGES = """
import pytest

def test_plain(): pass

@pytest.mark.slow
def test_slow(): pass

@pytest.mark.build
def test_build(): pass

@pytest.mark.acceptance
def test_accept(): pass

@pytest.mark.api
def test_api(): pass

@pytest.mark.build
@pytest.mark.slow
def test_long_build(): pass
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project that has the harness's plugin."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeconftest('pytest_plugins = ["harness.plugin"]')
    return pytester


def gate(
    project: pytest.Pytester, criterion: str, *options: str, own_process: bool = False
) -> pytest.RunResult:
    """An acceptance run of a criterion that passes and of another one."""
    project.makepyfile(CRITERIA + criterion)
    run = project.runpytest_subprocess if own_process else project.runpytest_inprocess
    return run("-m", "acceptance", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", *options)


@pytest.mark.parametrize("options", [(), ("-n2",), ("-p", "no:xdist")], ids=" ".join)
def test_green(project: pytest.Pytester, options: tuple[str, ...]) -> None:
    """When every criterion passes the gate is green and the exit status 0, with xdist or without."""
    done = gate(project, "def test_b(): pass", *options, own_process=True)
    assert done.ret == 0
    done.stdout.fnmatch_lines(["GATE GREEN: all 2 criteria met"])


def test_red_as_a_process(project: pytest.Pytester) -> None:
    """The exit status that a shell sees is the gate's: 1, where pytest's own would be 0."""
    assert gate(project, "def test_b(): pytest.skip('later')", own_process=True).ret == 1


@pytest.mark.parametrize(
    ("criterion", "options", "reason"),
    [
        ("def test_b(): assert 1 > 2", (), "not released"),
        ("def test_b(broken): pass", (), "*not run: *::test_b"),
        ("def test_b(): pytest.skip('later')", (), "skipped, *: *::test_b"),
        ("@pytest.mark.skip\ndef test_b(): pass", (), "skipped, *: *::test_b"),
        ("@pytest.mark.xfail\ndef test_b(): assert 1 > 2", (), "*xfailed, *: *::test_b"),
        ("@pytest.mark.xfail\ndef test_b(): pass", (), "*xfailed, *: *::test_b"),
        ("def test_b(): pytest.exit('enough', returncode=0)", (), "*not run: *::test_b"),
        ("def test_b(): assert 1 > 2", ("-k", "test_a"), "*deselected *: *::test_b"),
        ("def test_b(): assert 1 > 2", ("-k", "nothing"), "*deselected *: *::test_a, *::test_b"),
        ("def test_b(): assert 1 > 2", ("--deselect", "test_red.py::test_b"), "*deselected *: *::test_b"),
        ("def test_b(): assert 1 > 2", ("test_red.py::test_a",), "only some criteria were asked for"),
        ("def test_b(): assert 1 > 2", ("--collect-only",), "*not run: *::test_a, *::test_b"),
        ("def test_b(): assert 1 > 2", ("--setup-only",), "*not run: *::test_a, *::test_b"),
        ("pytestmark = []", (), "there is no criterion"),
    ],
)
def test_red(project: pytest.Pytester, criterion: str, options: tuple[str, ...], reason: str) -> None:
    """A criterion that fails, or has no verdict, makes the gate red and the status non-zero."""
    done = gate(project, criterion, *options)
    assert done.ret != 0
    done.stdout.fnmatch_lines([f"GATE RED: {reason}"])


@pytest.mark.parametrize(
    ("criterion", "options", "reason"),
    [
        ("def test_b(): assert 1 > 2", (), "not released"),
        ("def test_b(): pytest.skip('later')", ("-k", "test_b"), "*: *::test_a, *::test_b"),
        ("import os\ndef test_b(): os._exit(0)", ("--max-worker-restart=0",), "*"),
        ("pytestmark = []", (), "there is no criterion"),
    ],
)
def test_red_with_xdist(
    project: pytest.Pytester, criterion: str, options: tuple[str, ...], reason: str
) -> None:
    """So it is when workers run the criteria, even if one of them dies."""
    done = gate(project, criterion, "-n2", *options, own_process=True)
    assert done.ret != 0
    done.stdout.fnmatch_lines([f"GATE RED: {reason}"])


def test_a_failed_measurement_is_told_once(project: pytest.Pytester) -> None:
    """Criteria share one measurement: when it fails nothing is decided, the first says so, and the status is not that
    of a model which is not good enough."""
    shared = CRITERIA.replace("def test_a(): pass", "")
    criterion = "@pytest.mark.parametrize('bound', range(20))\ndef test_b(broken, bound): pass"
    project.makepyfile(shared + criterion)
    done = project.runpytest_subprocess("-m", "acceptance", "-p", "no:hypothesispytest")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.assert_outcomes(errors=1)
    assert done.stdout.str().count("ERROR at setup") == 1
    done.stdout.fnmatch_lines(["GATE NOT DECIDED: nothing was measured: RuntimeError: no results"])


@pytest.mark.parametrize("option", ["model", "completions", "baseline", "suite", "criteria", "report"])
def test_an_empty_option_is_refused(project: pytest.Pytester, option: str) -> None:
    """An unset variable must not change the question that the gate is asked."""
    done = gate(project, "def test_b(): pass", f"--{option}=")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"*--{option}= is empty*"])


def test_last_failed_cannot_hide_a_new_failure(project: pytest.Pytester) -> None:
    """`--lf` runs what failed before, so it never makes the gate green."""
    path = project.makepyfile(CRITERIA + "def test_b(): assert 1 > 2")
    project.runpytest_inprocess("-m", "acceptance")
    path.write_text(CRITERIA.replace("test_a(): pass", "test_a(): assert 1 > 20") + "def test_b(): pass")
    done = project.runpytest_inprocess("-m", "acceptance", "--lf")
    done.assert_outcomes(passed=1)
    assert done.ret != 0
    done.stdout.fnmatch_lines(["GATE RED: only some criteria were asked for"])


@pytest.mark.parametrize(
    ("expression", "run"),
    [
        ("", {"plain", "slow"}),
        ("not slow", {"plain"}),
        ("slow", {"slow"}),
        ("build", {"build", "long_build"}),
        ("build and not slow", {"build"}),
        ("not slow and build", {"build"}),
        ("not build", {"plain", "slow"}),
        ("not (build or acceptance)", {"plain", "slow"}),
        ("not (slow or api)", {"plain"}),
        ("(build or acceptance) and not slow", {"build", "accept"}),
        ("acceptance", {"accept"}),
        ("api", {"api"}),
    ],
)
def test_stages_run_on_request(project: pytest.Pytester, expression: str, run: set[str]) -> None:
    """Plain `pytest` and `-m "not slow"` run the harness's tests; a stage runs when -m asks for it."""
    project.makepyfile(STAGES)
    done = project.runpytest_inprocess("-rA", "-m", expression)
    passed = {line.split("::test_")[1] for line in done.outlines if line.startswith("PASSED")}
    assert passed == run
    assert done.ret == 0
    assert ("GATE" in done.stdout.str()) == ("accept" in run)


def test_broken_expression(project: pytest.Pytester) -> None:
    """An expression that pytest cannot read is refused by pytest in its own words."""
    project.makepyfile(STAGES)
    done = project.runpytest_inprocess("-m", "build and")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*Wrong expression passed to '-m': build and*"])


@pytest.mark.parametrize(
    ("expression", "may"),
    [
        ("build", True),
        ("study", True),
        ("acceptance", False),
        ("deploy", False),
        ("acceptance or deploy", False),
        ("build or acceptance", True),
    ],
)
def test_who_may_build(project: pytest.Pytester, expression: str, may: bool) -> None:
    """The gate and the deployment alone take what was built before; asked for beside the build, they wait for it."""
    (project.path / "benchmarks").symlink_to(ROOT / "benchmarks")
    markers = "".join(f"@pytest.mark.{name}\n" for name in ("build", "acceptance", "deploy", "study"))
    test = f"def test_a(pipeline): assert (pipeline.store.may_build is None) is {may}"
    project.makepyfile(f"import pytest\n{markers}{test}")
    project.runpytest_inprocess("-m", expression).assert_outcomes(passed=1)


def test_a_study_names_its_profile(project: pytest.Pytester) -> None:
    """A profile beside `-m study` would not be the one that its file names."""
    done = project.runpytest_inprocess("-m", "study", "--profile", "smoke")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--profile: a study's profile is named in its file (--study)"])


def test_announce(project: pytest.Pytester) -> None:
    """A stage's lines are seen although its output is captured."""
    project.makepyfile("def test_a(announce):\n    print('hidden')\n    announce('V4 data: 3/4 (75%)')")
    done = project.runpytest_inprocess()
    done.stdout.fnmatch_lines(["V4 data: 3/4 (75%)"])
    done.stdout.no_fnmatch_line("*hidden*")


def test_markers_are_registered(project: pytest.Pytester) -> None:
    """Every marker is declared with its meaning, so that --strict-markers finds typos."""
    done = project.runpytest_inprocess("--markers")
    done.stdout.fnmatch_lines([f"@pytest.mark.{name}: *" for name in ("build", "acceptance", "api", "slow")])


def test_import_is_light() -> None:
    """Loading the plugin, a profile and the store imports no deep-learning library: `pytest` starts fast."""
    code = (
        "import sys, harness.plugin, harness.profile, harness.store\n"
        "print({'torch', 'transformers', 'pyslang', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
