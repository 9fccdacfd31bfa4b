"""The judge: does a candidate do what its spec says?

Stimulus goes into the simulation and samples come out; they are compared here, with what the spec's
executable reference answers, or a golden did in a simulation of its own. There is nothing to print that would
make a candidate pass: it must deliver every sample.

Many candidates (of many specs) share a simulation for speed. They cannot influence each other: screening
leaves them no system task, no delay, no directive and no name outside themselves, each has wires of its own,
and one that drives its inputs is a compile error. A shared run that fails decides nothing: its candidates are
run again in smaller groups and in the end alone, so every verdict is the one that the candidate would get
alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby, islice

from harness.cores import cores
from harness.families.naming import header
from harness.families.spec import Spec
from harness.rtl.rename import RESERVED, Flat, flatten, parse
from harness.simulate.cache import VerdictCache, problem_key, verdict_key
from harness.simulate.icarus import Bench, Simulation, find_tools, simulate
from harness.simulate.problem import Problem
from harness.simulate.sandbox import Completed, Limits
from harness.simulate.screened import screened
from harness.simulate.verdict import Outcome, Verdict

# A legitimate design of some size took 4 to 5 s on a slow processor: its verdict must not hang on the machine's speed.
ALONE = Limits(cpu_s=10)
SHARED = Limits(cpu_s=4)
MAX_SHARED = 40
CHUNK = 2000
"""Pairs that are looked at together: bounds the memory, and how near equal pairs have to be."""
MAX_SAMPLE_BITS = 16_000_000
"""Samples of one simulation: bounds its file sizes, and what we read at once."""

SIGSEGV, SIGXCPU, SIGXFSZ = 11, 24, 25
OURS = re.compile(rf"\bm\d+{RESERVED}_|\b[a-z]\d*{RESERVED}\.?")
FILE_ERROR = re.compile(r"^(\d+)\.v:\d+: (?!warning)", re.MULTILINE)
COMPLAINT = re.compile(r"error|sorry|I give up|^(line |\d+\.v:)\d+:", re.IGNORECASE | re.MULTILINE)
OUT_OF_MEMORY = re.compile(r"bad_alloc|out of memory|cannot allocate|virtual memory exhausted", re.IGNORECASE)

Progress = Callable[[int, int], None]
Asked = Spec | Problem


def judge(spec: Spec, candidates: Sequence[str], seed: int = 0) -> list[Verdict]:
    """One verdict for each candidate source of one spec, in order."""
    return judge_many([(spec, candidate) for candidate in candidates], seed=seed)


def judge_many(
    pairs: Sequence[tuple[Asked, str]],
    workers: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    cache: VerdictCache | None = None,
    executor: Executor | None = None,
) -> list[Verdict]:
    """One verdict for each (what is asked, source), in order; `progress` is told (pairs done, pairs in all)."""
    tell = (lambda done: progress(done, len(pairs))) if progress else None
    return list(judge_stream(pairs, workers, seed, tell, cache, executor))


def judge_stream(
    pairs: Iterable[tuple[Asked, str]],
    workers: int | None = None,
    seed: int = 0,
    tell: Callable[[int], None] | None = None,
    cache: VerdictCache | None = None,
    executor: Executor | None = None,
) -> Iterator[Verdict]:
    """Verdicts in the order of `pairs`, however many, in memory that does not grow with their number.

    `workers` simulations run at a time (all cores if None), in threads or wherever `executor` runs them; it stays
    open. Equal pairs that are near each other, and those in `cache`, are judged once. `tell` is called from this
    thread with the pairs done. The verdicts depend neither on `workers` and `executor` nor on which pairs are
    judged together. Raises MissingTool without Icarus, ValueError for a spec whose state no stimulus can make
    known, and what `executor` raises.
    """
    find_tools()
    workers, before = workers or cores(), 0
    source = iter(pairs)
    with ThreadPoolExecutor(workers) if executor is None else nullcontext(executor) as pool:
        while chunk := list(islice(source, CHUNK)):
            copies = Counter(chunk)
            keys = _keys(copies, seed) if cache else {}
            known = cache.find(keys.values()) if cache else {}
            verdicts = {pair: known[key] for pair, key in keys.items() if key in known}
            unique = _side_by_side(pair for pair in copies if pair not in verdicts)
            done = before + sum(copies[pair] for pair in verdicts)
            futures = {pool.submit(_judge_batch, batch, seed): batch for batch in _batches(unique, workers)}
            try:
                for future in as_completed(futures):
                    fresh = dict(zip(futures[future], future.result(), strict=True))
                    verdicts |= fresh
                    if cache:
                        cache.keep({keys[pair]: verdict for pair, verdict in fresh.items()})
                    done += sum(copies[pair] for pair in fresh)
                    if tell:
                        tell(done)
            finally:
                for future in futures:
                    future.cancel()
            before += len(chunk)
            if tell and not futures:
                tell(before)
            yield from (verdicts[pair] for pair in chunk)


def _keys(pairs: Iterable[tuple[Asked, str]], seed: int) -> dict[tuple[Asked, str], str]:
    problems: dict[Asked, str] = {}
    keys = {}
    for asked, source in pairs:
        if asked not in problems:
            problems[asked] = problem_key(asked, seed)
        keys[asked, source] = verdict_key(problems[asked], source)
    return keys


def _batches(pairs: Sequence[tuple[Asked, str]], workers: int) -> list[Sequence[tuple[Asked, str]]]:
    """Even batches of at most MAX_SHARED, as many as keep all workers busy."""
    rounds = -(-len(pairs) // (MAX_SHARED * workers))
    size = -(-len(pairs) // (rounds * workers or 1)) or 1
    return [pairs[i : i + size] for i in range(0, len(pairs), size)]


def _side_by_side(pairs: Iterable[tuple[Asked, str]]) -> list[tuple[Asked, str]]:
    """The pairs with those of one problem side by side, so that they share one stimulus."""
    groups: dict[Asked, list[tuple[Asked, str]]] = {}
    for pair in pairs:
        groups.setdefault(pair[0], []).append(pair)
    return [pair for group in groups.values() for pair in group]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A screened candidate on its way into a simulation; `index` is its place in the batch."""

    index: int
    problem: Problem
    flat: Flat
    alone: bool


