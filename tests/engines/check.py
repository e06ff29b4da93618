"""Checks the files of examples/engines: that the engine would take them, not what it then does with them.

| file                 | by                                                                                   |
|----------------------|--------------------------------------------------------------------------------------|
| argo-workflow.yaml   | hera: the models made of Argo's own OpenAPI; and that what it refers to is there     |
| kubernetes-job.yaml  | kubernetes-validate: the OpenAPI of Kubernetes, no unknown field                     |
| github-actions.yml   | check-jsonschema: the schema of SchemaStore                                          |
| gitlab-ci.yml        | check-jsonschema: GitLab's own schema                                                |
| airflow_dag.py       | Airflow itself reads it; and its wait is run, with an `lro` that ends with each code |

The scripts in them go through shellcheck. Not checked: the expressions of Argo and of GitHub, and which words
Kubernetes takes where its OpenAPI says only that it is text.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

# The oldest that has all that the file uses as stable.
KUBERNETES = "1.33"


def run(tool, *arguments, **options):
    """Runs a tool of this venv, and hands back what it complains of."""
    command = [Path(sys.prefix) / "bin" / tool, *arguments]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    return [] if ended.returncode == 0 else [ended.stdout.strip() or f"{tool} ended with {ended.returncode}"]


def shell(*scripts):
    return [told for script in scripts for told in run("shellcheck", "-s", "sh", "-", input="set -e\n" + script)]


def lost(given, kept, path=""):
    """What of a document a model did not keep: it drops what it does not know."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key in given:
            yield from lost(given[key], kept[key], f"{path}.{key}") if key in kept else [f"{path}.{key}: unknown"]
    elif isinstance(given, list) and isinstance(kept, list):
        for index, pair in enumerate(zip(given, kept, strict=True)):
            yield from lost(*pair, f"{path}[{index}]")
    elif given != kept:
        yield f"{path}: {given!r} is read as {kept!r}"


def argo(path):
    from hera.workflows.models import WorkflowTemplate

    document = yaml.safe_load(path.read_text())
    try:
        model = WorkflowTemplate.model_validate(document)
    except ValueError as error:
        return [str(error)]
    wrong = list(lost(document, model.model_dump(by_alias=True, exclude_unset=True, mode="json")))
    spec = document["spec"]
    templates = {template["name"]: template for template in spec["templates"]}

    def names(part, of, kind):
        return {one["name"] for one in part.get(of, {}).get(kind, [])}

    known = {f"workflow.parameters.{name}" for name in names(spec, "arguments", "parameters")}
    if spec["entrypoint"] not in templates:
        wrong.append(f"entrypoint: no template {spec['entrypoint']}")
    for template in templates.values():
        here = known | {f"inputs.parameters.{name}" for name in names(template, "inputs", "parameters")}
        for step in (step for group in template.get("steps", []) for step in group):
            called = templates.get(step["template"])
            if called is None:
                wrong.append(f"{template['name']}: no template {step['template']}")
                continue
            if names(step, "arguments", "parameters") != names(called, "inputs", "parameters"):
                wrong.append(f"{template['name']}: {step['name']} does not get the parameters of {called['name']}")
            outputs = names(called, "outputs", "parameters")
            here |= {f"steps.{step['name']}.outputs.parameters.{name}" for name in outputs}
        for used in re.findall(r"{{([^}]*)}}", json.dumps(template)):
            if used not in here:
                wrong.append(f"{template['name']}: there is no {used}")
    return wrong + shell(*(one["script"]["source"] for one in templates.values() if "script" in one))


def kubernetes(path):
    import kubernetes_validate

    document = yaml.safe_load(path.read_text())
    try:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"{error.json_path}: {error.message}"]
    containers = document["spec"]["template"]["spec"]["containers"]
    return shell(*(container["args"][0] for container in containers))


def github(path):
    wrong = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)
    if wrong:
        return wrong
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    return shell(*(step["run"] for job in jobs for step in job["steps"] if "run" in step))


def gitlab(path):
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    wrong = run("check-jsonschema", *schema, path)
    if wrong:
        return wrong
    document = yaml.safe_load(path.read_text())
    return shell(*("\n".join(document[stage]["script"]) for stage in document["stages"]))


def airflow(path):
    with tempfile.TemporaryDirectory() as home:
        stub = Path(home) / "bin" / "lro"
        stub.parent.mkdir()
        # It ends with the code that it reads as the operation, if it was told where to ask and as whom.
        stub.write_text(
            "#!/bin/sh\n"
            '[ "$LRO_ENDPOINT $LRO_TOKEN" = "https://plas.example of-nobody" ] || exit 99\n'
            'read -r code || true; echo \'{"operations": [{"id": "a", "state": "succeeded"}]}\'; exit "$code"\n'
        )
        stub.chmod(0o755)
        environment = {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
            "AIRFLOW_CONN_LRO": '{"conn_type": "http", "host": "https://plas.example", "password": "of-nobody"}',
            "PATH": f"{stub.parent}:{os.environ['PATH']}",
        }
        # A process of its own: Airflow reads all this when it is imported.
        return run("python", __file__, "--airflow", path, env={**os.environ, **environment})


def airflow_inside(path):
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.exceptions import AirflowException, AirflowFailException
    from airflow.serialization.serialized_objects import DagSerialization

    bag = DagBag(path)
    if bag.import_errors or len(bag.dags) != 1:
        return list(bag.import_errors.values()) or [f"{len(bag.dags)} DAGs instead of one"]
    (dag,) = bag.dags.values()
    DagSerialization.to_dict(dag)
    wrong = []
    wait = dag.get_task("wait")
    if wait.upstream_task_ids != {"start"} or dag.get_task("start").retries != 0:
        wrong.append("the wait does not follow on a start that is never run again")
    # Of an AirflowFailException Airflow makes no further try; of any other it does.
    for code, expected in {0: None, 1: False, 2: False, 3: True, 4: False, 5: False, 124: True, 143: True}.items():
        wait.operations = [str(code)]
        try:
            wait.execute({})
            again = None
        except AirflowFailException:
            again = False
        except AirflowException:
            again = True
        if again is not expected:
            wrong.append(f"after {code} it tries again: {again}, not {expected}")
    return wrong


CHECKS = {
    "airflow_dag.py": airflow,
    "argo-workflow.yaml": argo,
    "github-actions.yml": github,
    "gitlab-ci.yml": gitlab,
    "kubernetes-job.yaml": kubernetes,
}


def main(directory):
    found = {path.name: path for path in Path(directory).iterdir() if path.suffix in (".yaml", ".yml", ".py")}
    wrong = {name: ["it is not checked by anything, or not there"] for name in found.keys() ^ CHECKS.keys()}

    def check(name):
        try:
            return CHECKS[name](found[name])
        except yaml.YAMLError as error:
            return [str(error)]

    # At the same time: most of it is other programs that start. Airflow takes longest, and comes first.
    both = sorted(found.keys() & CHECKS.keys())
    with ThreadPoolExecutor() as pool:
        wrong |= zip(both, pool.map(check, both), strict=True)
    for name, told in wrong.items():
        print(f"{name}: {'ok' if not told else 'wrong'}", *told, sep="\n  ")
    return any(wrong.values())


if __name__ == "__main__":
    if sys.argv[1] == "--airflow":
        complaints = airflow_inside(sys.argv[2])
        print(*complaints, sep="\n")
        sys.exit(bool(complaints))
    sys.exit(main(sys.argv[1]))
