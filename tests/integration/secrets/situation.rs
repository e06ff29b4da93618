//! What a server makes of whoever shows it a secret: it says all of it back, in every form that servers use.
//! What may be told of that is not known here.

use serde_json::json;

use crate::support::server::{Hit, Reply, Then};
use crate::support::{PENDING, SUCCESS};

/// What happens to requests for the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Situation {
    Success,
    Failure,
    /// A refusal that repeats the request.
    Refused(u16),
    Redirected,
    /// An answer that is none.
    Garbled,
    /// No answer.
    Silent,
    /// The identity service refuses, and repeats what it was sent.
    NoLogin(u16),
}

impl Situation {
    /// How long to wait: not long where nothing else ends it, though for long enough to ask on a machine that is busy.
    pub(crate) fn limit(self) -> &'static str {
        match self {
            Self::Refused(503) | Self::Garbled | Self::Silent | Self::NoLogin(500) => "1s",
            _ => "20s",
        }
    }
}

pub(crate) const SITUATIONS: [Situation; 11] = [
    Situation::Success,
    Situation::Failure,
    Situation::Refused(400),
    Situation::Refused(401),
    Situation::Refused(404),
    Situation::Refused(503),
    Situation::Redirected,
    Situation::Garbled,
    Situation::Silent,
    Situation::NoLogin(401),
    Situation::NoLogin(500),
];

/// Secrets of the server.
pub(crate) const COOKIE: &str = "c00kie-of/the+server=";
pub(crate) const ISSUED: &str = "issued/t0ken+&=~-_.";

/// All that was sent, as somebody may say it back, in each form.
fn echo(hit: &Hit) -> String {
    let headers: Vec<_> = hit.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let all = [hit.line.clone(), headers.join(", "), hit.body.clone()].join("; ");
    let encoded = percent_encoding::utf8_percent_encode(&all, percent_encoding::NON_ALPHANUMERIC).to_string();
    let html = all.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;");
    format!("got {all} or {encoded} or {html}")
}

/// A document with all of it, as the serializer of this or that language writes it.
fn document(fields: &serde_json::Value, is_escaped: bool) -> String {
    let text = fields.to_string();
    if !is_escaped {
        return text;
    }
    let escape = |text: String, c: char| text.replace(c, &format!("\\u{:04x}", u32::from(c)));
    let text = text.replace('/', "\\/");
    ['&', '<', '>', '\'', '+', '='].into_iter().fold(text, escape)
}

/// The answer to this request, the `nth` for its path. The server is at this URL.
pub(crate) fn reply(situation: Situation, hit: &Hit, nth: usize, url: &str) -> Reply {
    if hit.path().contains("/auth/tokens") {
        return login(situation, hit, url);
    }
    let is_escaped = nth.is_multiple_of(2);
    let cookie = format!("session={COOKIE}; Path=/");
    let reply = match situation {
        Situation::Success if nth < 3 && hit.line.starts_with("GET") => Reply::json(200, PENDING),
        Situation::Success if hit.line.starts_with("POST") => {
            Reply::json(202, r#"{"location":"/v1.0/plasconnector/connectors/c1/operations/o1"}"#)
        }
        Situation::Success | Situation::NoLogin(_) => Reply::json(200, SUCCESS),
        Situation::Failure if nth < 2 => Reply::json(200, PENDING),
        Situation::Failure => {
            let result = json!({"result": "failed", "reason": echo(hit), "cause": echo(hit)});
            Reply::json(200, document(&json!({"finished": true, "result": result}), is_escaped))
        }
        Situation::Refused(status) => {
            let fault = json!({"error_code": "APIG.1", "error_msg": echo(hit), "sent": echo(hit)});
            Reply::json(status, document(&fault, is_escaped)).header("X-Request-Id", "7f")
        }
        Situation::Redirected => {
            let all = echo(hit);
            let path = percent_encoding::utf8_percent_encode(&all, percent_encoding::NON_ALPHANUMERIC);
            let token = hit.header("x-auth-token").or(hit.header("authorization")).unwrap_or_default();
            let to = format!("http://other.example/{path}/{token}?again={path}");
            Reply::json(302, "").header("Location", &to)
        }
        Situation::Garbled => Reply::new(200, "text/plain", echo(hit)),
        Situation::Silent => return Reply::nothing(Then::Hang),
    };
    reply.header("Set-Cookie", &cookie)
}

fn login(situation: Situation, hit: &Hit, url: &str) -> Reply {
    if let Situation::NoLogin(status) = situation {
        let fault = json!({"error": {"code": status, "message": echo(hit), "title": echo(hit)}});
        return Reply::json(status, document(&fault, true));
    }
    let catalog =
        json!([{"type": "plas", "endpoints": [{"interface": "public", "region": "eu-de", "url": url}]}]);
    let user = json!({"id": "u1", "name": echo(hit), "domain": {"id": "d1", "name": "D"}});
    let token = json!({"expires_at": "2015-11-09T01:00:00.000000Z", "user": user, "catalog": catalog});
    let reply = Reply::json(201, document(&json!({ "token": token }), true));
    reply.header("X-Subject-Token", ISSUED).header("Date", "Mon, 09 Nov 2015 00:00:00 GMT")
}
