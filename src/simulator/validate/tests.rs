//! Every way a body or a query can be wrong, and the sentence a client gets for it.
//! No HTTP here: how a refusal is sent is tried over a socket.

use serde_json::json;

use super::*;

/// The sample of the reference.
pub(in crate::simulator) fn sample() -> Value {
    json!({"connector": {
        "name": "plasconnector-1",
        "bandwidth": 50,
        "cloudInfo": {
            "provider": "OTC",
            "masterLocation": "Biere",
            "masterDirectConnectId": "uuid1",
            "slaveLocation": "Magdeburg",
            "slaveDirectConnectId": "uuid2",
        },
        "networkInfo": {
            "provider": "Telekom",
            "networkDomain": "IPLS",
            "masterLocation": "Biere",
            "slaveLocation": "Magdeburg",
            "lineId": "UUID",
            "popLocation": "popLocationID",
        },
    }})
}

fn refusal_of(body: &Value) -> String {
    create(body.to_string().as_bytes()).unwrap_err()
}

/// The sample with one field changed, or left out when there is no value.
fn with(pointer: &str, value: Option<Value>) -> Value {
    let mut body = sample();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(name.to_owned(), value),
        None => parent.remove(name),
    };
    body
}

#[test]
fn the_sample_of_the_reference_is_understood() {
    let spec = create(sample().to_string().as_bytes()).unwrap();
    assert_eq!(spec.name, "plasconnector-1");
    assert_eq!(spec.bandwidth, 50);
    assert_eq!(spec.description, None);
    assert_eq!(spec.cloud.slave_direct_connect_id, "uuid2");
    assert_eq!(spec.network.domain, "IPLS");
    assert_eq!(spec.network.line_id.as_deref(), Some("UUID"));
}

#[test]
fn a_field_is_required_unless_the_reference_calls_it_optional() {
    for field in [
        "connector.name",
        "connector.bandwidth",
        "connector.cloudInfo",
        "connector.cloudInfo.provider",
        "connector.cloudInfo.masterLocation",
        "connector.cloudInfo.masterDirectConnectId",
        "connector.cloudInfo.slaveLocation",
        "connector.cloudInfo.slaveDirectConnectId",
        "connector.networkInfo",
        "connector.networkInfo.provider",
        "connector.networkInfo.networkDomain",
        "connector.networkInfo.masterLocation",
        "connector.networkInfo.slaveLocation",
        "connector.networkInfo.popLocation",
    ] {
        let pointer = format!("/{}", field.replace('.', "/"));
        assert_eq!(refusal_of(&with(&pointer, None)), format!("{field} is missing"));
    }
    let without = with("/connector/networkInfo/lineId", None);
    let spec = create(without.to_string().as_bytes()).unwrap();
    assert_eq!(spec.network.line_id, None);
}

#[test]
fn a_wrong_value_is_quoted_with_what_it_must_be() {
    for (pointer, value, expected) in [
        (
            "/connector/bandwidth",
            json!(51),
            "connector.bandwidth is 51, but must be one of 10, 50, 100, 150, 200, 300, 400, 500, 600, 1000",
        ),
        (
            "/connector/bandwidth",
            json!("50"),
            "connector.bandwidth is \"50\", but must be one of 10, 50, 100, 150, 200, 300, 400, 500, 600, 1000",
        ),
        (
            "/connector/name",
            json!("a b"),
            "connector.name is \"a b\", but must be letters, digits, _ and - only",
        ),
        ("/connector/name", json!(""), "connector.name is \"\", but must be text of 1 to 64 characters"),
        (
            "/connector/description",
            Value::Null,
            "connector.description is null, but must be text of 0 to 255 characters",
        ),
        (
            "/connector/cloudInfo/masterDirectConnectId",
            json!(7),
            "connector.cloudInfo.masterDirectConnectId is 7, but must be text of 1 to 36 characters",
        ),
        ("/connector/networkInfo", json!([]), "connector.networkInfo is [], but must be an object"),
        (
            "/connector/cloudInfo/masterlocation",
            json!("Biere"),
            "connector.cloudInfo.masterlocation is not a field of this call",
        ),
        ("/connector/descripton", json!("x"), "connector.descripton is not a field of this call"),
    ] {
        assert_eq!(refusal_of(&with(pointer, Some(value))), expected);
    }
}

