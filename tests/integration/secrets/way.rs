//! The ways in which a secret comes in, as a person or a script gives it to the command.
//! What becomes of it is not known here.

/// A way, with what it takes.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) args: Vec<String>,
    pub(crate) files: Vec<(&'static str, String)>,
    pub(crate) secrets: Vec<&'static str>,
    /// What the server has to have had, in its headers or a body.
    pub(crate) sent: Vec<String>,
    /// Whether a server is asked for a token first.
    pub(crate) logs_in: bool,
    /// Only the call that starts something carries it.
    pub(crate) is_body: bool,
}

/// Each has a character that something escapes, and none is a part of another one.
pub(crate) const TOKEN: &str = "t0k/en+A==&<x>~-_.%";
pub(crate) const PASSWORD: &str = "p4ss/w\"ord+&=<\\x>'%";
const KEY: &str = "secretKEY/of+an=AK";
const APPLICATION: &str = "appl-secret/\"+&=<x>";
const PASSCODE: &str = "918273645";
const SECURITY: &str = "secur1ty/t0k+en==&<";
const HEADER: &str = "header-s3cret/\"+&=<";
const BODY: &str = "body-s3cret/\\\"+&=<";
/// In a URL it is encoded.
const PROXY: &str = "proxy/p4ss+w&=rd<";

fn way(name: &'static str, secrets: &[&'static str]) -> Way {
    Way {
        name,
        variables: Vec::new(),
        args: Vec::new(),
        files: Vec::new(),
        secrets: secrets.to_vec(),
        sent: Vec::new(),
        logs_in: false,
        is_body: false,
    }
}

impl Way {
    fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    fn args<const N: usize>(mut self, args: [&str; N]) -> Self {
        self.args.extend(args.map(str::to_owned));
        self
    }

    fn file(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.files.push((name, text.into()));
        self
    }

    fn sent(mut self, text: impl Into<String>) -> Self {
        self.sent.push(text.into());
        self
    }

    /// At this endpoint.
    fn at(self, url: &str) -> Self {
        self.args(["--endpoint", url])
    }

    /// As this user of a Keystone.
    fn user(mut self, url: &str) -> Self {
        self.logs_in = true;
        let user = [("OS_USERNAME", "alice"), ("OS_USER_DOMAIN_NAME", "D"), ("OS_PROJECT_NAME", "eu-de")];
        self.variables.extend(user.map(|(name, value)| (name, value.to_owned())));
        self.keystone(url)
    }

    fn keystone(mut self, url: &str) -> Self {
        self.logs_in = true;
        self.variable("OS_AUTH_URL", format!("{url}/v3")).variable("OS_REGION_NAME", "eu-de")
    }
}

