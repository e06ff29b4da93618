//! The files for the engines of others: what they run starts operations, waits for them, and ends with the codes that
//! they name. Whether an engine takes such a file is checked by `tests/engines/check`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lro::simulator::{Outcome, Simulator};
use serde_json::{Value, json};

use crate::support::command::{Ended, lro, run, run_with_input, shell};

const AIRFLOW: &str = include_str!("../../../examples/engines/airflow_dag.py");
const ARGO: &str = include_str!("../../../examples/engines/argo-workflow.yaml");
const GITHUB: &str = include_str!("../../../examples/engines/github-actions.yml");
const GITLAB: &str = include_str!("../../../examples/engines/gitlab-ci.yml");
const KUBERNETES: &str = include_str!("../../../examples/engines/kubernetes-job.yaml");

const TOKEN: &str = "some-token";

const CONNECTOR: &str = r#"{"connector": {"name": "a", "bandwidth": 50,
    "cloudInfo": {"provider": "otc", "masterLocation": "eu-de-01", "masterDirectConnectId": "dc-1",
        "slaveLocation": "eu-de-02", "slaveDirectConnectId": "dc-2"},
    "networkInfo": {"provider": "dt", "networkDomain": "a", "masterLocation": "Frankfurt",
        "slaveLocation": "Berlin", "popLocation": "Frankfurt"}}}"#;

/// What every engine must not try again: failed, a mistake, not allowed, no such operation.
const FINAL: [u8; 4] = [1, 2, 4, 5];

/// The simulated API, and a folder that takes the place of a container's file system.
struct Place {
    simulator: Simulator,
    folder: PathBuf,
}

impl Place {
    async fn new(engine: &str, outcome: Outcome) -> Self {
        let simulated =
            Simulator::builder().duration(Duration::from_millis(300)).outcome(outcome).token(TOKEN);
        let simulator = simulated.start().await.expect("a simulator");
        let name = format!("{engine}-{outcome:?}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let place = Self { simulator, folder };
        for connectors in ["connectors", "etc/connectors"] {
            place.put(&format!("{connectors}/a.json"), CONNECTOR);
            place.put(&format!("{connectors}/b.json"), CONNECTOR);
        }
        place.put("etc/lro/token", TOKEN);
        // The folder is there in every container.
        place.put("tmp/empty", "");
        place
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(path, content).expect("a file can be written");
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.join(path)).expect(path)
    }

    /// Runs a script as the engines do: a shell that stops at the first error, and these variables.
    async fn run(&self, script: &str, variables: &[(&str, &str)]) -> Ended {
        let script = script.replace("/etc/", "etc/").replace("/tmp/", "tmp/");
        let mut command = shell(&format!("set -e\n{script}"));
        command.current_dir(&self.folder).env("LRO_ENDPOINT", self.simulator.url());
        run(command.envs(variables.iter().copied())).await
    }

    fn delete(self) {
        std::fs::remove_dir_all(self.folder).expect("the folder can be deleted");
    }
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).expect("a document")
}

/// The text at this place of a document.
fn text<'a>(document: &'a Value, pointer: &str) -> &'a str {
    document.pointer(pointer).and_then(Value::as_str).expect(pointer)
}

/// The list in a Python file that is the value of this name.
fn list(name: &str) -> Vec<&'static str> {
    let start = format!("\n{name} = ");
    let (_, rest) = AIRFLOW.split_once(&start).expect(name);
    serde_json::from_str(rest.lines().next().unwrap_or_default()).expect(name)
}

fn assert_started(ended: &Ended, operations: &str) {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(operations.lines().count(), 2, "{operations}");
}

/// Two operations ended like this, and the step with them.
fn assert_waited(outcome: Outcome, ended: &Ended, document: &str) {
    let (code, state) = if outcome == Outcome::Failed { (1, "failed") } else { (0, "succeeded") };
    assert_eq!(ended.code, Some(code), "{}", ended.stderr);
    let document: Value = serde_json::from_str(document).expect(document);
    let states: Vec<_> = (0..2).map(|at| &document["operations"][at]["state"]).collect();
    assert_eq!(states, [state, state], "{document}");
}

const BOTH: [Outcome; 2] = [Outcome::Success, Outcome::Failed];

#[tokio::test]
async fn the_workflow_of_argo_starts_and_waits() {
    let document = yaml(ARGO);
    for outcome in BOTH {
        let place = Place::new("argo", outcome).await;
        let started = place.run(text(&document, "/spec/templates/1/script/source"), &[]).await;
        let operations = place.read("tmp/operations");
        assert_started(&started, &operations);
        assert_eq!(started.stdout, operations);
        let waited = place.run(text(&document, "/spec/templates/2/script/source"), &[]).await;
        assert_waited(outcome, &waited, &place.read("tmp/outcome.json"));
        place.delete();
    }
}

#[tokio::test]
async fn the_job_of_kubernetes_waits_for_its_part() {
    let document = yaml(KUBERNETES);
    let start = yaml(ARGO);
    for outcome in BOTH {
        let place = Place::new("kubernetes", outcome).await;
        let started = place.run(text(&start, "/spec/templates/1/script/source"), &[]).await;
        assert_started(&started, &started.stdout);
        place.put("etc/operations/3", &started.stdout);
        let script = text(&document, "/spec/template/spec/containers/0/args/0");
        let waited = place.run(script, &[("JOB_COMPLETION_INDEX", "3")]).await;
        assert_waited(outcome, &waited, &waited.stdout);
        place.delete();
    }
}