#[test]
fn lengths_are_counted_in_characters_up_to_their_bound() {
    let longest = "n".repeat(64);
    create(with("/connector/name", Some(json!(longest))).to_string().as_bytes()).unwrap();
    let refusal = refusal_of(&with("/connector/name", Some(json!("n".repeat(65)))));
    assert!(refusal.ends_with("text of 1 to 64 characters"), "{refusal}");

    let umlauts = with("/connector/description", Some(json!("ä".repeat(255))));
    create(umlauts.to_string().as_bytes()).unwrap();
}

#[test]
fn a_huge_value_is_not_sent_back_whole() {
    let refusal = refusal_of(&with("/connector/name", Some(json!("ä".repeat(50_000)))));
    assert!(refusal.chars().count() < 200, "{}", refusal.chars().count());
    let refusal = refusal_of(&with(&format!("/connector/{}", "x".repeat(50_000)), Some(json!(1))));
    assert!(refusal.chars().count() < 200, "{}", refusal.chars().count());
}

#[test]
fn what_is_no_document_is_refused() {
    let refusal = |body: &str| create(body.as_bytes()).unwrap_err();
    assert_eq!(refusal(""), "the body is missing");
    assert_eq!(refusal("[1]"), "the body is [1], but must be an object");
    assert_eq!(refusal("{}"), "connector is missing");
    assert_eq!(refusal(r#"{"connector": 7}"#), "connector is 7, but must be an object");
    assert_eq!(refusal(r#"{"connector": {}, "dryRun": true}"#), "dryRun is not a field of this call");
    assert!(refusal("{\"connector\"").starts_with("the body is not JSON: "));
}

#[test]
fn a_change_may_name_any_field_but_not_none() {
    let change = |connector: Value| modify(json!({"connector": connector}).to_string().as_bytes());
    assert_eq!(
        change(json!({"bandwidth": 100, "lineId": "line-7"})).unwrap(),
        Change { bandwidth: Some(100), line_id: Some("line-7".to_owned()), ..Change::default() }
    );
    assert_eq!(
        change(json!({"networkInfo": {"lineId": "line-7"}})).unwrap(),
        Change { line_id: Some("line-7".to_owned()), ..Change::default() }
    );
    assert_eq!(
        change(json!({})).unwrap_err(),
        "connector has nothing to change: give name, description, bandwidth or lineId"
    );
    assert_eq!(
        change(json!({"lineId": "a", "networkInfo": {"lineId": "b"}})).unwrap_err(),
        "connector.networkInfo.lineId is given, and so is connector.lineId"
    );
    assert_eq!(
        change(json!({"networkInfo": {"provider": "Telekom"}})).unwrap_err(),
        "connector.networkInfo.provider is not a field of this call"
    );
    assert_eq!(
        change(json!({"cloudInfo": {}})).unwrap_err(),
        "connector.cloudInfo is not a field of this call"
    );
}

#[test]
fn a_page_has_defaults_and_bounds() {
    let page = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        page(&pairs.collect())
    };
    let default = Page { name: String::new(), size: 10, number: 1 };
    assert_eq!(page(&[]).unwrap(), default);
    assert_eq!(page(&[("name", ""), ("pageSize", ""), ("pageNum", "")]).unwrap(), default);
    let page_2 = page(&[("name", "demo"), ("pageSize", "100"), ("pageNum", "2")]).unwrap();
    assert_eq!((page_2.name.as_str(), page_2.size, page_2.number), ("demo", 100, 2));
    for wrong in ["9", "101", "-1", "many"] {
        assert_eq!(
            page(&[("pageSize", wrong)]).unwrap_err(),
            format!("pageSize is \"{wrong}\", but must be a number from 10 to 100")
        );
    }
    assert_eq!(
        page(&[("pageNum", "0")]).unwrap_err(),
        "pageNum is \"0\", but must be a number from 1 to 2147483647"
    );
}