fn json(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// A cloud `dev` at this Keystone, with this beside what it takes.
fn cloud(url: &str, more: &str) -> String {
    format!(
        "clouds:\n  dev:\n    region_name: eu-de\n    auth:\n      auth_url: {url}/v3\n      username: alice\n      \
         user_domain_name: D\n      project_name: eu-de\n{more}"
    )
}

/// Every way into the command, with the server there.
pub(crate) fn ways(url: &str) -> Vec<Way> {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    let pair = "me:p4ss/w\"ord+&=<\\x>'%";
    let basic = BASE64_STANDARD.encode(pair);
    let host = url.trim_start_matches("http://");
    let proxy = format!("http://me:proxy%2Fp4ss%2Bw%26%3Drd%3C@{host}");
    let proxied = format!("Basic {}", BASE64_STANDARD.encode(format!("me:{PROXY}")));
    let password = format!("\"password\":{}", json(PASSWORD));
    let password_line = format!("      password: {}\n", json(PASSWORD));
    vec![
        way("a token in a variable", &[TOKEN]).variable("LRO_TOKEN", TOKEN).at(url).sent(TOKEN),
        way("a token in a file", &[TOKEN])
            .file("token", TOKEN)
            .args(["--token-file", "token"])
            .at(url)
            .sent(TOKEN),
        way("a token of a command", &[TOKEN])
            .file("token", TOKEN)
            .args(["--token-command", "cat token"])
            .at(url)
            .sent(TOKEN),
        way("a bearer", &[TOKEN])
            .variable("LRO_TOKEN", TOKEN)
            .args(["--bearer"])
            .at(url)
            .sent(format!("Bearer {TOKEN}")),
        way("a user and a password", &[PASSWORD])
            .variable("LRO_TOKEN", pair)
            .args(["--basic"])
            .at(url)
            .sent(format!("Basic {basic}")),
        way("a password in a variable", &[PASSWORD])
            .variable("OS_PASSWORD", PASSWORD)
            .user(url)
            .sent(&*password),
        way("a passcode beside it", &[PASSWORD, PASSCODE])
            .variable("OS_PASSWORD", PASSWORD)
            .variable("OS_PASSCODE", PASSCODE)
            .user(url)
            .sent(&*password)
            .sent(format!("\"passcode\":\"{PASSCODE}\"")),
        way("a password in clouds.yaml", &[PASSWORD])
            .file("clouds.yaml", cloud(url, &password_line))
            .args(["--os-cloud", "dev"])
            .logging_in()
            .sent(&*password),
        way("a password in secure.yaml", &[PASSWORD])
            .file("clouds.yaml", cloud(url, ""))
            .file("secure.yaml", format!("clouds:\n  dev:\n    auth:\n{password_line}"))
            .args(["--os-cloud", "dev"])
            .logging_in()
            .sent(&*password),
        way("a password that fills a blank", &[PASSWORD])
            .file("clouds.yaml", cloud(url, ""))
            .variable("OS_PASSWORD", PASSWORD)
            .args(["--os-cloud", "dev"])
            .logging_in()
            .sent(&*password),
        way("an application credential", &[APPLICATION])
            .variable("OS_APPLICATION_CREDENTIAL_ID", "app")
            .variable("OS_APPLICATION_CREDENTIAL_SECRET", APPLICATION)
            .keystone(url)
            .sent(format!("\"secret\":{}", json(APPLICATION))),
        way("a token for a Keystone", &[TOKEN]).variable("OS_TOKEN", TOKEN).keystone(url).sent(TOKEN),
        way("an access key", &[KEY])
            .variable("OS_ACCESS_KEY", "AK")
            .variable("OS_SECRET_KEY", KEY)
            .variable("OS_REGION_NAME", "eu-de")
            .at(url)
            .sent("SDK-HMAC-SHA256 Credential=AK/"),
        way("a temporary access key", &[KEY, SECURITY])
            .variable("OS_ACCESS_KEY", "AK")
            .variable("OS_SECRET_KEY", KEY)
            .variable("OS_SECURITY_TOKEN", SECURITY)
            .args(["--signature", "access"])
            .at(url)
            .sent("SDK-HMAC-SHA256 Access=AK")
            .sent(SECURITY),
        way("headers in a file", &[HEADER, TOKEN])
            .file("headers", format!("X-Api-Key: {HEADER}\nAuthorization: Bearer {TOKEN}\n"))
            .args(["-H", "@headers"])
            .at(url)
            .sent(HEADER)
            .sent(format!("Bearer {TOKEN}")),
        way("a proxy in a variable", &[PROXY, TOKEN])
            .variable("http_proxy", proxy)
            .variable("LRO_TOKEN", TOKEN)
            .at("http://plas.example")
            .sent(proxied)
            .sent(TOKEN),
        Way { is_body: true, ..way("a body", &[BODY]) }
            .file("body", format!("{{\"password\":{}}}", json(BODY)))
            .at(url)
            .sent(json(BODY)),
    ]
}

impl Way {
    fn logging_in(self) -> Self {
        Self { logs_in: true, ..self }
    }
}

/// Ways that are refused before anything is sent, because everyone on the machine could read the secret, or because it
/// is broken: the arguments, variables, files, and the secret.
pub(crate) fn refused() -> Vec<Way> {
    let url = "http://127.0.0.1:9";
    let broken =
        format!("clouds:\n  dev:\n    auth:\n      password: {}\n     username: [\n", json(PASSWORD));
    vec![
        way("a proxy by flag", &["proxyp4ssw0rd"])
            .args(["--proxy", "http://me:proxyp4ssw0rd@127.0.0.1:9"])
            .at(url),
        way("a broken proxy in a variable", &["proxyp4ssw0rd"])
            .variable("http_proxy", "http://me:proxyp4ssw0rd@127.0.0.1:x")
            .at(url),
        way("an endpoint with a password", &["p4ssw0rd"]).at("http://me:p4ssw0rd@127.0.0.1:9"),
        way("a header that is typed", &["typed-s3cret"]).args(["-H", "X-Api-Key: typed-s3cret"]).at(url),
        way("a header that is none", &["typed-s3cret"]).args(["-H", "typed-s3cret"]).at(url),
        way("a header in a file that is none", &["filed-s3cret"])
            .file("headers", "filed-s3cret\n")
            .args(["-H", "@headers"])
            .at(url),
        way("a header that cannot be sent", &["filed-s3cret"])
            .file("headers", "X-Key: filed-s3cret\u{1}\n")
            .args(["-H", "@headers"])
            .at(url),
        way("a token that is none", &["t0ken-of-mine"])
            .variable("LRO_TOKEN", "t0ken-of-mine and more")
            .at(url),
        way("a token file that is none", &["t0ken-of-mine"])
            .file("token", "t0ken-of-mine and more")
            .args(["--token-file", "token"])
            .at(url),
        way("a token command that fails", &["t0ken-of-mine"])
            .args(["--token-command", "echo t0ken-of-mine and more; echo why >&2; exit 3"])
            .at(url),
        way("a user without a password", &["t0ken-of-mine"])
            .variable("LRO_TOKEN", "t0ken-of-mine")
            .args(["--basic"])
            .at(url),
        way("a broken clouds.yaml", &[PASSWORD]).file("clouds.yaml", broken).args(["--os-cloud", "dev"]),
        way("a password without a user", &[PASSWORD])
            .variable("OS_PASSWORD", PASSWORD)
            .variable("OS_AUTH_URL", "http://127.0.0.1:9"),
        #[cfg(feature = "rustls")]
        way("a key that is none", &["MIIEvQIBADANBgkqhkiG9w0"])
            .file("key", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----\n")
            .file("cert", "no certificate")
            .args(["--cert", "cert", "--key", "key"])
            .at("https://127.0.0.1:9"),
    ]
}
