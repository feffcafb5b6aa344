"""The examples of docs/fleet/ ask for what there is, and their parts are the whole fleet."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from hypercare.cli import hypercare
from hypercare.fleet.shard import Shard, shard_meant

EXAMPLES = Path(__file__).parents[2] / "docs" / "fleet"
Environment = dict[str, str]


def example(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def of_kubernetes() -> tuple[list[list[str]], list[Environment]]:
    job = example("kubernetes.yaml")["spec"]["jobTemplate"]["spec"]
    worker = job["template"]["spec"]["containers"][0]
    environment = {one["name"]: one["value"] for one in worker["env"]}
    return [worker["args"]], [
        {**environment, "JOB_COMPLETION_INDEX": str(index)} for index in range(job["completions"])
    ]


def of_gitlab() -> tuple[list[list[str]], list[Environment]]:
    jobs = example("gitlab.yml")
    total = jobs["round"]["parallel"]
    lines = [*jobs["round"]["script"], *jobs["report"]["script"]]
    return _commands(lines), [
        {"CI_NODE_INDEX": str(number), "CI_NODE_TOTAL": str(total)} for number in range(1, total + 1)
    ]


def of_github() -> tuple[list[list[str]], list[Environment]]:
    jobs = example("github.yml")["jobs"]
    parts = jobs["round"]["strategy"]["matrix"]["shard"]
    lines = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    filled = [line.replace("${{ strategy.job-total }}", str(len(parts))) for line in lines]
    commands = _commands([line.replace("${{ matrix.shard }}", "1") for line in filled])
    shard = next(words[words.index("--shard") + 1] for words in commands if "--shard" in words)
    return commands, [{"HYPERCARE_SHARD": f"{part}/{shard.partition('/')[2]}"} for part in parts]


def _commands(lines: list[str]) -> list[list[str]]:
    return [shlex.split(line)[1:] for line in lines if line.startswith("hypercare ")]


@pytest.mark.parametrize("read", [of_kubernetes, of_github, of_gitlab])
def test_its_parts_are_the_whole_fleet(read: Any) -> None:
    shards = [shard_meant(None, environment) for environment in read()[1]]
    assert shards == [Shard(number, len(shards)) for number in range(1, len(shards) + 1)]


@pytest.mark.parametrize("read", [of_kubernetes, of_github, of_gitlab])
def test_its_commands_are_understood(read: Any) -> None:
    for words in read()[0]:
        command: click.Command = hypercare
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words[0])
            assert found is not None, words
            command, words = found, words[1:]
        command.make_context(command.name, list(words), resilient_parsing=True)


def test_only_what_may_get_better_is_tried_again() -> None:
    """The statuses that are documented: a finding, a bad file and nothing to run stay what they are."""
    rules = example("kubernetes.yaml")["spec"]["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
    assert rules[0] == {"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [1, 4, 5]}}
