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
    ("what is wrong of another service", &[], "image-endpoint-override: 'ftp://glance', ak: k, sk: s3cret",
        "error: the image_endpoint_override cannot be used (cloud `it` in /here/clouds.yaml): `ftp://glance` is not a URL that starts with http:// or https://"),
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

/// What is said of it; the variables; the file; the service; where it is; who says so if it is an endpoint.
type ServiceRow = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const CATALOG: &str = "auth: {token: s3cret, auth_url: 'https://k'}, region_name: r1, interface: internal";

#[rustfmt::skip]
const SERVICES: &[ServiceRow] = &[
    ("a service is looked for in the catalog", &[], CATALOG, "compute",
        "internal endpoint of type `compute` in region `r1`, or else nowhere",
        "interface `internal` (cloud `it` in /here/clouds.yaml)"),
    ("what is known of a vendor is its PLAS alone", &[], "profile: otc, auth: {token: s3cret}", "compute",
        "public endpoint of type `compute` in region `eu-de`, or else nowhere",
        "interface `public` (profile `otc`)"),
    ("without a catalog nothing is known of others", &[], "profile: otc, ak: k, sk: s3cret", "compute",
        "nowhere", ""),
    ("a service may be given by a variable", &[("OS_COMPUTE_ENDPOINT_OVERRIDE", "https://nova.example/v2.1")], CATALOG, "compute",
        "https://nova.example",
        "compute_endpoint_override `https://nova.example/v2.1` (variable OS_COMPUTE_ENDPOINT_OVERRIDE)"),
    ("which is not another one", &[("OS_COMPUTE_ENDPOINT_OVERRIDE", "https://nova.example/v2.1")], CATALOG, "image",
        "internal endpoint of type `image` in region `r1`, or else nowhere",
        "interface `internal` (cloud `it` in /here/clouds.yaml)"),
    ("nor PLAS", &[("OS_COMPUTE_ENDPOINT_OVERRIDE", "https://nova.example/v2.1")], "profile: otc, ak: k, sk: s3cret", "plas",
        "https://plas.eu-de.otc.t-systems.com",
        "plas_endpoint `https://plas.eu-de.otc.t-systems.com` (profile `otc`)"),
    ("the variable counts for more than the file", &[("OS_BLOCK_STORAGE_ENDPOINT_OVERRIDE", "cinder.{region_name}.example")],
        "block_storage_endpoint_override: 'https://file.example', region_name: r1, ak: k, sk: s3cret", "block-storage",
        "https://cinder.r1.example",
        "block_storage_endpoint_override `cinder.{region_name}.example` (variable OS_BLOCK_STORAGE_ENDPOINT_OVERRIDE)"),
    ("the region counts for more than the rest of the file", &[],
        "image_endpoint_override: 'https://file.example', regions: [{name: r1, values: {image-endpoint-override: 'https://r1.example'}}], ak: k, sk: s3cret", "image",
        "https://r1.example",
        "image_endpoint_override `https://r1.example` (cloud `it` in /here/clouds.yaml)"),
    ("a vendor may give any service", &[], "profile: nova, ak: k, sk: s3cret", "compute",
        "https://nova.vendor.example",
        "compute_endpoint_override `https://nova.vendor.example` (profile `nova` in /etc/openstack/clouds-public.yaml)"),
    ("nobody needs credentials for a service that is given", &[("OS_BAREMETAL_ENDPOINT_OVERRIDE", "http://127.0.0.1:6385")], "", "baremetal",
        "http://127.0.0.1:6385",
        "baremetal_endpoint_override `http://127.0.0.1:6385` (variable OS_BAREMETAL_ENDPOINT_OVERRIDE)"),
    ("what a query may hide is not told", &[], "image_endpoint_override: 'https://glance.example/?key=s3cret', ak: k, sk: s3cret", "image",
        "https://glance.example",
        "image_endpoint_override `https://glance.example/?…` (cloud `it` in /here/clouds.yaml)"),
];

#[test]
fn every_service_is_found_by_its_own_name() {
    const NOVA: &str = "public-clouds: {nova: {compute_endpoint_override: 'https://nova.vendor.example'}}";
    for (why, variables, file, service, expected, fact) in SERVICES {
        let text = format!("clouds: {{it: {{{file}}}}}");
        let mut files = vec![("/etc/openstack/clouds-public.yaml", NOVA)];
        files.extend((!file.is_empty()).then_some(("/here/clouds.yaml", text.as_str())));
        let cloud = found(variables, &files).unwrap();
        assert_eq!(place(&cloud, service), *expected, "{why}");
        let facts: Vec<String> = cloud.facts(service).iter().map(ToString::to_string).collect();
        let told =
            facts.last().filter(|fact| ["interface", "endpoint"].iter().any(|word| fact.contains(word)));
        assert_eq!(told.map_or("", String::as_str), *fact, "{why}");
        assert_eq!(cloud.notes(), [""; 0], "{why}");
        assert!(!format!("{cloud:?} {facts:?}").contains("s3cret"), "{why}");
    }
}
