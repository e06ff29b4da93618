//! `lro demo`: three operations of a simulated API, each awaited by `lro wait` itself over real HTTP.
//! Nothing is acted: what is shown is what the command does.

use std::io::Write;
use std::process::ExitStatus;
use std::time::Duration;

use lro::auth::Token;
use lro::http::{self, Endpoint};
use lro::plas::Reference;
use lro::simulator::{Builder, Outcome, Simulator};
use tokio::process::Command;

use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::paint::paint;

/// The token of the simulation; a secret of nobody's.
const TOKEN: &str = "demo-token";

/// How often a flaky server is asked to create a connector.
const TRIES: u32 = 20;

/// One operation to show.
struct Scene {
    title: &'static str,
    simulated: Builder,
    /// The exit code that shows it, and what that says.
    code: i32,
    meaning: &'static str,
}

fn scenes() -> [Scene; 3] {
    let simulated = |seconds| Simulator::builder().duration(Duration::from_secs(seconds)).token(TOKEN);
    [
        Scene {
            title: "A connector is created, which takes six seconds.",
            simulated: simulated(6),
            code: 0,
            meaning: "succeeded, so that `lro wait … && next-step` goes on",
        },
        Scene {
            title: "One that cannot be created.",
            simulated: simulated(3).outcome(Outcome::Failed),
            code: 1,
            meaning: "failed, and a script stops here with the reason told",
        },
        Scene {
            title: "And a server that answers half of all polls with a fault.",
            simulated: simulated(5).fault_rate(0.5).seed(8),
            code: 0,
            meaning: "succeeded all the same: faults are outwaited",
        },
    ]
}

pub(crate) async fn demo(color: bool) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen()
        .map_err(|error| Failure::usage("signals cannot be listened for").caused_by(error))?;
    let signal = interrupt.seen();
    tokio::select! {
        played = play(color) => played,
        () = interrupt.first() => Ok(signal.exit().unwrap_or(Exit::Interrupted)),
    }
}

async fn play(color: bool) -> Result<Exit, Failure> {
    let mut endings = Vec::new();
    for scene in scenes() {
        tell(&format!("\n{}\n", paint("1", scene.title, color)));
        let simulator = scene.simulated.start().await.map_err(|error| Failure::of(Exit::Usage, &error))?;
        let reference = create(&simulator).await?;
        let url = format!("{}{}", simulator.url(), reference.location());
        let status = wait_for(&url, color).await?;
        if status.code() != Some(scene.code) {
            let what = format!("`lro wait` should have ended with exit code {}, but: {status}", scene.code);
            return Err(Failure::new(Exit::NoAnswer, what));
        }
        tell(&format!("exit code {}\n", scene.code));
        endings.push((scene.code, scene.meaning));
    }
    tell("\nWhat the exit codes said:\n");
    for (code, meaning) in endings {
        tell(&format!("  {code:<3} {meaning}\n"));
    }
    tell("The next step: `lro wait --help`, or `lro simulate` to rehearse your own script.\n");
    Ok(Exit::Succeeded)
}

/// Creates a connector, as the API's reference shows it, until the server has taken it.
async fn create(simulator: &Simulator) -> Result<Reference, Failure> {
    const CONNECTOR: &str = r#"{"connector": {"name": "demo", "bandwidth": 50,
        "cloudInfo": {"provider": "otc", "masterLocation": "eu-de-01", "masterDirectConnectId": "dc-1",
            "slaveLocation": "eu-de-02", "slaveDirectConnectId": "dc-2"},
        "networkInfo": {"provider": "dt", "networkDomain": "demo", "masterLocation": "Frankfurt",
            "slaveLocation": "Berlin", "popLocation": "Frankfurt"}}}"#;

    let cannot = |error: &dyn std::error::Error| {
        Failure::new(Exit::NoAnswer, format!("no connector could be created: {error}"))
    };
    let endpoint = Endpoint::parse(&simulator.url()).map_err(|error| cannot(&error))?;
    let token = Token::given(TOKEN.to_owned()).map_err(|error| cannot(&error))?;
    let client = http::Client::builder(endpoint).token(token).without_proxy().build();
    let client = client.map_err(|error| cannot(&error))?;
    let path = "/v1.0/plasconnector/connectors";
    // A flaky server may not take it at once. A connector too many does no harm here.
    let mut tries = 1..=TRIES;
    let reply = loop {
        match (client.post(path, CONNECTOR).await, tries.next()) {
            (Ok(reply), _) => break reply,
            (Err(error), Some(_)) if error.kind() == lro::PollErrorKind::Transient => {}
            (Err(error), _) => return Err(cannot(&error).because(&error)),
        }
    };
    let answer = String::from_utf8_lossy(&reply.body).into_owned();
    tell(&format!("$ curl -X POST -d @connector.json \\\n    {}{path}\n{answer}\n", simulator.url()));
    Reference::from_accepted(&answer).map_err(|error| cannot(&error))
}

/// Runs `lro wait` as a script would, with the terminal at its hands.
async fn wait_for(url: &str, color: bool) -> Result<ExitStatus, Failure> {
    tell(&format!("$ lro wait \\\n    {url}\n"));
    let cannot = |error: std::io::Error| Failure::usage("`lro wait` could not be started").caused_by(error);
    Command::new(std::env::current_exe().map_err(cannot)?)
        .args(["wait", url, "--color", if color { "always" } else { "never" }])
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| !is_ours(&name.to_string_lossy())))
        .env("LRO_CONFIG", "")
        .env("LRO_TOKEN", TOKEN)
        .env("NO_PROXY", "127.0.0.1")
        .kill_on_drop(true)
        .status()
        .await
        .map_err(cannot)
}

/// Whether a variable would change what the demo shows.
fn is_ours(name: &str) -> bool {
    name.starts_with("LRO_") || name.eq_ignore_ascii_case("no_proxy")
}

/// Tells the story on standard error. That nobody listens there changes nothing.
fn tell(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
