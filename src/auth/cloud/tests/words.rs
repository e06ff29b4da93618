//! What the words mean: who asks, for what, and what is said when that is not enough or not done here.
//! Where words are found is tested elsewhere.

use std::ffi::OsString;
use std::path::Path;

use super::*;

/// Who asks with this in the file and these variables, or the error.
fn who(file: &str, variables: &[(&str, &str)]) -> String {
    let text = format!("clouds: {{it: {{{file}}}}}");
    let mut files = Vec::new();
    files.extend((!file.is_empty()).then_some(("/here/clouds.yaml", text.as_str())));
    let cloud = found(variables, &files);
    assert!(!shown(&cloud).contains("s3cret"), "{}", shown(&cloud));
    match &cloud {
        Ok(cloud) => match cloud.credentials() {
            Some(credentials) => format!("{}: {credentials}", credentials.method()),
            None => "nobody".to_owned(),
        },
        Err(error) => match error.hint() {
            Some(hint) => format!("{error} | {hint}"),
            None => error.to_string(),
        },
    }
}

#[rustfmt::skip]
const MEANINGS: &[(&str, &str)] = &[
    ("username: a, password: s3cret, user_domain_id: d",
        "password: user `a` of domain with id `d`"),
    ("username: a, password: s3cret, user_domain_id: d, user_domain_name: n",
        "password: user `a` of domain with id `d`"),
    ("user_id: 007, password: s3cret",
        "password: user with id `007`"),
    ("username: a, password: s3cret, default_domain: d",
        "password: user `a` of domain with id `d`"),
    ("username: a, password: s3cret, domain_name: n",
        "password: user `a` of domain `n`, the whole domain `n`"),
    ("username: a, password: s3cret, domain_id: d, user_domain_name: u",
        "password: user `a` of domain `u`, the whole domain with id `d`"),
    ("username: a, password: s3cret, domain_name: n, project_name: p",
        "password: user `a` of domain `n`, project `p` of domain `n`"),
    ("username: a, password: s3cret, domain_name: n, tenant-name: p, project-domain-name: q, user-domain-id: u",
        "password: user `a` of domain with id `u`, project `p` of domain `q`"),
    ("username: a, password: s3cret, domain_name: n, tenant_id: 5",
        "password: user `a` of domain `n`, project with id `5`"),
    ("user_id: a, passcode: 123456",
        "passcode: user with id `a`"),
    ("user_id: a, passcode: 123456, password: s3cret",
        "password and passcode: user with id `a`"),
    ("auth_type: v3totp, user_id: a, passcode: 123456, password: s3cret",
        "passcode: user with id `a`"),
    ("auth_type: v3multifactor, user_id: a, passcode: 123456, password: s3cret",
        "password and passcode: user with id `a`"),
    ("auth-token: s3cret, project_name: p, domain_id: d",
        "token: whoever the token is for, project `p` of domain with id `d`"),
    ("token: s3cret, project_name: p, user_domain_name: d",
        "token: whoever the token is for, project `p` of domain `d`"),
    ("auth_type: v3Token, token: s3cret, user_id: a, password: s3cret",
        "token: whoever the token is for"),
    ("application_credential_id: i, application_credential_secret: s3cret, project_id: p",
        "application credential: application credential with id `i`"),
    ("application_credential_name: n, application_credential_secret: s3cret, user_id: u",
        "application credential: application credential `n` of user with id `u`"),
    ("application_credential_name: n, application_credential_secret: s3cret, username: u, domain_id: d",
        "application credential: application credential `n` of user `u` of domain with id `d`"),
    ("ak: k, secret-key: s3cret, security_token: s3cret",
        "access key: access key `k`"),
    ("auth_type: none, user_id: a, password: s3cret",
        "nobody"),
    ("region_name: r",
        "nobody"),
    ("password: s3cret",
        "nobody"),
];

