//! Tests of clients that are made of what is on the machine.
//! Nothing is asked.

use super::*;
use crate::auth::cloud::Surroundings;

/// A cloud in a file that says this.
fn cloud(file: &str) -> Cloud {
    let text = format!("clouds: {{it: {{{file}}}}}");
    Cloud::find(None, &Surroundings::default().file("/etc/openstack/clouds.yaml", text)).unwrap()
}

#[test]
fn a_client_asks_where_the_cloud_is() {
    let builder =
        Client::builder_from(&cloud("plas_endpoint_override: 'http://127.0.0.1:1', ak: k, sk: s3cret"));
    let client = builder.unwrap().build().unwrap();
    assert_eq!(client.http().endpoint().unwrap().to_string(), "http://127.0.0.1:1");
}

#[cfg(feature = "rustls")]
#[test]
fn a_client_of_a_keystone_asks_its_catalog_first() {
    let file = "profile: otc, region_name: eu-de, auth: {user_id: u, password: s3cret}";
    let client = Client::builder_from(&cloud(file)).unwrap().build().unwrap();
    assert!(client.http().endpoint().is_none());
    let given = format!("{file}, plas_endpoint_override: 'https://plas.example'");
    let client = Client::builder_from(&cloud(&given)).unwrap().build().unwrap();
    assert_eq!(client.http().endpoint().unwrap().to_string(), "https://plas.example");
}

#[test]
fn without_a_place_it_is_told_where_it_was_looked() {
    let error = Client::builder_from(&cloud("ak: k, sk: s3cret")).unwrap_err();
    let text =
        "it is not known where the API is: found was /etc/openstack/clouds.yaml; no variable OS_* is set";
    assert_eq!(error.to_string(), text);
    assert!(error.hint().unwrap().contains("OS_PLAS_ENDPOINT_OVERRIDE"));
}

#[cfg(feature = "rustls")]
#[test]
fn the_files_of_certificates_are_read() {
    let with = |more: &str| {
        let file = format!("plas_endpoint_override: 'https://plas.example', ak: k, sk: s3cret, {more}");
        Ok::<_, CloudError>(Client::builder_from(&cloud(&file))?.build()?)
    };
    let unreadable = with("cacert: /nowhere/ca.pem").unwrap_err();
    assert_eq!(unreadable.to_string(), "/nowhere/ca.pem cannot be read");
    let path = std::env::temp_dir().join(format!("lro-cloud-{}.pem", std::process::id()));
    std::fs::write(&path, "no certificate").unwrap();
    for key in ["cacert", "cert"] {
        let broken = with(&format!("{key}: {}", path.display())).unwrap_err();
        assert!(matches!(broken, CloudError::Client(_)), "{key}: {broken}");
        // What is not checked may still be broken: that is told too.
        assert!(with(&format!("{key}: {}, verify: false", path.display())).is_err());
    }
    std::fs::File::options().write(true).open(&path).unwrap().set_len(16 * 1024 * 1024 + 1).unwrap();
    let long = with(&format!("cacert: {}", path.display())).unwrap_err();
    assert_eq!(std::error::Error::source(&long).unwrap().to_string(), "it is longer than 16 MiB");
    std::fs::remove_file(&path).unwrap();
}
