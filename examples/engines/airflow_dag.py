"""Starts an operation for each connector, then waits for all of them. Only the wait is ever run again.

It wants Airflow 3, lro on the workers, a connection `lro` (host: the address of the API, with its scheme; password: the
token), and the bodies of the calls in `connectors` beside this file.
"""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

from airflow.sdk import BaseOperator, Connection, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

START = ["lro", "submit", "POST", "/v1.0/plasconnector/connectors", "--json", "-", "--print-location"]
WAIT = ["lro", "wait", "-", "--timeout", "1h", "--rate", "5", "--max-interval", "1m", "-o", "json"]
# Failed, a mistake, not allowed, no such operation: to wait again would not change it.
FINAL = {1, 2, 4, 5}


def environment():
    """Where to ask, and as whom. Not as arguments: every user of a machine can read those."""
    api = Connection.get("lro")
    return {**os.environ, "LRO_ENDPOINT": api.host, "LRO_TOKEN": api.password}


class Wait(BaseOperator):
    """Waits for all of these operations, in one process: a task each would take a slot each."""

    template_fields = ("operations",)

    def __init__(self, *, operations, **kwargs):
        super().__init__(**kwargs)
        self.operations = operations
        self.lro = None

    def execute(self, context):
        # What it tells on standard error is in the log of the task.
        self.lro = subprocess.Popen(
            WAIT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        outcome, _ = self.lro.communicate("\n".join(self.operations))
        code = self.lro.returncode
        if code != 0:
            raise (AirflowFailException if code in FINAL else AirflowException)(f"lro ended with {code}")
        return {operation["id"]: operation["state"] for operation in json.loads(outcome)["operations"]}

    def on_kill(self):
        # It tells the last known state, and ends.
        if self.lro is not None:
            self.lro.terminate()


@dag(schedule=None, catchup=False)
def connectors():
    # A call that starts something is not sent again without a look at what it did: what was started is in the log.
    @task(retries=0, execution_timeout=timedelta(minutes=10))
    def start() -> list[str]:
        operations = []
        for connector in sorted(Path(__file__).with_name("connectors").glob("*.json")):
            body = connector.read_text()
            ended = subprocess.run(START, env=environment(), input=body, stdout=subprocess.PIPE, text=True, check=True)
            print(ended.stdout, end="")
            operations += ended.stdout.split()
        return operations

    Wait(
        task_id="wait",
        operations=start(),
        # The references are all that it takes to go on, so a wait that was lost is begun again.
        retries=2,
        retry_delay=timedelta(seconds=30),
        # Longer than --timeout: lro says how it ended, a task that is killed does not.
        execution_timeout=timedelta(minutes=70),
    )


connectors()
