//! Where files are looked for, how they are read, and what is said of one that is broken.
//! Which of several words counts is tested elsewhere.

use std::time::Instant;

use super::super::{Fact, Looked, Said};
use super::*;

const TOKEN: &str = "clouds: {it: {auth: {token: s3cret}}}";

/// The facts of a cloud, each as `what=value`.
fn facts(cloud: &Cloud) -> Vec<String> {
    cloud
        .facts("plas")
        .iter()
        .map(|fact: &Fact| format!("{}={}", fact.what, fact.value.as_deref().unwrap_or("set")))
        .collect()
}

/// The last file that was looked at.
fn last(looked: &Looked) -> String {
    looked.files().iter().rfind(|file| file.1).map(|file| file.0.display().to_string()).unwrap_or_default()
}

#[test]
fn files_are_looked_for_in_order_and_the_first_one_counts() {
    let order = [
        "/given/my.yaml",
        "/here/clouds.yaml",
        "/here/clouds.yml",
        "/here/clouds.json",
        "/xdg/openstack/clouds.yaml",
        "/home/me/.config/openstack/clouds.yaml",
        "/home/me/.config/openstack/clouds.yml",
        "/site/a/openstack/clouds.yaml",
        "/site/b/openstack/clouds.json",
        "/etc/openstack/clouds.yaml",
    ];
    let variables = [
        ("OS_CLIENT_CONFIG_FILE", "/given/my.yaml"),
        ("XDG_CONFIG_HOME", "/xdg"),
        ("XDG_CONFIG_DIRS", "/site/a:relative:/site/b"),
    ];
    for first in 0..order.len() {
        let mut files: Vec<_> = order[first..].iter().map(|path| (*path, TOKEN)).collect();
        files.push(("relative/openstack/clouds.yaml", TOKEN));
        let cloud = found(&variables, &files).unwrap();
        assert_eq!(last(cloud.looked()), order[first]);
        let missing = "there is no file `/given/my.yaml`, as variable OS_CLIENT_CONFIG_FILE has it; others are looked for";
        assert_eq!(cloud.notes().iter().any(|note| note == missing), first > 0, "{:?}", cloud.notes());
    }
    let nothing =
        found(&[], &[("/etc/openstack/clouds.txt", TOKEN), ("/openstack/clouds.yaml", TOKEN)]).unwrap();
    let looked = "there is no clouds.yaml in /here, /home/me/.config/openstack, /etc/xdg/openstack and /etc/openstack; no variable OS_* is set";
    assert_eq!(nothing.looked().to_string(), looked);
}

#[test]
fn no_file_is_opened_when_variables_say_who_asks() {
    let cloud = found(&[("OS_TOKEN", "s3cret")], &[("/here/clouds.yaml", "broken: [")]).unwrap();
    assert_eq!(cloud.looked().files(), []);
    assert_eq!(cloud.looked().to_string(), "no file was looked for; set are OS_TOKEN");
}

#[test]
fn secure_yaml_has_a_search_of_its_own_and_may_have_the_cloud_alone() {
    let part = "clouds: {it: {auth: {password: s3cret, user_id: u2}}}";
    let whole = "clouds: {it: {auth: {auth_url: 'http://k', user_id: u1, password: wr0ng}}}";
    let files = [("/here/clouds.yaml", whole), ("/etc/openstack/secure.yml", part), ("/given", TOKEN)];
    let cloud = found(&[], &files).unwrap();
    assert_eq!(facts(&cloud), ["auth_url=http://k", "user_id=u2", "password=set"]);
    let cloud = found(&[("OS_CLIENT_SECURE_FILE", "/given")], &files).unwrap();
    assert_eq!(facts(&cloud), ["auth_url=http://k", "token=set"]);
    let alone = found(&[("OS_CLOUD", "it")], &[("/here/secure.yaml", TOKEN)]).unwrap();
    assert_eq!(facts(&alone), ["token=set"]);
}

