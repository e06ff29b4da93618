//! Which word counts when several are said, as one table.
//! How files are searched and read is tested elsewhere.

use super::*;

struct Row {
    why: &'static str,
    name: Option<&'static str>,
    variables: &'static [(&'static str, &'static str)],
    files: &'static [(&'static str, &'static str)],
    told: &'static str,
    /// Some of the facts.
    facts: &'static [&'static str],
    /// All notes.
    notes: &'static [&'static str],
}

const ROW: Row = Row { why: "", name: None, variables: &[], files: &[], told: "", facts: &[], notes: &[] };

const CLOUDS: &str = "/here/clouds.yaml";
const SECURE: &str = "/here/secure.yaml";

/// One cloud that is whole, one of another company that needs a password, one with an access key.
const THREE: (&str, &str) = (
    CLOUDS,
    "clouds:
  otc: {profile: otc, auth: {username: alice, password: s3cret, user_domain_name: OTC1, project_name: eu-nl_p}}
  other:
    auth: {auth_url: 'https://keystone.example:5000', username: bob, user_domain_id: default, project_id: 012345}
    region_name: RegionOne
  key: {profile: otc, ak: AK1, sk: s3cret, auth: {project_id: 66e12}}",
);
/// Clouds of Open Telekom Cloud that each lack a secret, by each way of asking.
const BLANKS: (&str, &str) = (
    CLOUDS,
    "clouds:
  password: {profile: otc, auth: {username: alice, user_domain_name: OTC1}}
  passcode: {profile: otc, auth_type: v3totp, auth: {user_id: u1}}
  token: {profile: otc, auth_type: token}
  bare: {plas_endpoint_override: 'https://plas.example', auth_type: token}
  credential: {profile: otc, auth: {application_credential_id: ac1}}
  key: {profile: otc, ak: AK1}",
);
const ELSEWHERE: (&str, &str) = ("OS_AUTH_URL", "https://keystone.example/v3");
const ONE: (&str, &str) = (CLOUDS, "clouds: {only: {profile: otc, auth: {token: s3cret}}}");
const OPENRC: [(&str, &str); 5] = [
    ("OS_AUTH_URL", "https://keystone.example/v3"),
    ("OS_USERNAME", "carol"),
    ("OS_PASSWORD", "s3cret"),
    ("OS_USER_DOMAIN_NAME", "Default"),
    ("OS_PROJECT_NAME", "demo"),
];