#[rustfmt::skip]
const REFUSALS: &[(&str, &str)] = &[
    ("username: a, password: s3cret",
        "the credentials are not complete (password); missing: the domain of the user; found: auth_url, username and password (cloud `it` in /here/clouds.yaml) | give the domain of the user: `user_domain_name`, `user_domain_id`, `domain_name`, `domain_id` or `default_domain`"),
    ("username: a, user_domain_name: d, auth_type: password",
        "the credentials are not complete (password); missing: a password; found: auth_url, username and user_domain_name (cloud `it` in /here/clouds.yaml) | give a password: `password`, `passcode`, OS_PASSWORD or OS_PASSCODE; variables fill it when cloud `it` is named, by OS_CLOUD or --os-cloud"),
    ("auth_type: token",
        "the credentials are not complete (token); missing: a token | give a token: `token`, OS_TOKEN or OS_AUTH_TOKEN; variables fill it when cloud `it` is named, by OS_CLOUD or --os-cloud"),
    ("ak: k",
        "the credentials are not complete (access key); missing: its secret key; found: access_key (cloud `it` in /here/clouds.yaml) | give its secret key: `secret_key`, OS_SECRET_KEY, OS_ACCESS_KEY_SECRET or OS_SK; variables fill it when cloud `it` is named, by OS_CLOUD or --os-cloud"),
    ("auth_type: v3multifactor, user_id: a, password: s3cret",
        "the credentials are not complete (password and passcode); missing: a passcode; found: auth_url, user_id and password (cloud `it` in /here/clouds.yaml) | give a passcode: `passcode` or OS_PASSCODE; variables fill it when cloud `it` is named, by OS_CLOUD or --os-cloud"),
    ("auth_type: v2password, user_id: a, password: s3cret",
        "the auth_type cannot be used (cloud `it` in /here/clouds.yaml): version 2 of the identity service is not spoken"),
    ("auth_type: v3oidcpassword, user_id: a, password: s3cret",
        "the auth_type cannot be used (cloud `it` in /here/clouds.yaml): `v3oidcpassword` is none of password, v3password, token, v3token, v3applicationcredential, v3application_credential, application_credential, v3totp, v3multifactor, aksk or none"),
    ("user_id: a, password: s3cret, trust_id: t",
        "the trust_id cannot be used (cloud `it` in /here/clouds.yaml): lro does not ask through a trust, and without that it would ask as somebody else"),
    ("user_id: a, password: s3cret, system_scope: all",
        "the system_scope cannot be used (cloud `it` in /here/clouds.yaml): lro does not ask for the whole system, and without that it would ask as somebody else"),
    ("ak: k, sk: s3cret, target_agency_name: g",
        "the target_agency_name cannot be used (cloud `it` in /here/clouds.yaml): lro does not ask through an agency, and without that it would ask as somebody else"),
    ("token: 's3cret s3cret'",
        "the token cannot be used (cloud `it` in /here/clouds.yaml): the token holds a space, a line break or another character that no token has"),
    ("user_id: a, password: s3cret, insecure: s3cret",
        "the insecure cannot be used (cloud `it` in /here/clouds.yaml): expected is true or false"),
    ("user_id: a, password: s3cret, key: k.pem",
        "the key cannot be used (cloud `it` in /here/clouds.yaml): a key needs its certificate, which is `cert` or OS_CERT"),
];

#[test]
fn every_meaning_is_so() {
    for (words, expected) in MEANINGS.iter().chain(REFUSALS) {
        assert_eq!(who(&format!("auth: {{auth_url: 'https://k', {words}}}"), &[]), *expected, "{words}");
    }
}

#[test]
fn a_way_is_noticed_at_the_top_of_a_cloud_as_well_as_in_auth() {
    assert_eq!(who("access-key: k, secret_key: s3cret", &[]), "access key: access key `k`");
    for within in ["access_key", "ak"] {
        let file = format!("access_key: top, sk: s3cret, auth: {{{within}: within}}");
        assert_eq!(who(&file, &[]), "access key: access key `within`");
    }
    assert_eq!(who("ak: second, access_key: first, sk: s3cret", &[]), "access key: access key `first`");
}

#[test]
fn a_secret_key_fills_a_blank_only_beside_its_own_key() {
    let key = "ak: k";
    let missing = "the credentials are not complete (access key); missing: its secret key; found: access_key (cloud `it` \
                   in /here/clouds.yaml)";
    let hint = "give its secret key: `secret_key`, OS_SECRET_KEY, OS_ACCESS_KEY_SECRET or OS_SK";
    assert_eq!(who(key, &[("OS_CLOUD", "it"), ("OS_SK", "s3cret")]), "access key: access key `k`");
    let named = |more: &[(&'static str, &'static str)]| {
        let mut variables = vec![("OS_CLOUD", "it"), ("OS_AK", "other"), ("OS_SK", "s3cret")];
        variables.extend(more);
        who(key, &variables)
    };
    let note =
        "OS_SK is not used: OS_AK may be of somebody else; not used, since cloud `it` is: OS_AK and OS_SK";
    assert_eq!(named(&[]), format!("{missing}; {note} | {hint}"));
    assert_eq!(named(&[("OS_ACCESS_KEY", "k"), ("OS_SECRET_KEY", "s3cret")]), "access key: access key `k`");
}

#[test]
fn of_two_ways_that_are_begun_the_one_that_becomes_whole_is_gone() {
    let file = "ak: k, auth: {auth_url: 'https://k', user_id: u}";
    let variables = [("OS_CLOUD", "it"), ("OS_PASSWORD", "s3cret"), ("OS_SK", "s3cret")];
    assert_eq!(who(file, &variables[..2]), "password: user with id `u`");
    assert_eq!(who(file, &variables), "access key: access key `k`");
}

#[test]
fn what_is_missing_in_the_variables_is_told_by_variables() {
    let missing = "the credentials are not complete (password); missing: the URL of the identity service and a password; \
                   found: user_id (variable OS_USERID) | give the URL of the identity service: OS_AUTH_URL; a password: \
                   OS_PASSWORD or OS_PASSCODE";
    assert_eq!(who("", &[("OS_USERID", "u")]), missing);
    let half = "the credentials are not complete (access key); missing: its secret key; found: access_key (variable \
                OS_ACCESS_KEY) | give its secret key: OS_SECRET_KEY";
    // The secret of another pair is no help.
    assert_eq!(who("", &[("OS_ACCESS_KEY", "k"), ("OS_SK", "s3cret")]), half);
    assert_eq!(who("", &[("OS_SK", "s3cret"), ("OS_AUTH_TYPE", "password")]), "nobody");
    let agency = "the target_agency_name cannot be used (variable OS_AGENCY_NAME): lro does not ask through an agency, and \
                  without that it would ask as somebody else";
    assert_eq!(who("", &[("OS_TOKEN", "s3cret"), ("OS_AGENCY_NAME", "g")]), agency);
}