#[test]
fn a_profile_is_told_with_its_file_which_lies_in_the_current_directory_only_if_the_cloud_does() {
    const CLOUD: &str = "clouds: {it: {profile: otc, auth: {token: s3cret}}}";
    let public = |host: &str| format!("public-clouds: {{otc: {{auth: {{auth_url: 'https://{host}'}}}}}}");
    let (near, far) = (public("near"), public("far"));
    let near = ("/here/clouds-public.yaml", near.as_str());
    let far = ("/etc/openstack/clouds-public.yaml", far.as_str());
    let auth_url = |variables: &[(&str, &str)], files: &[(&str, &str)]| {
        let cloud = found(variables, files).unwrap();
        cloud.facts("plas").iter().find(|fact| fact.what == "auth_url").unwrap().to_string()
    };
    let (here, home) = ("/here/clouds.yaml", "/home/me/.config/openstack/clouds.yaml");
    let of_near = "auth_url `https://near` (profile `otc` in /here/clouds-public.yaml)";
    let of_far = "auth_url `https://far` (profile `otc` in /etc/openstack/clouds-public.yaml)";
    let built_in = "auth_url `https://iam.eu-de.otc.t-systems.com/v3` (profile `otc`)";
    assert_eq!(auth_url(&[], &[(here, CLOUD), near, far]), of_near);
    assert_eq!(auth_url(&[("OS_CLIENT_CONFIG_FILE", "./clouds.yaml")], &[(here, CLOUD), near]), of_near);
    assert_eq!(auth_url(&[], &[(home, CLOUD), near, far]), of_far);
    assert_eq!(auth_url(&[], &[(home, CLOUD), near]), built_in);
    assert_eq!(auth_url(&[("OS_CLIENT_CONFIG_FILE", "/my.yaml")], &[("/my.yaml", CLOUD), near]), built_in);
    // The current directory may be one of the others.
    let there = around(&[], &[("/etc/openstack/clouds.yaml", CLOUD), far]).directory("/etc/openstack");
    assert!(Cloud::find(None, &there).unwrap().facts("plas").iter().any(|fact| fact.to_string() == of_far));
    let from_home = around(&[], &[(home, CLOUD), far]).directory("/etc/openstack");
    assert!(
        Cloud::find(None, &from_home).unwrap().facts("plas").iter().any(|fact| fact.to_string() == of_far)
    );
}

#[test]
fn a_word_takes_back_what_is_said_in_another_way_below() {
    let below = "clouds: {it: {insecure: true, auth: {auth_url: 'http://k', user_id: u1, password: s3cret}}}";
    let above = "clouds: {it: {verify: true, auth: {username: alice, user_domain_id: d}}}";
    let cloud = found(&[], &[("/here/clouds.yaml", below), ("/here/secure.yaml", above)]).unwrap();
    let told = ["auth_url=http://k", "username=alice", "user_domain_id=d", "password=set", "verify=true"];
    assert_eq!(facts(&cloud), told);
}

#[test]
fn texts_are_taken_as_they_stand() {
    for (yaml, expected) in [
        ("012345", Some("012345")),
        ("66e12", Some("66e12")),
        ("0x1F", Some("0x1F")),
        ("1_000", Some("1_000")),
        ("1.50", Some("1.50")),
        ("yes", Some("yes")),
        ("'null'", Some("null")),
        ("\"a\\u0062c\"", Some("abc")),
        ("!!str 012", Some("012")),
        ("2024-01-01", Some("2024-01-01")),
        ("null", None),
        ("~", None),
        ("", None),
        ("''", None),
    ] {
        let text =
            format!("clouds:\n  it:\n    ak: k\n    sk: s3cret\n    auth:\n      project_id: {yaml}\n");
        let cloud = found(&[], &[("/here/clouds.yaml", &text)]).unwrap();
        let told: Vec<_> = cloud.facts("plas").into_iter().filter(|fact| fact.what == "project_id").collect();
        assert_eq!(told.first().and_then(|fact| fact.value.as_deref()), expected, "{yaml}");
    }
}

#[test]
fn a_file_may_be_json_have_anchors_and_merges_and_hold_whatever_else() {
    let json = "\u{feff}{\n\t\"clouds\": {\n\t\t\"it\": {\"auth\": {\"token\": \"s3cret\"}, \"project_id\": 12}\n\t}\n}\n";
    let anchors = "x-base: &base {interface: public, region_name: r}
cache: {expiration: {server: 5}, list: [1, [2, {a: ~}]]}
client: [~, 1.5, true]
7: seven
clouds:
  it:
    <<: *base
    volume_api_version: [1, {2: 3}]
    networks: [{name: public, routes_externally: true}]
    auth: &auth {token: s3cret, ~: ~}
";
    for text in [json, anchors] {
        let cloud = found(&[], &[("/here/clouds.yaml", text)]);
        assert!(told(&cloud).starts_with("it (implied); token: whoever"), "{}", shown(&cloud));
    }
    let cloud = found(&[], &[("/here/clouds.yaml", anchors)]).unwrap();
    assert_eq!(cloud.region().map(|Said { value, .. }| value.as_str()), Some("r"));
}

const NO_CLOUDS: &str = "expected is a mapping with the key `clouds`";
const NO_TEXT: &str = "expected is a text; one that means something in YAML needs quotes";
const NO_YAML: &str =
    "expected is YAML: `key: value`, one a line, and what belongs to it indented with spaces";

