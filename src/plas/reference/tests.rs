//! References in all their forms, and what is none.

use super::*;

const C: &str = "e7b778a7-5d94-4263-813f-4aec18473a5a";
const O: &str = "95a44e38-5d61-44ca-a5c4-f241812fbd51";

#[test]
fn every_form_names_the_same_operation() {
    let path = |connectors: &str| format!("/v1.0/plasconnector/{connectors}/{C}/operations/{O}");
    for form in [
        format!("{C}/{O}"),
        path("connectors"),
        path("connector"),
        format!("https://plas.example{}", path("connectors")),
        format!("https://gateway.example/plas{}", path("connector")),
    ] {
        let reference: Reference = form.parse().unwrap();
        assert_eq!((reference.connector_id(), reference.operation_id()), (C, O), "{form}");
        assert_eq!(reference.to_string(), format!("{C}/{O}"));
    }
    assert_eq!(Reference::from_ids(C, O).unwrap().location(), path("connectors"));
    assert!(!Reference::from_ids(C, O).unwrap().is_url());
    assert!(format!("https://plas.example{}", path("connector")).parse::<Reference>().unwrap().is_url());
    let accepted = format!(r#"{{"location": "{}", "more": 1}}"#, path("connector"));
    assert_eq!(Reference::from_accepted(&accepted).unwrap().location(), path("connector"));
}

#[test]
fn ids_are_encoded_so_that_they_stay_in_their_place() {
    for (id, encoded) in [("a b", "a%20b"), ("ä?#", "%C3%A4%3F%23"), ("%2e", "%252e"), ("a:b@c", "a%3Ab%40c")]
    {
        let reference = Reference::from_ids(id, id).unwrap();
        assert_eq!(reference.location(), format!("{PREFIX}/connectors/{encoded}/operations/{encoded}"));
        assert_eq!(reference.location().parse::<Reference>().unwrap().operation_id(), id);
    }
}

#[test]
fn what_is_no_reference_is_refused_with_the_reason() {
    let long = "x".repeat(37);
    for (text, reason) in [
        ("", "`` is neither CONNECTOR_ID/OPERATION_ID, nor a path that starts with /, nor a URL"),
        ("abc", "`abc` is neither CONNECTOR_ID/OPERATION_ID, nor a path that starts with /, nor a URL"),
        ("a/b/c", "`a/b/c` is neither CONNECTOR_ID/OPERATION_ID, nor a path that starts with /, nor a URL"),
        ("a/", "the operation id `` is empty; ids have 1 to 36 characters"),
        ("/b", "`/b` is not the location of an operation: …/plasconnector/connectors/ID/operations/ID"),
        ("../b", "the connector id `..` is no id; ids have 1 to 36 characters"),
        (
            &format!("a/{long}"),
            &format!("the operation id `{long}` is 37 characters long; ids have 1 to 36 characters"),
        ),
        (
            "a/b\u{1b}",
            "the operation id `b ` holds a character that cannot be seen; ids have 1 to 36 characters",
        ),
        (
            "https://plas.example/v1.0/plasconnector/connectors/a/operations/b?x=1",
            "`https://plas.example/v1.0/plasconnector/connectors/a/operations/b?…` is not the location of an operation: …/plasconnector/connectors/ID/operations/ID",
        ),
        ("https://me:s3cret@plas.example/foo", "the URL holds a user name or a password"),
        (
            "me:s3cret@plas.example",
            "`…@plas.example` is neither CONNECTOR_ID/OPERATION_ID, nor a path that starts with /, nor a URL",
        ),
        ("https://me:s3cret@plas.example:x/foo", "`…@plas.example:x/foo` is not a URL: invalid port number"),
        (
            "/v1.0/plasconnector/connectors/a/operations/%ff",
            "`/v1.0/plasconnector/connectors/a/operations/%ff` is not the location of an operation: …/plasconnector/connectors/ID/operations/ID",
        ),
    ] {
        assert_eq!(text.parse::<Reference>().unwrap_err().to_string(), reason);
    }
    for body in [
        "",
        "[]",
        r#"["/v1.0/plasconnector/connectors/a/operations/b"]"#,
        "{}",
        r#"{"location":1}"#,
        "<html>",
    ] {
        let error = Reference::from_accepted(body).unwrap_err();
        assert!(error.to_string().starts_with("this is not the answer of a call"), "{error}");
    }
}

#[test]
fn each_spelling_has_another() {
    let [singular, plural] = ["connector", "connectors"]
        .map(|connectors| format!("https://plas.example/v1.0/plasconnector/{connectors}/a/operations/b"));
    assert_eq!(other_spelling(&singular).unwrap(), plural);
    assert_eq!(other_spelling(&plural).unwrap(), singular);
}