def _judge_batch(pairs: Sequence[tuple[Asked, str]], seed: int) -> list[Verdict]:
    verdicts: dict[int, Verdict] = {}
    entries: list[_Entry] = []
    problems: dict[Asked, Problem] = {}
    for index, (asked, source) in enumerate(pairs):
        module = asked.module if isinstance(asked, Problem) else asked.name
        found = screened(source, module, asked.ports)
        if isinstance(found, Verdict):
            verdicts[index] = found
            continue
        if asked not in problems:
            problems[asked] = asked if isinstance(asked, Problem) else Problem.of_spec(asked, seed)
        entries.append(_Entry(index, problems[asked], found.flat, found.alone))
    for group in _groups(entries):
        verdicts.update(_judge_group(group))
    return [verdicts[index] for index in range(len(pairs))]


def _groups(entries: Iterable[_Entry]) -> list[list[_Entry]]:
    """Entries that may share a simulation, split where their samples would grow too large."""
    groups: list[list[_Entry]] = []
    shared: list[_Entry] = []
    bits = 0
    for entry in entries:
        if entry.alone:
            groups.append([entry])
            continue
        more = entry.problem.bits * len(entry.problem.answers)
        if shared and bits + more > MAX_SAMPLE_BITS:
            groups.append(shared)
            shared, bits = [], 0
        shared.append(entry)
        bits += more
    return [*groups, shared] if shared else groups


def _judge_group(group: Sequence[_Entry]) -> dict[int, Verdict]:
    """Verdicts by index for a group in which the candidates of one problem stand side by side."""
    by_problem = {problem: list(entries) for problem, entries in groupby(group, key=lambda e: e.problem)}
    benches = [
        Bench(p.module, p.ports, p.vectors, tuple(entry.flat for entry in entries))
        for p, entries in by_problem.items()
    ]
    simulation = simulate(benches, SHARED if len(group) > 1 else ALONE)
    failure = _failure(simulation, benches)
    if failure is None:
        return {
            entry.index: problem.compare([line[low : low + problem.bits] for line in lines])
            for (problem, entries), lines in zip(by_problem.items(), simulation.samples, strict=True)
            for low, entry in zip(range(0, len(entries) * problem.bits, problem.bits), entries, strict=True)
        }
    if len(group) == 1:
        ours = failure.outcome is Outcome.TOOL_ERROR and not simulation.completed.timed_out
        return {group[0].index: _blame(group[0].problem, failure) if ours else failure}
    verdicts: dict[int, Verdict] = {}
    for part in _smaller(group, simulation, failure):
        verdicts.update(_judge_group(part))
    return verdicts


