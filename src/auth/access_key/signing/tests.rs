//! Signatures that others have published, and the corners of a URL that they leave out.

use serde::Deserialize;

use super::*;

/// A request with its signature, from the documents and tests of others.
#[derive(Deserialize)]
struct Vector {
    name: String,
    source: String,
    signature: String,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: String,
    key_id: String,
    secret: String,
    date: String,
    canonical_request: String,
    string_to_sign: String,
    authorization: String,
}

#[test]
fn every_published_request_is_signed_as_it_was_published() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert_eq!(vectors.len(), 12);
    for vector in vectors {
        let told = format!("{} of {}", vector.name, vector.source);
        let url = Url::parse(&vector.url).unwrap();
        let signature: Signature = vector.signature.parse().unwrap();
        let request = Request::new(&vector.method, &url, vector.body.as_bytes());
        let headers = vector.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let canonical = canonical_request(&request, &headers);
        assert_eq!(canonical, vector.canonical_request, "{told}");
        assert_eq!(string_to_sign(&signature, &vector.date, &canonical), vector.string_to_sign, "{told}");
        let key = (&*vector.key_id, &*vector.secret);
        assert_eq!(
            authorization(&request, &headers, &signature, key, &vector.date),
            vector.authorization,
            "{told}"
        );
    }
}

#[test]
fn a_path_is_signed_encoded_once_and_with_a_slash_at_its_end() {
    for (url, path) in [
        ("http://h", "/"),
        ("http://h/", "/"),
        ("http://h/a", "/a/"),
        ("http://h/a/", "/a/"),
        ("http://h/a%20b", "/a%20b/"),
        ("http://h/a b", "/a%20b/"),
        ("http://h/a%2fb//c", "/a/b//c/"),
        ("http://h/A-Z_a.z~0", "/A-Z_a.z~0/"),
        ("http://h/%7Ea:@!$&'()*+,;=", "/~a%3A%40%21%24%26%27%28%29%2A%2B%2C%3B%3D/"),
        ("http://h/ä%c3%a4", "/%C3%A4%C3%A4/"),
        ("http://h/%ff%zz", "/%FF%25zz/"),
    ] {
        assert_eq!(canonical_path(Url::parse(url).unwrap().path()), path, "{url}");
    }
}

/// The case of the tests of huaweicloud-sdk-go-v3 and huaweicloud-sdk-python-v3.
#[test]
fn a_query_is_signed_as_the_sdks_sign_it() {
    let mut url = Url::parse("http://h").unwrap();
    url.query_pairs_mut()
        .append_pair("limit", "1")
        .append_pair("enable", "true")
        .append_pair("test", "一 (&=?!#%.*)")
        .append_pair("path", "/tmp/123")
        .extend_pairs([("multi", "3"), ("multi", "1"), ("multi", "2")]);
    let signed = "enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123\
        &test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29";
    assert_eq!(canonical_query(url.query().unwrap()), signed);
}

#[test]
fn a_query_is_signed_sorted_and_encoded_once() {
    for (query, signed) in [
        ("", ""),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=10&a=1", "a=1&a=10&a=2"),
        // By the whole name before anything else.
        ("a-b=1&a=2&a.b=3", "a=2&a-b=1&a.b=3"),
        ("a", "a="),
        ("a=&b", "a=&b="),
        ("&a=1&&b=2&", "a=1&b=2"),
        ("a=b=c", "a=b%3Dc"),
        ("a=1+2&a=1%202&a=1%2B2", "a=1%202&a=1%202&a=1%2B2"),
        ("a+b=c", "a%20b=c"),
        ("ä=%c3%a4", "%C3%A4=%C3%A4"),
        ("a=%ff", "a=%FF"),
        ("a=~-_.*", "a=~-_.%2A"),
    ] {
        assert_eq!(canonical_query(query), signed, "{query}");
    }
}

#[test]
fn the_host_is_signed_with_a_port_that_is_not_the_default_one() {
    for (url, signed) in [
        ("https://Plas.Example/a:b", "plas.example"),
        ("https://plas.example:443/", "plas.example"),
        ("https://plas.example:80/", "plas.example:80"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080/?q", "[::1]:8080"),
        ("https://bücher.example", "xn--bcher-kva.example"),
    ] {
        assert_eq!(host(&Url::parse(url).unwrap()), signed, "{url}");
    }
}

#[test]
fn white_space_around_a_value_is_not_signed() {
    let url = Url::parse("http://h").unwrap();
    let request = Request::new("GET", &url, b"");
    let signed = |value| canonical_request(&request, &Signed::from([("x-project-id", value)]));
    assert_eq!(signed(" a  b\t"), signed("a  b"));
    assert!(signed("a  b").contains("\nx-project-id:a  b\n"));
}
