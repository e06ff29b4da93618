"""Runs the scripts of the action and of examples/ci as a runner would, against `lro simulate`, with an `lro` that is given.

What a runner sets is set, and nothing else: the inputs as variables, GITHUB_OUTPUT and GITHUB_PATH as files.
"""

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import files

LRO = Path(sys.argv[1])
CONNECTOR = (files.ROOT / "tests/install/connector.json").read_text()
NOBODY = "token-of-nobody"


class Runner:
    """A folder that takes the place of a machine, with the `lro` on its search path."""

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "bin").mkdir()
        (self.folder / "bin/lro").symlink_to(LRO)
        self.variables = {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "HOME": folder}
        for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"):
            (self.folder / name).touch()
            self.variables[name] = str(self.folder / name)
        self.variables |= {"GITHUB_ACTIONS": "true", "CI": "true", "RUNNER_TEMP": folder, "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64"}

    def run(self, script, shell=("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"), **variables):
        return subprocess.run(
            [*shell, script], cwd=self.folder, env=self.variables | variables, text=True, capture_output=True, timeout=60,
            stdin=subprocess.DEVNULL,
        )

    def step(self, name, **inputs):
        """A step of the action, with these inputs and otherwise the defaults."""
        step, declared = files.action_step(name), files.action()["inputs"]

        def given(expression):
            return re.sub(r"\${{ inputs\.(\w+) }}", lambda found: inputs.get(found[1], declared[found[1]].get("default", "")), expression)

        return self.run(step["run"], **{name: given(value) for name, value in step["env"].items()})

    def outputs(self):
        """As the runner reads them: a line `name=value`, or lines between `name<<WORD` and that word."""
        found, lines = {}, iter((self.folder / "GITHUB_OUTPUT").read_text().splitlines())
        for line in lines:
            if several := re.fullmatch(r"(\w+)<<(.+)", line):
                found[several[1]] = "\n".join(iter(lines.__next__, several[2]))
            else:
                name, value = line.split("=", 1)
                found[name] = value
        return found


@contextlib.contextmanager
def place(*simulated):
    """A runner, and the URL of a simulated API."""
    with tempfile.TemporaryDirectory() as folder:
        command = [LRO, "simulate", "--duration", "300ms", *simulated]
        simulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            yield Runner(folder), simulator.stdout.readline().strip()
        finally:
            simulator.kill()
            simulator.wait()
            simulator.stdout.close()


def start(runner, url):
    """Starts an operation, and says where it is."""
    (runner.folder / "connector.json").write_text(CONNECTOR)
    script = 'lro submit POST /v1.0/plasconnector/connectors --endpoint "$1" --print-location --json @connector.json'
    started = runner.run(f'set -- "{url}"; {script}')
    assert started.returncode == 0, started.stderr
    return started.stdout.strip()


def ended(ran, code, *words):
    assert ran.returncode == code, (ran.returncode, ran.stdout, ran.stderr)
    for word in words:
        assert word in ran.stdout + ran.stderr, (word, ran.stdout, ran.stderr)


def the_action_waits_and_says_how_it_ended():
    for outcome, code, word in (("success", 0, "succeeded"), ("failed", 1, "failed")):
        with place("--outcome", outcome, "--reason", "no free line") as (runner, url):
            ran = runner.step("wait", endpoint=url, operation=start(runner, url), timeout="20s", token=NOBODY, arguments="--interval\n100ms\n")
            ended(ran, code, word)
            assert NOBODY not in ran.stdout + ran.stderr
            said = runner.outputs()
            assert said["outcome"] == word and float(said["elapsed"]) >= 0 and url in said["location"], said
            assert code == 0 or "no free line" in said["reason"], said


def the_action_waits_for_several():
    with place() as (runner, url):
        operations = "\n".join(start(runner, url) for _ in range(3))
        ended(runner.step("wait", endpoint=url, operation=f"\n{operations}\r\n\r\n\n", arguments="--interval\n100ms"), 0, "succeeded")


def an_input_of_the_action_is_no_script_and_no_flag():
    with place() as (runner, url):
        for operation in ("$(touch here)", "`touch here`", "x; touch here", "'; touch here; '", '"; touch here; "'):
            ran = runner.step("wait", endpoint=url, operation=operation, arguments=operation, timeout="1s")
            assert ran.returncode != 0, operation
        for operation in ("--insecure", "  -v", "c/o\n--token-command=touch here"):
            ended(runner.step("wait", endpoint=url, operation=operation, timeout="1s"), 2, "begins like a flag")
        assert not (runner.folder / "here").exists()


