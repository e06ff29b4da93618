//! The six calls, their refusals and their headers, over a socket.

use serde_json::json;

use super::*;
use crate::simulator::Outcome;

#[tokio::test(start_paused = true)]
async fn an_operation_runs_for_its_duration_and_then_tells_its_end() {
    let simulator = started(Simulator::builder()).await;
    let (created, connector) = create(&simulator, "demo").await;
    assert_eq!(created.status, 202);
    let location = created.text("/location");
    let poll = format!("GET {location}");

    tokio::time::advance(Duration::from_millis(19_999)).await;
    let pending = ask(&simulator, &poll).await;
    assert_eq!(pending.status, 200);
    let begun: u64 = pending.text("/operateAt").parse().unwrap();
    let id = location.rsplit('/').next().unwrap();
    assert_eq!(
        pending.json(),
        json!({
            "operationId": id,
            "operationType": "create",
            "operateAt": begun.to_string(),
            "finished": false,
        })
    );
    let connector = format!("GET {connector}");
    let seen = ask(&simulator, &connector).await;
    assert_eq!(seen.text("/connector/status"), "Pending");

    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(
        ask(&simulator, &poll).await.json(),
        json!({
            "operationId": id,
            "operationType": "create",
            "operateAt": begun.to_string(),
            "finishedAt": (begun + 20).to_string(),
            "finished": true,
            "result": {"result": "success", "reason": ""},
        })
    );
    let seen = ask(&simulator, &connector).await;
    assert_eq!(seen.text("/connector/status"), "Available");
    let created: u128 = seen.text("/connector/createTime").parse().unwrap();
    assert_eq!(created / 1000, u128::from(begun));
}

#[tokio::test(start_paused = true)]
async fn both_spellings_of_an_operation_are_served() {
    let simulator = started(Simulator::builder()).await;
    let (created, _) = create(&simulator, "demo").await;
    let singular = created.text("/location");
    assert!(singular.starts_with("/v1.0/plasconnector/connector/"));
    let plural = singular.replace("/connector/", "/connectors/");
    let of = async |path: &str| ask(&simulator, &format!("GET {path}")).await;
    let (one, other) = (of(&singular).await, of(&plural).await);
    assert_eq!((one.status, other.status), (200, 200));
    assert_eq!(one.body, other.body);
}

#[tokio::test(start_paused = true)]
async fn a_failed_operation_tells_its_reason() {
    let builder = Simulator::builder().outcome(Outcome::Failed).reason("no power in Biere");
    let simulator = started(builder).await;
    let (created, connector) = create(&simulator, "demo").await;
    operations_end().await;
    let poll = format!("GET {}", created.text("/location"));
    assert_eq!(
        ask(&simulator, &poll).await.json()["result"],
        json!({"result": "failed", "reason": "no power in Biere"})
    );

    let deleted = ask(&simulator, &format!("DELETE {connector}")).await;
    assert_eq!(deleted.status, 200);
    let location = deleted.text("/location");
    assert!(location.starts_with(&connector), "{location}");
    let end = ask(&simulator, &format!("GET {location}")).await;
    assert_eq!(end.json()["finished"], true);
    assert_eq!(ask(&simulator, &format!("GET {connector}")).await.status, 404);
}

#[tokio::test(start_paused = true)]
async fn a_name_can_choose_failure() {
    let simulator = started(Simulator::builder()).await;
    let (created, _) = create(&simulator, "fail-demo").await;
    operations_end().await;
    let end = ask(&simulator, &format!("GET {}", created.text("/location"))).await;
    assert_eq!(end.text("/result/result"), "failed");
    assert_eq!(end.text("/result/reason"), Builder::DEFAULT_REASON);
}