#[test]
fn without_credentials_nothing_is_missing() {
    let around =
        around(&[], &[("/here/clouds.yaml", "clouds: {it: {profile: otc, auth: {username: alice}}}")]);
    assert!(matches!(Cloud::find(None, &around), Err(CloudError::Incomplete(_))));
    let cloud = Cloud::without_credentials(None, &around);
    assert_eq!(told(&cloud), "it (implied); nobody; https://plas.eu-de.otc.t-systems.com");
}

#[test]
fn the_only_cloud_is_passed_over_where_it_has_to_be_named() {
    let around = || around(&[], &[("/here/clouds.yaml", "clouds: {it: {profile: otc}}")]);
    assert_eq!(Cloud::find(None, &around()).unwrap().name(), Some("it"));
    assert_eq!(Cloud::find(None, &around().without_implied_cloud()).unwrap().name(), None);
    assert_eq!(Cloud::find(Some("it"), &around().without_implied_cloud()).unwrap().name(), Some("it"));
}

#[test]
fn an_unknown_cloud_is_told_with_those_that_there_are() {
    let files = [
        ("/here/clouds.yml", "clouds: {a: {}, b: }"),
        ("/etc/openstack/secure.yaml", "clouds: {c: {}, a: {}}"),
    ];
    let error = Cloud::find(Some("x\u{1b}[2J"), &around(&[], &files)).unwrap_err();
    let text = "there is no cloud `x [2J`: found was /here/clouds.yml and /etc/openstack/secure.yaml; no variable OS_* is set";
    assert_eq!(error.to_string(), text);
    assert_eq!(error.hint().unwrap(), "there are `a`, `b` and `c`");
    let error = found(&[("OS_CLOUD", "x")], &[]).unwrap_err();
    let text = "there is no cloud `x`: there is no clouds.yaml in /here, /home/me/.config/openstack, /etc/xdg/openstack and \
                /etc/openstack; set are OS_CLOUD";
    assert_eq!(error.to_string(), text);
    let error = found(&[], &[("/here/clouds.yaml", "clouds: {it: {profile: x}}")]).unwrap_err();
    assert_eq!(
        error.hint().unwrap(),
        "there are `otc` and `otc-swiss`; others are described in a file clouds-public.yaml"
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_told_when_it_is_used() {
    use std::os::unix::ffi::OsStringExt;

    let broken = || OsString::from_vec(vec![b's', 0xff]);
    let text = |name| format!("the variable {name} cannot be used: it is not UTF-8 text");
    for name in ["OS_CLOUD", "OS_TOKEN", "OS_CLIENT_CONFIG_FILE", "OS_REGION_NAME"] {
        let around = around(&[], &[("/here/clouds.yaml", "clouds: {it: {auth: {token: s3cret}}}")]);
        let error = Cloud::find(None, &around.variable(name, broken())).unwrap_err();
        assert_eq!(error.to_string(), text(name));
    }
    let variables = [("OS_USER_ID", "u"), ("OS_PASSWORD", "s3cret"), ("OS_AUTH_URL", "https://k")];
    let unused = around(&variables, &[]).variable("OS_USERNAME", broken());
    let credentials = Cloud::find(None, &unused).unwrap().credentials().unwrap();
    assert_eq!(credentials.to_string(), "user with id `u`");
}

#[test]
fn certificates_are_said_by_files_and_variables() {
    let file = "auth: {token: s3cret}, verify: no, cacert: ~/ca.pem, cert: '~', key: ~other/key.pem";
    let text = format!("clouds: {{it: {{{file}}}}}");
    let cloud = found(&[("OS_KEY", "key.pem")], &[("/here/clouds.yaml", &text)]).unwrap();
    let tls = cloud.tls();
    assert!(!tls.is_verified());
    let path = |said: &Option<super::super::Said<std::path::PathBuf>>| said.as_ref().unwrap().value.clone();
    assert_eq!(path(&tls.cacert), Path::new("/home/me/ca.pem"));
    assert_eq!(path(&tls.cert), Path::new("/home/me"));
    assert_eq!(path(&tls.key), Path::new("key.pem"));
    let says = |file: &str, variables: &[(&str, &str)]| {
        let text = format!("clouds: {{it: {{auth: {{token: s3cret}}, {file}}}}}");
        found(variables, &[("/here/clouds.yaml", &text)]).unwrap().tls().is_verified()
    };
    assert!(says("", &[]));
    assert!(!says("insecure: true, verify: true", &[]));
    assert!(says("verify: false", &[("OS_INSECURE", "False")]));
    assert!(!says("verify: true", &[("OS_INSECURE", "1")]));
}