def the_action_installs_a_release_by_its_checksum():
    name = f"lro-{files.VERSION}-x86_64-unknown-linux-musl.tar.gz"
    with place() as (runner, url):
        released, extras = runner.folder / "released", runner.folder / "extras"
        subprocess.run([files.ROOT / "packaging/extras", LRO, extras], check=True)
        # Not the command itself: it is big before it is released.
        packed = runner.folder / "packed/lro"
        packed.parent.mkdir()
        packed.write_text(f"#!/bin/sh\necho 'lro {files.VERSION}'\n")
        pack = [sys.executable, files.ROOT / "packaging/archive.py", "x86_64-unknown-linux-musl", packed, extras, released]
        subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
        checksum = hashlib.sha256((released / name).read_bytes()).hexdigest()
        (released / "SHA256SUMS").write_text(f"{'0' * 64}  lro.rb\n{checksum}  {name}\n")
        # In the place of the network: what is asked for is in that folder, if the address is that of the release.
        curl = runner.folder / "bin/curl"
        curl.write_text(
            "#!/bin/bash\nfor last; do :; done\n"
            f'[[ "$last" = https://github.com/lro-cli/lro/releases/download/v{files.VERSION}/* ]] || exit 22\n'
            f'cp "{released}/${{last##*/}}" "${{last##*/}}"\n'
        )
        curl.chmod(0o755)

        def install(**inputs):
            (runner.folder / "GITHUB_PATH").write_text("")
            return runner.step("install", **inputs), (runner.folder / "GITHUB_PATH").read_text().strip()

        for given in ("", checksum):
            ran, path = install(checksum=given)
            ended(ran, 0)
            assert subprocess.check_output([f"{path}/lro", "--version"], text=True) == f"lro {files.VERSION}\n"
        wrong = [
            ({"checksum": "1" * 64}, "another checksum"), ({"version": "9.9.9"}, "cannot be fetched"),
            ({"version": "0.1.0; touch here"}, "neither a version"), ({"version": "../../x"}, "neither a version"),
        ]
        for inputs, word in wrong:
            ran, path = install(**inputs)
            ended(ran, 1, word)
            assert path == ""
        # As on Windows, where what stands in that file is read by more than one shell.
        cygpath = runner.folder / "bin/cygpath"
        cygpath.write_text('#!/bin/sh\n[ "$1" = -w ] && echo "D:\\\\$(basename "$2")"\n')
        cygpath.chmod(0o755)
        ran, path = install()
        ended(ran, 0)
        assert path == "D:\\" + name.removesuffix(".tar.gz"), path
        (released / "SHA256SUMS").write_text(f"{checksum}  another-{name}\n")
        ran, path = install()
        ended(ran, 1, "another checksum")
        runner.variables["RUNNER_ARCH"] = "RISCV"
        ended(install()[0], 1, "there is no release")


def operations_of(runner, url, script, **shell):
    (runner.folder / "connectors").mkdir()
    for name in ("a", "b"):
        (runner.folder / f"connectors/{name}.json").write_text(CONNECTOR)
    ended(runner.run(script, LRO_ENDPOINT=url, LRO_TOKEN=NOBODY, **shell), 0)
    assert len((runner.folder / "operations.txt").read_text().splitlines()) == 2


def outcome(runner):
    document = json.loads((runner.folder / "outcome.json").read_text())
    return document["outcome"], len(document["operations"])


SH = ("sh", "-ec")


def the_template_of_gitlab_waits_for_what_an_earlier_job_has_started():
    with place() as (runner, url):
        operations = [start(runner, url) for _ in range(2)]
        (runner.folder / "operations of mine.txt").write_text("\n".join(operations))
        (runner.folder / "token").write_text(NOBODY)
        _, jobs = files.gitlab(operations="operations of mine.txt", endpoint=url, timeout="20s")
        (job,) = jobs.values()
        variables = {name: variable["value"] for name, variable in job["variables"].items()}
        for token in ({}, {"LRO_TOKEN_FILE": str(runner.folder / "token")}):
            ended(runner.run("\n".join(job["script"]), SH, **variables, **token), 0)
            assert outcome(runner) == ("succeeded", 2)
    with place("--outcome", "failed") as (runner, url):
        (runner.folder / "operations.txt").write_text(start(runner, url))
        variables |= {"WAIT_ENDPOINT": url, "WAIT_OPERATIONS": "operations.txt"}
        ended(runner.run("\n".join(job["script"]), SH, **variables), 1)
        assert outcome(runner) == ("failed", 1)


def the_scripts_of_azure_and_jenkins_start_and_wait():
    for scripts, shell in ((files.azure_scripts(), ("bash", "-c")), (files.jenkins_scripts(), SH)):
        begin, wait = scripts
        with place() as (runner, url):
            operations_of(runner, url, begin, shell=shell)
            (runner.folder / "operations").mkdir()
            (runner.folder / "operations/operations.txt").write_text((runner.folder / "operations.txt").read_text())
            told = {"LRO_ENDPOINT": url, "LRO_TOKEN": NOBODY, "PIPELINE_WORKSPACE": str(runner.folder)}
            ended(runner.run(wait, shell, **told), 0)
            assert outcome(runner) == ("succeeded", 2)


plays = [
    the_action_waits_and_says_how_it_ended,
    the_action_waits_for_several,
    an_input_of_the_action_is_no_script_and_no_flag,
    the_action_installs_a_release_by_its_checksum,
    the_template_of_gitlab_waits_for_what_an_earlier_job_has_started,
    the_scripts_of_azure_and_jenkins_start_and_wait,
]
# At the same time: each has a folder and a simulated API of its own, and mostly waits.
with ThreadPoolExecutor(len(plays)) as pool:
    for play, _ in zip(plays, pool.map(lambda play: play(), plays), strict=True):
        print(f"{play.__name__}: ok")