/// Files, with what is wrong with them and where.
#[rustfmt::skip]
const BROKEN: &[(&str, &str, &str)] = &[
    ("", "", NO_CLOUDS),
    ("# nothing\n", "", NO_CLOUDS),
    ("{}", "", NO_CLOUDS),
    ("cloud: {s3cret: {}}", "", NO_CLOUDS),
    ("s3cret", "", "expected is a mapping, with the clouds in it"),
    ("- s3cret", "", "expected is a mapping, with the clouds in it"),
    ("clouds: [s3cret]", "line 1, column 1", "expected is a mapping, with a name for each cloud"),
    ("clouds:\n  it: s3cret", "line 2, column 3", "expected is a mapping of what is said about the cloud"),
    ("clouds:\n  it:\n    auth: s3cret", "line 3, column 5", "expected is a mapping of what is needed to ask"),
    ("clouds:\n  it:\n    auth:\n      password: [s3cret]", "line 4, column 17", NO_TEXT),
    ("clouds:\n  it:\n    auth:\n      password: {s3cret: 1}", "line 4, column 17", NO_TEXT),
    ("clouds:\n  it:\n    auth:\n      password: s3cret: 1", "line 4, column 23", "there is a colon where none may be; a text that holds one needs quotes"),
    ("clouds:\n  it:\n    auth:\n      password: \"s3cret\n", "line 4, column 17", "a quote is never closed"),
    ("clouds:\n  it:\n    auth:\n\tpassword: s3cret\n", "line 4, column 2", "there is a tab, and YAML is indented with spaces"),
    ("clouds:\n  it:\n    auth:\n      password: @s3cret\n", "line 4, column 17", NO_YAML),
    ("clouds:\n  it:\n    auth:\n      password: *s3cret\n", "line 4, column 17", "an alias names an anchor that is not there"),
    ("clouds:\n  it:\n    auth:\n      password: !!int s3cret\n", "line 4, column 23", NO_TEXT),
    ("clouds:\n  it:\n    auth:\n      password: !!binary s3cret\n", "line 4, column 26", NO_TEXT),
    ("clouds:\n  it:\n    auth:\n      password: s3cret\n      password: s3cret2\n", "line 5, column 7", "a key is there for the second time"),
    ("clouds:\n  it: {}\n  it: {s3cret: 1}\n", "line 3, column 3", "a key is there for the second time"),
    ("clouds:\n  it:\n    auth: {password: s3cret\n", "line 3, column 11", "a bracket has no partner"),
    ("clouds:\n  it:\n    auth:\n      password: s3cret\n   username: x\n", "line 5, column 4", NO_YAML),
    ("clouds:\n  it:\n    <<: s3cret\n", "line 3, column 9", "expected is a mapping behind `<<`"),
    ("clouds:\n  it: {regions: s3cret}\n", "line 2, column 17", "expected is a list"),
    ("clouds:\n  it: {regions: [[s3cret]]}\n", "line 2, column 18", "expected is a region: its name, or a mapping of `name` and `values`"),
    ("clouds: {}\n---\nclouds: {s3cret: 1}\n", "line 3, column 1", "a second document begins, and only one is read"),
    ("clouds: &a {it: {x: *a, s3cret: 1}}", "line 1, column 21", "an alias is within what it stands for"),
];

#[test]
fn what_is_wrong_with_a_file_is_told_without_a_word_of_it() {
    for (text, at, problem) in BROKEN {
        let cloud = found(&[], &[("/here/clouds.yaml", text)]);
        let colon = if at.is_empty() { "" } else { ": " };
        let error = format!("error: /here/clouds.yaml cannot be used: {at}{colon}{problem}");
        assert_eq!(told(&cloud), error, "{text}");
        assert!(!shown(&cloud).contains("s3cret"), "{text}: {}", shown(&cloud));
    }
}

#[test]
fn a_file_that_grows_when_it_is_read_is_refused_quickly() {
    let level = |level: usize| {
        let below = format!("*x{}", level - 1);
        format!("x{level}: &x{level} [{}]\n", [below.as_str(); 9].join(", "))
    };
    let laughs: String = std::iter::once("x: &x0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned())
        .chain((1..20).map(level))
        .collect();
    let deep = format!("clouds: {}", "[".repeat(100_000));
    let keys = "? ".repeat(100_000);
    for text in
        [laughs.clone() + "clouds: {it: {auth: {token: *x19}}}", laughs + "clouds: {it: *x19}", deep, keys]
    {
        #[expect(clippy::disallowed_methods, reason = "how long it really takes is what is asked")]
        let start = Instant::now();
        let cloud = found(&[], &[("/here/clouds.yaml", &text)]);
        assert!(matches!(cloud, Err(CloudError::Malformed { .. })), "{}", told(&cloud));
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
