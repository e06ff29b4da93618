//! What a secret looks like to whoever searches for it: as it is, and in every form that is read back easily.
//! Which secrets there are is not known here.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What `encodeURIComponent` and its like leave as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The form of this secret that stands in this text, if one does.
pub(crate) fn found(text: &str, secret: &str) -> Option<String> {
    assert!(secret.chars().count() >= 6, "`{secret}` may stand anywhere by chance");
    forms(secret).into_iter().find(|form| text.contains(form.as_str()))
}

fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).expect("a text is JSON");
    let json = json.trim_matches('"').to_owned();
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let unicode = |upper: bool| {
        secret.chars().map(move |c| match c {
            c if c.is_ascii_alphanumeric() => c.to_string(),
            c if upper => format!("\\u{:04X}", u32::from(c)),
            c => format!("\\u{:04x}", u32::from(c)),
        })
    };
    let mut forms = vec![
        secret.to_owned(),
        json.replace('/', "\\/"),
        json.clone(),
        serde_json::to_string(&json).expect("a text is JSON").trim_matches('"').to_owned(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        utf8_percent_encode(secret, UNRESERVED).to_string(),
        utf8_percent_encode(secret, UNRESERVED).to_string().to_lowercase(),
        html,
        unicode(true).collect(),
        unicode(false).collect(),
        format!("{:?}", secret.as_bytes()).trim_matches(['[', ']']).to_owned(),
    ];
    for offset in 0..3 {
        // As it is in the middle of something longer; what it shares a character with is left out.
        let shifted = [&vec![0; offset], secret.as_bytes()].concat();
        for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&shifted);
            let begin = (offset * 8).div_ceil(6);
            forms.push(encoded[begin..encoded.len() - 1].to_owned());
        }
    }
    forms
}

#[test]
fn a_secret_is_found_in_each_form() {
    let secret = "p4ss/w\u{f6}rd\"+&=<";
    for text in [
        "it is p4ss/w\u{f6}rd\"+&=<!",
        r#"{"a":"p4ss\/wörd\"+&=<"}"#,
        "?a=p4ss%2Fw%C3%B6rd%22%2B%26%3D%3C",
        "<p>p4ss/w\u{f6}rd&quot;+&amp;=&lt;",
        // `me:` before it.
        "Basic bWU6cDRzcy93w7ZyZCIrJj08",
    ] {
        assert!(found(text, secret).is_some(), "{text}");
    }
    assert_eq!(found("p4ss", secret), None);
}
