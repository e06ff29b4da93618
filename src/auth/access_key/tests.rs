//! What a request is given, and what is no key.

use url::Url;

use super::*;

const DATE: &str = "19700101T000001Z";

fn signed(key: &AccessKey, url: &str) -> Headers {
    key.signed(&Request::new("GET", &Url::parse(url).unwrap(), b""), DATE)
}

fn told<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.get(name).map(ExposeSecret::expose_secret)
}

#[test]
fn a_request_is_sent_with_what_was_signed() {
    let key = AccessKey::new("ak", "sk").unwrap();
    let plain = signed(&key, "http://example.com/");
    let names: Vec<_> = plain.iter().map(|(name, _, is_secret)| (name, is_secret)).collect();
    assert_eq!(names, [("Authorization", true), ("X-Sdk-Date", false)]);
    assert_eq!(told(&plain, "X-Sdk-Date"), Some(DATE));
    let begin =
        "SDK-HMAC-SHA256 Credential=ak/19700101///sdk_request, SignedHeaders=host;x-sdk-date, Signature=";
    assert!(told(&plain, "Authorization").unwrap().starts_with(begin), "{:?}", told(&plain, "Authorization"));

    // As the tests of Ademund.OTC.Utils publish it.
    let in_project = signed(&key.clone().with_project_id("project"), "http://example.com/");
    assert_eq!(told(&in_project, "X-Project-Id"), Some("project"));
    assert_eq!(
        told(&in_project, "Authorization").unwrap(),
        "SDK-HMAC-SHA256 Credential=ak/19700101///sdk_request, SignedHeaders=host;x-project-id;x-sdk-date, \
        Signature=ec385090522c25504a5b574c7195ac56bf37081d90f74fc093a2676f906cb057"
    );

    let temporary =
        key.with_project_id("project").with_security_token("t0ken").with_signature(Signature::Access);
    let temporary = signed(&temporary, "http://example.com/");
    assert_eq!(told(&temporary, "X-Security-Token"), Some("t0ken"));
    assert!(temporary.iter().any(|(name, _, is_secret)| name == "X-Security-Token" && is_secret));
    let begin =
        "SDK-HMAC-SHA256 Access=ak, SignedHeaders=host;x-project-id;x-sdk-date;x-security-token, Signature=";
    assert!(told(&temporary, "Authorization").unwrap().starts_with(begin));
}

#[test]
fn everything_that_is_signed_changes_the_signature() {
    let key = AccessKey::new("ak", "sk").unwrap();
    let of = |key: &AccessKey, url: &str| told(&signed(key, url), "Authorization").unwrap().to_owned();
    let signature = |authorization: String| authorization.rsplit('=').next().unwrap().to_owned();
    let token = |token: &str| key.clone().with_security_token(token);
    let project = |id: &str| key.clone().with_project_id(id);
    let form = |text: &str| key.clone().with_signature(text.parse().unwrap());
    let mut all: Vec<String> = [
        of(&key, "http://example.com/"),
        of(&key, "http://example.com:8080/"),
        of(&key, "http://example.com/a"),
        of(&key, "http://example.com/?a"),
        of(&token("a"), "http://example.com/"),
        of(&token("b"), "http://example.com/"),
        of(&project("a"), "http://example.com/"),
        of(&project("b"), "http://example.com/"),
        of(&form("access"), "http://example.com/"),
        of(&form("credential/a/"), "http://example.com/"),
        of(&form("credential//a"), "http://example.com/"),
        of(&AccessKey::new("ak", "sK").unwrap(), "http://example.com/"),
    ]
    .map(signature)
    .to_vec();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 12);
}

#[test]
fn white_space_around_is_no_part_of_a_key() {
    let key = AccessKey::new(" ak\n", "\tsk\r\n").unwrap().with_project_id(" p ").with_security_token("t\n");
    assert_eq!((key.id(), key.secret.expose_secret(), key.project_id()), ("ak", "sk", Some("p")));
    assert_eq!(told(&signed(&key, "http://h"), "X-Security-Token"), Some("t"));
    let key = key.with_project_id(" ").with_security_token("");
    assert_eq!((key.project_id(), key.has_security_token()), (None, false));
    assert!(key.with_security_token("t").has_security_token());
}

#[test]
fn what_is_no_key_is_refused_without_being_told() {
    let refused = |id: &str, secret: &str| AccessKey::new(id, secret).unwrap_err().to_string();
    assert_eq!(refused(" ", "s3cret"), "the access key is empty");
    assert_eq!(refused("ak", "\n"), "the secret key is empty");
    let unfit = "holds a space, a line break or another character that no key has";
    assert_eq!(refused("a k", "s3cret"), format!("the access key {unfit}"));
    for secret in ["s3 cret", "s3cret\r\nX-Evil: 1", "s3crét"] {
        assert_eq!(refused("ak", secret), format!("the secret key {unfit}"));
    }
}

#[test]
fn only_a_key_that_is_not_temporary_lasts() {
    let key = AccessKey::new("ak", "sk").unwrap();
    assert_eq!(key.standing(), Standing::new(None, None, true));
    assert_eq!(key.with_security_token("t").standing(), Standing::new(None, None, false));
}

#[test]
fn a_key_tells_the_form_in_which_it_signs() {
    let key = AccessKey::new("ak", "sk").unwrap();
    assert_eq!(key.signature(), &Signature::default());
    assert_eq!(key.with_signature(Signature::Access).signature(), &Signature::Access);
}

#[tokio::test]
async fn nothing_is_signed_with_a_key_or_its_clone_once_it_was_refused() {
    let (key, url) = (AccessKey::new("ak", "sk").unwrap(), Url::parse("http://h").unwrap());
    let (clone, request) = (key.clone(), Request::new("GET", &url, b""));
    let headers = clone.authorize(&request).await.unwrap();
    assert!(told(&headers, "X-Sdk-Date").is_some_and(|date| date.len() == DATE.len()));
    assert!(!key.refused(&headers).await.unwrap());
    for key in [key, clone] {
        let refused = key.authorize(&request).await.unwrap_err();
        assert_eq!(refused.kind(), AuthErrorKind::Denied);
    }
}

#[test]
fn debug_shows_no_secret() {
    let key = AccessKey::new("ak", "s3cret").unwrap().with_project_id("p").with_security_token("t0ken");
    let form = r#"Credential { region: "", service: "" }"#;
    let expected = format!(r#"AccessKey {{ id: "ak", project_id: Some("p"), signature: {form}, .. }}"#);
    assert_eq!(format!("{key:?}"), expected);
}
