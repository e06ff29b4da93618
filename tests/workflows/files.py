"""The scripts that stand in the files for CI systems, and what these files say of themselves. Nothing is run here."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github/actions/lro/action.yml"
AZURE = ROOT / "examples/ci/azure-pipelines.yml"
GITLAB = ROOT / "examples/ci/gitlab.yml"
JENKINS = ROOT / "examples/ci/Jenkinsfile"
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))

VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]


def action():
    return yaml.safe_load(ACTION.read_text())


def action_step(name):
    (step,) = [step for step in action()["runs"]["steps"] if step["id"] == name]
    return step


def azure_scripts():
    """The scripts of the jobs, but for those that install the command."""
    jobs = yaml.safe_load(AZURE.read_text())["jobs"]
    return [step["bash"] for job in jobs for step in job["steps"] if "bash" in step]


def gitlab(**given):
    """The inputs that the template declares, and its jobs with these filled in, or else with their defaults."""
    head, body = yaml.safe_load_all(GITLAB.read_text())
    inputs = head["spec"]["inputs"]

    def filled(value):
        if isinstance(value, dict):
            return {filled(key): filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        if isinstance(value, str):
            return re.sub(r"\$\[\[ inputs\.(\w+) ]]", lambda found: given.get(found[1], inputs[found[1]].get("default")), value)
        return value

    return inputs, filled(body)


def jenkins_scripts():
    return re.findall(r"'''(.*?)'''", JENKINS.read_text(), re.DOTALL)
