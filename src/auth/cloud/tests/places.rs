//! In which region and where it is asked, as one table.
//! Who asks is tested elsewhere.

use super::*;

/// What is said of it; the variables; the file; where it is asked, or the error.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const KEY: [(&str, &str); 2] = [("OS_AK", "AK1"), ("OS_SK", "s3cret")];
const EU_DE: (&str, &str) = ("OS_REGION_NAME", "eu-de");
const USER: [(&str, &str); 2] = [("OS_USER_ID", "u1"), ("OS_PASSWORD", "s3cret")];

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("the region is said", &[], "profile: otc, region_name: eu-nl, ak: k, sk: s3cret, auth: {project_name: eu-de}",
        "eu-nl: https://plas.eu-nl.otc.t-systems.com"),
    ("the region is that of the project", &[], "profile: otc, ak: k, sk: s3cret, auth: {project_name: eu-nl_test}",
        "eu-nl: https://plas.eu-nl.otc.t-systems.com"),
    ("the project is in no region of the vendor", &[], "profile: otc, ak: k, sk: s3cret, auth: {project_name: ap-sg_test}",
        "eu-de: https://plas.eu-de.otc.t-systems.com"),
    ("the region is the first one", &[], "profile: otc, ak: k, sk: s3cret",
        "eu-de: https://plas.eu-de.otc.t-systems.com"),
    ("the variables count in their order", &[("OS_REGION_ID", "a"), ("OS_REGION", "eu-nl")], "profile: otc, ak: k, sk: s3cret",
        "eu-nl: https://plas.eu-nl.otc.t-systems.com"),
    ("regions of one's own count for more than those of the vendor", &[], "profile: otc, regions: [eu-nl, eu-de], ak: k, sk: s3cret",
        "eu-nl: https://plas.eu-nl.otc.t-systems.com"),
    ("a region may have values of its own", &[], "profile: otc, ak: k, sk: s3cret, regions: [eu-de, {name: eu-nl, values: {plas-endpoint-override: 'https://nl'}}], region-name: eu-nl",
        "eu-nl: https://nl"),
    ("values of another region do not count", &[], "profile: otc, ak: k, sk: s3cret, regions: [eu-de, {name: eu-nl, values: {plas-endpoint-override: 'https://nl'}}]",
        "eu-de: https://plas.eu-de.otc.t-systems.com"),
    ("the old name of profile", &[], "cloud: otc, ak: k, sk: s3cret",
        "eu-de: https://plas.eu-de.otc.t-systems.com"),
    ("only the origin of an endpoint counts", &[], "plas_endpoint_override: 'https://plas.example:8443/v1.0/?x=1', ak: k, sk: s3cret",
        "anywhere: https://plas.example:8443"),
    ("an endpoint is a template, and may lack its scheme", &[], "plas_endpoint_override: 'plas.{region_name}.example', region_name: r1, ak: k, sk: s3cret",
        "r1: https://plas.r1.example"),
    ("a vendor without the API", &[], "profile: otc-swiss, ak: k, sk: s3cret",
        "eu-ch2: nowhere"),
    ("a vendor without the API, but a catalog", &[], "profile: otc-swiss, auth: {token: s3cret}",
        "eu-ch2: public endpoint of type `plas` in region `eu-ch2`, or else nowhere"),
    ("no vendor, a region of the vendor's", &[KEY[0], KEY[1], EU_DE], "",
        "eu-de: https://plas.eu-de.otc.t-systems.com"),
    ("no vendor, a region of another vendor's", &[KEY[0], KEY[1], ("OS_REGION_NAME", "eu-ch2")], "",
        "eu-ch2: nowhere"),
    ("no vendor, no region", &KEY, "",
        "anywhere: nowhere"),
    ("no credentials, a region of the vendor's", &[EU_DE], "",
        "eu-de: https://plas.eu-de.otc.t-systems.com"),
    ("the vendor's own identity service", &[KEY[0], KEY[1], EU_DE, ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com:443/v3")], "",
        "eu-de: https://plas.eu-de.otc.t-systems.com"),
    ("the vendor's own identity service, without a region", &[KEY[0], KEY[1], ("OS_AUTH_URL", "iam.eu-nl.otc.t-systems.com")], "",
        "anywhere: https://plas.eu-nl.otc.t-systems.com"),
    ("the vendor's own identity service, of another region", &[KEY[0], KEY[1], EU_DE, ("OS_AUTH_URL", "https://iam.eu-nl.otc.t-systems.com/v3")], "",
        "eu-de: nowhere"),
    ("the identity service of another company, in a region of the same name", &[KEY[0], KEY[1], EU_DE, ("OS_AUTH_URL", "https://keystone.example/v3")], "",
        "eu-de: nowhere"),
    ("one that only begins like the vendor's", &[KEY[0], KEY[1], EU_DE, ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com.evil.example/v3")], "",
        "eu-de: nowhere"),
    ("the vendor's name with the identity service of another company", &[], "profile: otc, auth: {auth_url: 'https://keystone.example/v3', ak: k, sk: s3cret}",
        "eu-de: nowhere"),
    ("the same with a catalog", &[USER[0], USER[1], EU_DE, ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com/v3")], "",
        "eu-de: public endpoint of type `plas` in region `eu-de`, or else https://plas.eu-de.otc.t-systems.com"),
    ("a catalog without a region", &[USER[0], USER[1], ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com/v3")], "",
        "anywhere: public endpoint of type `plas`, or else https://plas.eu-de.otc.t-systems.com"),
    ("a constant of one's own", &[], "ak: k, sk: s3cret, region_name: r, plas_endpoint: 'https://plas.{region_name}.example'",
        "r: https://plas.r.example"),
    ("a constant of one's own that needs no region", &[], "ak: k, sk: s3cret, plas_endpoint: plas.example",
        "anywhere: https://plas.example"),
    ("a profile of one's own", &[], "profile: mine, auth: {token: s3cret}",
        "r1: internal endpoint of type `plas` in region `r1`, or else https://plas.r1.mine.example"),
    ("a profile of one's own that has the name of a vendor", &[], "profile: otc-swiss2, ak: k, sk: s3cret",
        "eu-ch2: nowhere"),
    ("a region that would make another host", &[("OS_REGION_NAME", "evil.example/")], "profile: otc, auth: {token: s3cret}",
        "error: the region_name cannot be used (variable OS_REGION_NAME): it has a character that no region has"),
    ("no region where one is needed", &[], "auth: {token: s3cret, auth_url: 'https://iam.{region_name}.example'}",
        "error: the auth_url cannot be used (cloud `it` in /here/clouds.yaml): it needs a region: give `region_name` or OS_REGION_NAME"),
    ("a URL with a password in it", &[], "plas_endpoint_override: 'https://me:s3cret@plas.example', ak: k, sk: s3cret",
        "error: the plas_endpoint_override cannot be used (cloud `it` in /here/clouds.yaml): the URL holds a user name or a password"),
    ("version 2 by its number", &[], "identity_api_version: 2.0, auth: {token: s3cret, auth_url: 'https://k'}",
        "error: the identity_api_version cannot be used (cloud `it` in /here/clouds.yaml): version 2 of the identity service is not spoken, only version 3"),
    ("version 2 by its URL", &[], "auth: {token: s3cret, auth_url: 'https://k/v2.0/'}",
        "error: the auth_url cannot be used (cloud `it` in /here/clouds.yaml): version 2 of the identity service is not spoken, only version 3"),
    ("a profile that is a URL", &[], "profile: 'https://vendor.example', ak: k, sk: s3cret",
        "error: the profile cannot be used (cloud `it` in /here/clouds.yaml): it is a URL, and profiles are not fetched; write what it says into the cloud"),
    ("a profile that nobody knows", &[], "profile: devstack, ak: k, sk: s3cret",
        "error: there is no profile `devstack`, as cloud `it` in /here/clouds.yaml has it"),
];

const PUBLIC: &str = "public-clouds:
  mine: {auth: {auth_url: keystone.mine.example}, regions: [r1, r2], endpoint_type: internal, plas_endpoint: 'https://plas.{region_name}.mine.example'}
  otc-swiss2: {region_name: eu-ch2}
";

#[test]
fn every_place_is_so() {
    for (why, variables, file, expected) in TABLE {
        let text = format!("clouds: {{it: {{{file}}}}}");
        let mut files = vec![("/etc/openstack/clouds-public.yaml", PUBLIC)];
        files.extend((!file.is_empty()).then_some(("/here/clouds.yaml", text.as_str())));
        let cloud = found(variables, &files);
        let place = match &cloud {
            Ok(cloud) => {
                let region = cloud.region().map_or("anywhere", |region| &region.value);
                let whole = told(&Ok(cloud.clone()));
                format!("{region}: {}", whole.rsplit_once("; ").unwrap().1)
            }
            Err(_) => told(&cloud),
        };
        assert_eq!(place, *expected, "{why}");
        assert!(!shown(&cloud).contains("s3cret"), "{why}: {}", shown(&cloud));
    }
}