#[tokio::test(start_paused = true)]
async fn a_modification_is_done_at_once_or_takes_its_time() {
    let simulator = started(Simulator::builder()).await;
    let (_, connector) = create(&simulator, "demo").await;
    let (put, get) = (format!("PUT {connector}"), format!("GET {connector}"));
    let wider = json!({"connector": {"bandwidth": 100}});
    let early = send(&simulator, &put, &wider).await;
    let id = connector.rsplit('/').next().unwrap();
    assert_eq!(early.error(), format!("409 PLAS.0409 connector {id} is Pending, but must be Available"));

    operations_end().await;
    let described = json!({"connector": {"description": "ours"}});
    assert_eq!(send(&simulator, &put, &described).await.status, 200);
    let seen = ask(&simulator, &get).await;
    assert_eq!(seen.text("/connector/description"), "ours");

    let accepted = send(&simulator, &put, &wider).await;
    assert_eq!(accepted.status, 202);
    let poll = format!("GET {}", accepted.text("/location"));
    assert_eq!(ask(&simulator, &poll).await.text("/operationType"), "update");
    let bandwidth = async || ask(&simulator, &get).await.json()["connector"]["bandwidth"].clone();
    assert_eq!(bandwidth().await, 50);
    operations_end().await;
    assert_eq!(bandwidth().await, 100);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_connector_is_gone_but_its_operation_is_not() {
    let simulator = started(Simulator::builder()).await;
    let (_, connector) = create(&simulator, "demo").await;
    operations_end().await;
    let deleted = ask(&simulator, &format!("DELETE {connector}")).await;
    assert_eq!(deleted.status, 202);
    operations_end().await;

    let gone = ask(&simulator, &format!("GET {connector}")).await;
    let id = connector.rsplit('/').next().unwrap();
    assert_eq!(gone.error(), format!("404 PLAS.0404 there is no connector {id}"));
    let end = ask(&simulator, &format!("GET {}", deleted.text("/location"))).await;
    assert_eq!(end.text("/operationType"), "delete");
    assert_eq!(end.text("/result/result"), "success");
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let simulator = started(Simulator::builder()).await;
    for number in 1..=12 {
        create(&simulator, &format!("demo-{number}")).await;
    }
    create(&simulator, "other").await;
    let query = format!("GET {CONNECTORS}?name=demo&pageSize=10&pageNum=2");
    let page = ask(&simulator, &query).await.json();
    assert_eq!(page["totalNum"], 12);
    assert_eq!((&page["pageSize"], &page["currentPage"]), (&json!(10), &json!(2)));
    let data = page["data"].as_array().unwrap();
    let names: Vec<_> = data.iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["demo-11", "demo-12"]);

    let all = ask(&simulator, &format!("GET {CONNECTORS}")).await.json();
    assert_eq!(all["totalNum"], 13);
    assert_eq!(all["data"].as_array().unwrap().len(), 10);
    let wrong = ask(&simulator, &format!("GET {CONNECTORS}?pageSize=1000")).await;
    assert_eq!(wrong.error(), "400 PLAS.0400 pageSize is \"1000\", but must be a number from 10 to 100");
}

#[tokio::test]
async fn every_answer_is_json_names_its_request_and_is_not_cached() {
    let simulator = started(Simulator::builder()).await;
    let (created, connector) = create(&simulator, "demo").await;
    let mut ids = Vec::new();
    for (status, reply) in [
        (202, created),
        (200, ask(&simulator, &format!("GET {connector}")).await),
        (404, ask(&simulator, "GET /v1.0/plasconnector").await),
        (404, ask(&simulator, &format!("GET {CONNECTORS}/%FF")).await),
        (404, ask(&simulator, &format!("GET {connector}/operations/x")).await),
        (405, ask(&simulator, &format!("PATCH {connector}")).await),
        (400, ask(&simulator, &format!("POST {CONNECTORS}")).await),
    ] {
        assert_eq!(reply.status, status, "{}", reply.body);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("cache-control"), Some("no-cache"));
        assert!(reply.json().is_object());
        ids.push(reply.header("x-request-id").unwrap().to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 7);
    assert_eq!(simulator.requests(), 7);
}

#[tokio::test]
async fn a_body_that_is_not_understood_is_refused_in_so_many_words() {
    let simulator = started(Simulator::builder()).await;
    let call = format!("POST {CONNECTORS}");
    let post = async |headers: &str, body: &str| {
        let reply = try_ask(&simulator, &call, headers, body.as_bytes()).await;
        reply.expect("an answer").error()
    };
    assert_eq!(post("", "{}").await, "400 PLAS.0400 Content-Type is missing, but must be application/json");
    assert_eq!(
        post("Content-Type: text/plain\r\n", "{}").await,
        "400 PLAS.0400 Content-Type is \"text/plain\", but must be application/json"
    );
    assert_eq!(post(JSON, "").await, "400 PLAS.0400 the body is missing");
    assert!(post(JSON, "{").await.starts_with("400 PLAS.0400 the body is not JSON: "));
    assert_eq!(
        post("content-type: Application/JSON; charset=utf-8\r\n", "{}").await,
        "400 PLAS.0400 connector is missing"
    );
    assert_eq!(post(JSON, &" ".repeat(200_000)).await, "413 APIG.0201 the body is longer than 65536 bytes");
    assert!(post(JSON, &" ".repeat(65_536)).await.starts_with("400 "));
}

#[tokio::test]
async fn a_wrong_path_or_method_is_told_apart() {
    let simulator = started(Simulator::builder()).await;
    assert_eq!(
        ask(&simulator, "GET /v1.0/connectors").await.error(),
        "404 APIG.0101 there is no /v1.0/connectors in this API"
    );
    let reply = ask(&simulator, &format!("DELETE {CONNECTORS}")).await;
    assert_eq!(reply.error(), format!("405 PLAS.0405 DELETE is not a call of {CONNECTORS}"));
    assert_eq!(reply.header("allow"), Some("GET,HEAD,POST"));
}

#[tokio::test]
async fn a_token_is_asked_for_before_anything_is_told() {
    let simulator = started(Simulator::builder().token("s3cret")).await;
    let with = async |headers: &str| {
        let reply = try_ask(&simulator, "GET /nothing", headers, b"").await;
        reply.expect("an answer").error()
    };
    assert_eq!(with("").await, "401 APIG.1000 The token is missing.");
    assert_eq!(
        with("X-Auth-Token: s3cre\r\n").await,
        "401 APIG.0301 Incorrect IAM authentication information: token is invalid"
    );
    assert!(with("X-Auth-Token: s3cret\r\n").await.starts_with("404 "));
}