#[rustfmt::skip]
const TABLE: &[Row] = &[
    Row { why: "there is nothing at all",
        told: "-; nobody; nowhere", ..ROW },
    Row { why: "the name that is given counts for more than OS_CLOUD and all variables", name: Some("key"),
        variables: &[("OS_CLOUD", "otc"), ("OS_TOKEN", "s3cret")], files: &[THREE],
        told: "key; access key: access key `AK1`, project with id `66e12`; https://plas.eu-de.otc.t-systems.com",
        facts: &["secret_key (cloud `key` in /here/clouds.yaml)"],
        notes: &["not used, since cloud `key` is: OS_TOKEN"] },
    Row { why: "OS_CLOUD counts for more than other variables",
        variables: &[("OS_CLOUD", "otc"), OPENRC[0], OPENRC[1], OPENRC[2]], files: &[THREE],
        told: "otc; password: user `alice` of domain `OTC1`, project `eu-nl_p`; public endpoint of type `plas` in region `eu-nl`, or else https://plas.eu-nl.otc.t-systems.com",
        facts: &["password (cloud `otc` in /here/clouds.yaml)", "region_name `eu-nl` (cloud `otc` in /here/clouds.yaml)", "plas_endpoint `https://plas.eu-nl.otc.t-systems.com` (profile `otc`)"],
        notes: &["not used, since cloud `otc` is: OS_AUTH_URL, OS_USERNAME and OS_PASSWORD"], ..ROW },
    Row { why: "variables that say who asks count for more than the only cloud", variables: &OPENRC, files: &[ONE],
        told: "-; password: user `carol` of domain `Default`, project `demo`; public endpoint of type `plas`, or else nowhere",
        facts: &["password (variable OS_PASSWORD)"], ..ROW },
    Row { why: "the only cloud is taken when no variable says who asks",
        variables: &[("OS_AUTH_URL", "https://keystone.example"), ("OS_PASSWORD", "s3cret")], files: &[ONE],
        told: "only (implied); token: whoever the token is for; public endpoint of type `plas` in region `eu-de`, or else https://plas.eu-de.otc.t-systems.com",
        facts: &["token (cloud `only` in /here/clouds.yaml)", "region_name `eu-de` (profile `otc`)"],
        notes: &["not used, since cloud `only` is: OS_AUTH_URL and OS_PASSWORD"], ..ROW },
    Row { why: "a cloud that nobody named takes no secret", variables: &[("OS_PASSWORD", "s3cret")],
        files: &[(CLOUDS, "clouds: {only: {profile: otc, auth: {username: alice, user_domain_name: OTC1}}}")],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url (profile `otc`), username and user_domain_name (cloud `only` in /here/clouds.yaml); OS_PASSWORD is not used: nobody named cloud `only`; not used, since cloud `only` is: OS_PASSWORD", ..ROW },
    Row { why: "nor the secret of an access key", variables: &[("OS_SK", "s3cret")], files: &[(CLOUDS, "clouds: {only: {profile: otc, ak: AK1}}")],
        told: "error: the credentials are not complete (access key); missing: its secret key; found: access_key (cloud `only` in /here/clouds.yaml); OS_SK is not used: nobody named cloud `only`; not used, since cloud `only` is: OS_SK", ..ROW },
    Row { why: "nor a second factor", variables: &[("OS_PASSCODE", "123456")],
        files: &[(CLOUDS, "clouds: {only: {profile: otc, auth: {user_id: u1, password: s3cret}}}")],
        told: "only (implied); password: user with id `u1`; public endpoint of type `plas` in region `eu-de`, or else https://plas.eu-de.otc.t-systems.com",
        notes: &["OS_PASSCODE is not used: nobody named cloud `only`", "not used, since cloud `only` is: OS_PASSCODE"], ..ROW },
    Row { why: "of several clouds none is taken", files: &[THREE],
        told: "-; nobody; nowhere",
        notes: &["/here/clouds.yaml has the clouds `otc`, `other` and `key`: OS_CLOUD names the one to use"], ..ROW },
    Row { why: "an empty variable is none", variables: &[("OS_CLOUD", ""), ("OS_TOKEN", "")], files: &[ONE],
        told: "only (implied); token: whoever the token is for; public endpoint of type `plas` in region `eu-de`, or else https://plas.eu-de.otc.t-systems.com",
        facts: &["token (cloud `only` in /here/clouds.yaml)"], ..ROW },
    Row { why: "where to ask may be said otherwise by variables",
        variables: &[("OS_CLOUD", "otc"), ("OS_REGION_NAME", "eu-de"), ("OS_INTERFACE", "internal"), ("OS_CACERT", "~/ca.pem"), ("OS_INSECURE", "0")],
        files: &[THREE],
        told: "otc; password: user `alice` of domain `OTC1`, project `eu-nl_p`; internal endpoint of type `plas` in region `eu-de`, or else https://plas.eu-de.otc.t-systems.com",
        facts: &["region_name `eu-de` (variable OS_REGION_NAME)", "interface `internal` (variable OS_INTERFACE)", "insecure `0` (variable OS_INSECURE)", "cacert `~/ca.pem` (variable OS_CACERT)", "plas_endpoint `https://plas.eu-de.otc.t-systems.com` (profile `otc`)"], ..ROW },
    Row { why: "an endpoint that is given counts for more than the catalog",
        variables: &[("OS_CLOUD", "otc"), ("OS_PLAS_ENDPOINT_OVERRIDE", "https://plas.example/v1.0/")], files: &[THREE],
        told: "otc; password: user `alice` of domain `OTC1`, project `eu-nl_p`; https://plas.example",
        facts: &["plas_endpoint_override `https://plas.example/v1.0/` (variable OS_PLAS_ENDPOINT_OVERRIDE)"], ..ROW },
    Row { why: "a secret fills a blank", variables: &[("OS_CLOUD", "other"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "other; password: user `bob` of domain with id `default`, project with id `012345`; public endpoint of type `plas` in region `RegionOne`, or else nowhere",
        facts: &["password (variable OS_PASSWORD)"], ..ROW },
    Row { why: "a secret fills no blank of another way", variables: &[("OS_CLOUD", "other"), ("OS_TOKEN", "s3cret")], files: &[THREE],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url, username and user_domain_id (cloud `other` in /here/clouds.yaml); not used, since cloud `other` is: OS_TOKEN", ..ROW },
    Row { why: "a secret of another user fills no blank",
        variables: &[("OS_CLOUD", "other"), ("OS_USERNAME", "carol"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url, username and user_domain_id (cloud `other` in /here/clouds.yaml); OS_PASSWORD is not used: OS_USERNAME may be of somebody else; not used, since cloud `other` is: OS_USERNAME and OS_PASSWORD", ..ROW },
    Row { why: "a secret of the same user fills the blank",
        variables: &[("OS_CLOUD", "other"), ("OS_USERNAME", "bob"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "other; password: user `bob` of domain with id `default`, project with id `012345`; public endpoint of type `plas` in region `RegionOne`, or else nowhere",
        facts: &["password (variable OS_PASSWORD)"],
        notes: &["not used, since cloud `other` is: OS_USERNAME"], ..ROW },
    Row { why: "a secret of another identity service fills no blank",
        variables: &[("OS_CLOUD", "password"), ELSEWHERE, ("OS_USERNAME", "alice"), ("OS_PASSWORD", "s3cret")], files: &[BLANKS],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url (profile `otc`), username and user_domain_name (cloud `password` in /here/clouds.yaml); OS_PASSWORD is not used: OS_AUTH_URL may be of somebody else; not used, since cloud `password` is: OS_AUTH_URL, OS_USERNAME and OS_PASSWORD", ..ROW },
    Row { why: "nor a passcode", variables: &[("OS_CLOUD", "passcode"), ELSEWHERE, ("OS_PASSCODE", "123456")], files: &[BLANKS],
        told: "error: the credentials are not complete (passcode); missing: a passcode; found: auth_url (profile `otc`), user_id (cloud `passcode` in /here/clouds.yaml); OS_PASSCODE is not used: OS_AUTH_URL may be of somebody else; not used, since cloud `passcode` is: OS_AUTH_URL and OS_PASSCODE", ..ROW },
    Row { why: "nor a token", variables: &[("OS_CLOUD", "token"), ELSEWHERE, ("OS_TOKEN", "s3cret")], files: &[BLANKS],
        told: "error: the credentials are not complete (token); missing: a token; OS_TOKEN is not used: OS_AUTH_URL may be of somebody else; not used, since cloud `token` is: OS_AUTH_URL and OS_TOKEN", ..ROW },
    Row { why: "nor the secret of an application credential",
        variables: &[("OS_CLOUD", "credential"), ELSEWHERE, ("OS_APPLICATION_CREDENTIAL_SECRET", "s3cret")], files: &[BLANKS],
        told: "error: the credentials are not complete (application credential); missing: its secret; found: auth_url (profile `otc`), application_credential_id (cloud `credential` in /here/clouds.yaml); OS_APPLICATION_CREDENTIAL_SECRET is not used: OS_AUTH_URL may be of somebody else; not used, since cloud `credential` is: OS_AUTH_URL and OS_APPLICATION_CREDENTIAL_SECRET", ..ROW },
    Row { why: "nor the secret of an access key",
        variables: &[("OS_CLOUD", "key"), ELSEWHERE, ("OS_SK", "s3cret"), ("OS_ST", "s3cret")], files: &[BLANKS],
        told: "error: the credentials are not complete (access key); missing: its secret key; found: access_key (cloud `key` in /here/clouds.yaml); OS_SK and OS_ST are not used: OS_AUTH_URL may be of somebody else; not used, since cloud `key` is: OS_AUTH_URL, OS_SK and OS_ST", ..ROW },
    Row { why: "a cloud without an identity service is of none that is said", variables: &[("OS_CLOUD", "bare"), ELSEWHERE, ("OS_TOKEN", "s3cret")], files: &[BLANKS],
        told: "error: the credentials are not complete (token); missing: a token; OS_TOKEN is not used: OS_AUTH_URL may be of somebody else; not used, since cloud `bare` is: OS_AUTH_URL and OS_TOKEN", ..ROW },
    Row { why: "another port is another identity service",
        variables: &[("OS_CLOUD", "other"), ("OS_AUTH_URL", "https://keystone.example/v3"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url, username and user_domain_id (cloud `other` in /here/clouds.yaml); OS_PASSWORD is not used: OS_AUTH_URL may be of somebody else; not used, since cloud `other` is: OS_AUTH_URL and OS_PASSWORD", ..ROW },
    Row { why: "what is no URL is none that is known",
        variables: &[("OS_CLOUD", "other"), ("OS_AUTH_URL", "ftp://keystone.example:5000"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url, username and user_domain_id (cloud `other` in /here/clouds.yaml); OS_PASSWORD is not used: OS_AUTH_URL may be of somebody else; not used, since cloud `other` is: OS_AUTH_URL and OS_PASSWORD", ..ROW },
    Row { why: "the same identity service may be written otherwise",
        variables: &[("OS_CLOUD", "other"), ("OS_AUTH_URL", "Keystone.example:5000/v3/"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "other; password: user `bob` of domain with id `default`, project with id `012345`; public endpoint of type `plas` in region `RegionOne`, or else nowhere",
        facts: &["auth_url `https://keystone.example:5000` (cloud `other` in /here/clouds.yaml)", "password (variable OS_PASSWORD)"],
        notes: &["not used, since cloud `other` is: OS_AUTH_URL"], ..ROW },
    Row { why: "the same identity service may be that of the region",
        variables: &[("OS_CLOUD", "key"), ("OS_AUTH_URL", "https://iam.{region_name}.otc.t-systems.com:443"), ("OS_SK", "s3cret")], files: &[BLANKS],
        told: "key; access key: access key `AK1`; https://plas.eu-de.otc.t-systems.com",
        facts: &["secret_key (variable OS_SK)"], notes: &["not used, since cloud `key` is: OS_AUTH_URL"], ..ROW },
    Row { why: "a domain that is said for all is that of the user",
        variables: &[("OS_CLOUD", "password"), ("OS_DOMAIN_NAME", "OTC2"), ("OS_PASSWORD", "s3cret")], files: &[BLANKS],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url (profile `otc`), username and user_domain_name (cloud `password` in /here/clouds.yaml); OS_PASSWORD is not used: OS_DOMAIN_NAME may be of somebody else; not used, since cloud `password` is: OS_DOMAIN_NAME and OS_PASSWORD", ..ROW },
    Row { why: "so is the id of one", variables: &[("OS_CLOUD", "other"), ("OS_DOMAIN_ID", "d2"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url, username and user_domain_id (cloud `other` in /here/clouds.yaml); OS_PASSWORD is not used: OS_DOMAIN_ID may be of somebody else; not used, since cloud `other` is: OS_DOMAIN_ID and OS_PASSWORD", ..ROW },
    Row { why: "and the default one", variables: &[("OS_CLOUD", "other"), ("OS_DEFAULT_DOMAIN", "d2"), ("OS_PASSWORD", "s3cret")], files: &[THREE],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url, username and user_domain_id (cloud `other` in /here/clouds.yaml); OS_PASSWORD is not used: OS_DEFAULT_DOMAIN may be of somebody else; not used, since cloud `other` is: OS_DEFAULT_DOMAIN and OS_PASSWORD", ..ROW },
    Row { why: "unless the user has one of its own",
        variables: &[("OS_CLOUD", "password"), ("OS_DOMAIN_NAME", "OTC2"), ("OS_USER_DOMAIN_NAME", "OTC1"), ("OS_PASSWORD", "s3cret")], files: &[BLANKS],
        told: "password; password: user `alice` of domain `OTC1`; public endpoint of type `plas` in region `eu-de`, or else https://plas.eu-de.otc.t-systems.com",
        facts: &["password (variable OS_PASSWORD)"],
        notes: &["not used, since cloud `password` is: OS_USER_DOMAIN_NAME and OS_DOMAIN_NAME"], ..ROW },
    Row { why: "a cloud may say the domain for all, and the variables that of the user",
        variables: &[("OS_CLOUD", "whole"), ("OS_USER_DOMAIN_ID", "d2"), ("OS_PASSWORD", "s3cret")],
        files: &[(CLOUDS, "clouds: {whole: {auth: {auth_url: 'https://k', username: alice, domain_id: d1}}}")],
        told: "error: the credentials are not complete (password); missing: a password; found: auth_url, username and domain_id (cloud `whole` in /here/clouds.yaml); OS_PASSWORD is not used: OS_USER_DOMAIN_ID may be of somebody else; not used, since cloud `whole` is: OS_USER_DOMAIN_ID and OS_PASSWORD", ..ROW },
    Row { why: "a secret does not replace one", variables: &[("OS_CLOUD", "otc"), ("OS_PASSWORD", "wr0ng")], files: &[THREE],
        told: "otc; password: user `alice` of domain `OTC1`, project `eu-nl_p`; public endpoint of type `plas` in region `eu-nl`, or else https://plas.eu-nl.otc.t-systems.com",
        facts: &["password (cloud `otc` in /here/clouds.yaml)"],
        notes: &["not used, since cloud `otc` is: OS_PASSWORD"], ..ROW },
    Row { why: "a passcode is a second factor", variables: &[("OS_CLOUD", "otc"), ("OS_PASSCODE", "123456")], files: &[THREE],
        told: "otc; password and passcode: user `alice` of domain `OTC1`, project `eu-nl_p`; public endpoint of type `plas` in region `eu-nl`, or else https://plas.eu-nl.otc.t-systems.com",
        facts: &["password (cloud `otc` in /here/clouds.yaml)", "passcode (variable OS_PASSCODE)"], ..ROW },
    Row { why: "secure.yaml counts for more", variables: &[("OS_CLOUD", "other")],
        files: &[THREE, (SECURE, "clouds: {other: {auth: {user-id: u1, password: s3cret}}}")],
        told: "other; password: user with id `u1`, project with id `012345`; public endpoint of type `plas` in region `RegionOne`, or else nowhere",
        facts: &["user_id `u1` (cloud `other` in /here/secure.yaml)", "password (cloud `other` in /here/secure.yaml)"], ..ROW },
    Row { why: "a token comes first", variables: &[("OS_TOKEN", "s3cret"), OPENRC[0], OPENRC[1], OPENRC[2], OPENRC[3]],
        told: "-; token: whoever the token is for; public endpoint of type `plas`, or else nowhere",
        facts: &["token (variable OS_TOKEN)"],
        notes: &["the password (variable OS_USERNAME) is not used: the token comes first"], ..ROW },
    Row { why: "a token without an identity service is sent as it is", variables: &[("OS_AUTH_TOKEN", "s3cret"), ("OS_REGION_NAME", "eu-de")],
        told: "-; token: whoever the token is for; https://plas.eu-de.otc.t-systems.com",
        facts: &["token (variable OS_AUTH_TOKEN)"], ..ROW },
    Row { why: "an application credential comes before an access key",
        variables: &[OPENRC[0], ("OS_APPLICATION_CREDENTIAL_ID", "ac1"), ("OS_APPLICATION_CREDENTIAL_SECRET", "s3cret"), ("OS_AK", "AK2"), ("OS_SK", "s3cret")],
        told: "-; application credential: application credential with id `ac1`; public endpoint of type `plas`, or else nowhere",
        facts: &["application_credential_secret (variable OS_APPLICATION_CREDENTIAL_SECRET)"],
        notes: &["the access key (variable OS_AK) is not used: the application credential comes first"], ..ROW },
    Row { why: "an access key comes before a password, and what is not whole is passed over",
        variables: &[("OS_AK", "AK2"), ("OS_SK", "s3cret"), ("OS_REGION", "eu-nl"), OPENRC[1], OPENRC[2]],
        told: "-; access key: access key `AK2`; https://plas.eu-nl.otc.t-systems.com",
        facts: &["secret_key (variable OS_SK)"],
        notes: &["the password (variable OS_USERNAME) is not used: missing: the URL of the identity service and the domain of the user"], ..ROW },
    Row { why: "auth_type counts for more than the order", variables: &[("OS_AUTH_TYPE", "v3password"), ("OS_TOKEN", "s3cret"), OPENRC[0], OPENRC[1], OPENRC[2], OPENRC[3]],
        told: "-; password: user `carol` of domain `Default`; public endpoint of type `plas`, or else nowhere",
        facts: &["password (variable OS_PASSWORD)"],
        notes: &["the token (variable OS_TOKEN) is not used: `auth_type` says password (variable OS_AUTH_TYPE)"], ..ROW },
    Row { why: "auth_type none is nobody", variables: &[("OS_AUTH_TYPE", "none"), ("OS_PLAS_ENDPOINT_OVERRIDE", "http://127.0.0.1:8080")], files: &[ONE],
        told: "-; nobody; http://127.0.0.1:8080", ..ROW },
    Row { why: "an access key counts with the secret of its own pair",
        variables: &[("OS_ACCESS_KEY", "AK1"), ("OS_AK", "AK3"), ("OS_SK", "s3cret")],
        told: "-; access key: access key `AK3`; nowhere",
        facts: &["secret_key (variable OS_SK)"], ..ROW },
    Row { why: "keys of other clouds are never read",
        variables: &[("AWS_ACCESS_KEY_ID", "AK9"), ("AWS_SECRET_ACCESS_KEY", "s3cret"), ("S3_ACCESS_KEY_ID", "AK9"), ("S3_SECRET_ACCESS_KEY", "s3cret"), ("HUAWEICLOUD_SDK_AK", "AK9"), ("HUAWEICLOUD_SDK_SK", "s3cret")],
        told: "-; nobody; nowhere", ..ROW },
];

#[test]
fn every_row_is_so() {
    for row in TABLE {
        let cloud = Cloud::find(row.name, &around(row.variables, row.files));
        assert_eq!(told(&cloud), row.told, "{}", row.why);
        if let Ok(cloud) = &cloud {
            let facts: Vec<String> = cloud.facts("plas").iter().map(ToString::to_string).collect();
            for fact in row.facts {
                assert!(facts.iter().any(|told| told == fact), "{}: {fact} is not in {facts:#?}", row.why);
            }
            assert_eq!(cloud.notes(), row.notes, "{}", row.why);
        }
        assert!(!shown(&cloud).contains("s3cret"), "{}: {}", row.why, shown(&cloud));
    }
}