def _blame(problem: Problem, failure: Verdict) -> Verdict:
    """Whose fault it was that the tools broke: the candidate's if they get through an empty module instead.

    Icarus gives up on some legal and much illegal text by a failed assertion, or by an exit status that says
    nothing (it is the number of errors, modulo 256).
    """
    empty = flatten(parse(header(problem.module, problem.ports) + "endmodule\n"))
    bench = Bench(problem.module, problem.ports, problem.vectors, (empty,))
    if _failure(simulate([bench], ALONE), [bench]) is not None:
        return failure
    return Verdict(Outcome.COMPILE_ERROR, f"Icarus cannot handle it: {failure.detail}")


def _smaller(group: Sequence[_Entry], simulation: Simulation, failure: Verdict) -> list[Sequence[_Entry]]:
    """Groups to run again after a shared failure.

    Those whose files the compiler complains of go alone and the rest together. If it names none: halves;
    after a hang or a crash everyone alone, as each group with the culprit in it would cost a time limit.
    """
    if failure.outcome is Outcome.COMPILE_ERROR:
        blamed = {int(number) for number in FILE_ERROR.findall(simulation.completed.stderr)}
        suspects = [[entry] for number, entry in enumerate(group) if number in blamed]
        rest = [entry for number, entry in enumerate(group) if number not in blamed]
        if suspects:
            return [*suspects, rest] if rest else list(suspects)
        middle = len(group) // 2
        return [group[:middle], group[middle:]]
    return [[entry] for entry in group]


def stopped(completed: Completed, compiled: bool) -> Verdict | None:
    """The verdict on a design for which a tool would have gone past a limit; None if no limit ended it.

    A time-out is vvp's alone: a design that stops the compiler has not compiled.
    """
    tool = "vvp" if compiled else "iverilog"
    if completed.signal == SIGXCPU:
        outcome = Outcome.TIMEOUT if compiled else Outcome.RESOURCE_LIMIT
        return Verdict(outcome, f"{tool} was stopped at its limit of CPU time")
    if completed.signal == SIGXFSZ:
        return Verdict(Outcome.RESOURCE_LIMIT, f"{tool} wrote more than it may")
    if completed.signal == SIGSEGV:
        return Verdict(Outcome.RESOURCE_LIMIT, f"{tool} ran out of stack: endless recursion?")
    if OUT_OF_MEMORY.search(completed.stderr):
        said = _message(completed.stderr)
        return Verdict(Outcome.RESOURCE_LIMIT, f"{tool} needed more memory than it may have: {said}")
    return None


def _message(stderr: str) -> str:
    """The first lines of what a tool says, without the names that the testbench makes."""
    lines = OURS.sub("", stderr).split("\n")[:4]
    return "\n".join(re.sub(r"^\d+\.v:", "line ", line) for line in lines).strip()


def _failure(simulation: Simulation, benches: Sequence[Bench]) -> Verdict | None:
    """Why a simulation did not deliver all its samples; None if it did."""
    completed = simulation.completed
    tool, message = "vvp" if simulation.compiled else "iverilog", _message(completed.stderr)
    if limit := stopped(completed, simulation.compiled):
        return limit
    if completed.timed_out:
        # A candidate can compute for ever but not sleep, so this machine was too busy to say.
        return Verdict(
            Outcome.TOOL_ERROR, f"{tool} had not used up its CPU time when the wall-clock limit came"
        )
    if not simulation.compiled and 0 < completed.code < 126 and COMPLAINT.search(completed.stderr):
        return Verdict(Outcome.COMPILE_ERROR, message)
    delivered = [len(lines) for lines in simulation.samples]
    if completed.code != 0 or delivered != [len(bench.vectors) for bench in benches]:
        return Verdict(
            Outcome.TOOL_ERROR, f"{tool} ended with code {completed.code}, samples {delivered}: {message}"
        )
    return None