#[tokio::test]
async fn the_jobs_of_github_start_and_wait() {
    let document = yaml(GITHUB);
    for outcome in BOTH {
        let place = Place::new("github", outcome).await;
        let variables = [("LRO_TOKEN", TOKEN), ("GITHUB_OUTPUT", "output")];
        let started = place.run(text(&document, "/jobs/start/steps/1/run"), &variables).await;
        // As the runner reads it: a name, a word, lines up to that word.
        let output = place.read("output");
        let operations = output.strip_prefix("operations<<end-of-operations\n").expect(&output);
        let operations = operations.strip_suffix("\nend-of-operations\n").expect(&output);
        assert_started(&started, operations);
        let waiting = [variables[0], ("GITHUB_OUTPUT", "output-of-wait"), ("OPERATIONS", operations)];
        let waited = place.run(text(&document, "/jobs/wait/steps/0/run"), &waiting).await;
        assert_waited(outcome, &waited, &place.read("outcome.json"));
        let code = waited.code.expect("it ended by itself");
        assert_eq!(place.read("output-of-wait"), format!("code={code}\n"));
        place.delete();
    }
}

#[tokio::test]
async fn the_jobs_of_gitlab_start_and_wait() {
    let document = yaml(GITLAB);
    for outcome in BOTH {
        let place = Place::new("gitlab", outcome).await;
        let variables = [("LRO_TOKEN_FILE", "etc/lro/token")];
        let started = place.run(text(&document, "/start/script/0"), &variables).await;
        assert_started(&started, &place.read("operations.txt"));
        let waited = place.run(text(&document, "/wait/script/0"), &variables).await;
        assert_waited(outcome, &waited, &place.read("outcome.json"));
        place.delete();
    }
}

#[tokio::test]
async fn the_tasks_of_airflow_start_and_wait() {
    let [start, wait] = ["START", "WAIT"].map(list);
    assert_eq!([start[0], wait[0]], ["lro", "lro"]);
    for outcome in BOTH {
        let place = Place::new("airflow", outcome).await;
        let url = place.simulator.url();
        let command = |args: &[&str]| {
            let mut command = lro(args);
            command.env("LRO_ENDPOINT", &url).env("LRO_TOKEN", TOKEN);
            command
        };
        let mut operations = String::new();
        for _ in 0..2 {
            let started = run_with_input(&mut command(&start[1..]), CONNECTOR).await;
            assert_eq!(started.code, Some(0), "{}", started.stderr);
            operations += &started.stdout;
        }
        let waited = run_with_input(&mut command(&wait[1..]), &operations).await;
        assert_waited(outcome, &waited, &waited.stdout);
        place.delete();
    }
}

#[test]
fn no_engine_tries_again_what_would_end_the_same() {
    let finals = json!(FINAL);
    let codes = FINAL.map(|code| code.to_string()).join(", ");
    let argo = yaml(ARGO);
    let expression = text(&argo, "/spec/templates/2/retryStrategy/expression");
    assert_eq!(expression, format!("!(asInt(lastRetry.exitCode) in [{codes}])"));
    let rules = &yaml(KUBERNETES)["spec"]["podFailurePolicy"]["rules"];
    assert_eq!(rules[0]["action"], "FailIndex");
    assert_eq!(
        [&rules[0]["onExitCodes"]["operator"], &rules[0]["onExitCodes"]["values"]],
        [&json!("In"), &finals]
    );
    let github = yaml(GITHUB);
    let quoted = json!(FINAL.map(|code| code.to_string())).to_string().replace(',', ", ");
    let condition = text(&github, "/jobs/wait/steps/2/if");
    assert_eq!(condition, format!("failure() && !contains(fromJSON('{quoted}'), steps.wait.outputs.code)"));
    assert!(AIRFLOW.contains(&format!("\nFINAL = {{{codes}}}\n")));
    // This one says what is tried again: no usable answer, out of time, SIGKILL, SIGTERM.
    assert_eq!(yaml(GITLAB)["wait"]["retry"]["exit_codes"], json!([3, 124, 137, 143]));
    // And nowhere is a starting call sent again.
    assert_eq!(argo["spec"]["templates"][1]["retryStrategy"], Value::Null);
    assert_eq!(yaml(GITLAB)["start"]["retry"], 0);
    assert!(AIRFLOW.contains("@task(retries=0, "));
}

#[test]
fn every_engine_waits_longer_than_lro() {
    let hour = 3600;
    for file in [AIRFLOW, ARGO, GITHUB, GITLAB, KUBERNETES] {
        assert!(file.contains("--timeout 1h ") || file.contains(r#""--timeout", "1h", "#), "{file}");
    }
    let seconds = |document: &str, pointer: &str| yaml(document).pointer(pointer).and_then(Value::as_u64);
    assert!(seconds(ARGO, "/spec/templates/2/activeDeadlineSeconds") > Some(hour));
    let tries = 1 + seconds(KUBERNETES, "/spec/backoffLimitPerIndex").expect("a number");
    assert!(seconds(KUBERNETES, "/spec/activeDeadlineSeconds") > Some(tries * hour));
    assert!(seconds(GITHUB, "/jobs/wait/timeout-minutes") > Some(hour / 60));
    assert_eq!(yaml(GITLAB)["wait"]["timeout"], "70 minutes");
    assert!(AIRFLOW.contains("execution_timeout=timedelta(minutes=70),"));
}
