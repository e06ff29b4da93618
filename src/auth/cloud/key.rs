//! What a cloud can say: each thing with its names in a file and its variables. This is a table and nothing else.
//! What it means for a request is not known here.

/// One thing that can be said about a cloud, or about who asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Profile,
    AuthType,
    AuthUrl,
    IdentityApiVersion,
    Token,
    Username,
    UserId,
    UserDomainName,
    UserDomainId,
    DomainName,
    DomainId,
    DefaultDomain,
    Password,
    Passcode,
    ApplicationCredentialId,
    ApplicationCredentialName,
    ApplicationCredentialSecret,
    AccessKeyId,
    AccessKeySecret,
    SecurityToken,
    ProjectId,
    ProjectName,
    ProjectDomainName,
    ProjectDomainId,
    TrustId,
    SystemScope,
    AgencyName,
    AgencyDomain,
    AgencyProject,
    Region,
    Interface,
    PlasEndpoint,
    Verify,
    Insecure,
    Cacert,
    Cert,
    PrivateKeyFile,
}

/// How a value may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is.
    Plain,
    /// Without what a URL may hide.
    Url,
    /// Only that it is there.
    Never,
}

/// What is known of a key.
pub(super) struct Row {
    pub(super) key: Key,
    /// In a file, with `_` for `-`. The first one is its name; when several are there, the first counts.
    pub(super) names: &'static [&'static str],
    /// In the environment; the first one that is set counts.
    pub(super) variables: &'static [&'static str],
    pub(super) shown: Shown,
}

const fn plain(key: Key, names: &'static [&'static str], variables: &'static [&'static str]) -> Row {
    Row { key, names, variables, shown: Shown::Plain }
}

const fn url(key: Key, names: &'static [&'static str], variables: &'static [&'static str]) -> Row {
    Row { key, names, variables, shown: Shown::Url }
}

const fn secret(key: Key, names: &'static [&'static str], variables: &'static [&'static str]) -> Row {
    Row { key, names, variables, shown: Shown::Never }
}

/// Every key, in the order of [`Key`].
///
/// The names are those of openstacksdk, and of gophertelekomcloud and python-otcextensions for access keys and
/// agencies; the variables those of all of them. What belongs to other clouds (`AWS_*`, `S3_*`, `HUAWEICLOUD_*`) is
/// never read, since it would sign requests as somebody else.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 37] = [
    plain(Key::Profile, &["profile", "cloud"], &[]),
    plain(Key::AuthType, &["auth_type"], &["OS_AUTH_TYPE"]),
    url(Key::AuthUrl, &["auth_url"], &["OS_AUTH_URL"]),
    plain(Key::IdentityApiVersion, &["identity_api_version"], &["OS_IDENTITY_API_VERSION"]),
    secret(Key::Token, &["token", "auth_token"], &["OS_TOKEN", "OS_AUTH_TOKEN"]),
    plain(Key::Username, &["username", "user_name"], &["OS_USERNAME"]),
    plain(Key::UserId, &["user_id"], &["OS_USER_ID", "OS_USERID"]),
    plain(Key::UserDomainName, &["user_domain_name"], &["OS_USER_DOMAIN_NAME"]),
    plain(Key::UserDomainId, &["user_domain_id"], &["OS_USER_DOMAIN_ID"]),
    plain(Key::DomainName, &["domain_name"], &["OS_DOMAIN_NAME"]),
    plain(Key::DomainId, &["domain_id"], &["OS_DOMAIN_ID"]),
    // An id for python-openstackclient and gophercloud; a name nowhere but in OTC's Terraform provider.
    plain(Key::DefaultDomain, &["default_domain"], &["OS_DEFAULT_DOMAIN"]),
    secret(Key::Password, &["password"], &["OS_PASSWORD"]),
    secret(Key::Passcode, &["passcode"], &["OS_PASSCODE"]),
    plain(Key::ApplicationCredentialId, &["application_credential_id"], &["OS_APPLICATION_CREDENTIAL_ID"]),
    plain(Key::ApplicationCredentialName, &["application_credential_name"], &["OS_APPLICATION_CREDENTIAL_NAME"]),
    secret(Key::ApplicationCredentialSecret, &["application_credential_secret"], &["OS_APPLICATION_CREDENTIAL_SECRET"]),
    plain(Key::AccessKeyId, &["access_key", "ak"], &["OS_ACCESS_KEY", "OS_ACCESS_KEY_ID", "OS_AK"]),
    secret(Key::AccessKeySecret, &["secret_key", "sk"], &["OS_SECRET_KEY", "OS_ACCESS_KEY_SECRET", "OS_SK"]),
    secret(Key::SecurityToken, &["security_token"], &["OS_SECURITY_TOKEN", "OS_AKSK_SECURITY_TOKEN", "OS_ST"]),
    plain(Key::ProjectId, &["project_id", "tenant_id"], &["OS_PROJECT_ID", "OS_TENANT_ID"]),
    plain(Key::ProjectName, &["project_name", "tenant_name"], &["OS_PROJECT_NAME", "OS_TENANT_NAME"]),
    plain(Key::ProjectDomainName, &["project_domain_name"], &["OS_PROJECT_DOMAIN_NAME"]),
    plain(Key::ProjectDomainId, &["project_domain_id"], &["OS_PROJECT_DOMAIN_ID"]),
    plain(Key::TrustId, &["trust_id"], &["OS_TRUST_ID"]),
    plain(Key::SystemScope, &["system_scope"], &["OS_SYSTEM_SCOPE"]),
    plain(Key::AgencyName, &["target_agency_name", "agency_name"], &["OS_AGENCY_NAME", "OS_TARGET_AGENCY_NAME"]),
    plain(Key::AgencyDomain, &["target_domain_id", "target_domain_name", "agency_domain_name"], &["OS_AGENCY_DOMAIN_NAME", "OS_TARGET_DOMAIN_ID"]),
    plain(Key::AgencyProject, &["target_project_name", "target_project_id", "delegated_project"], &["OS_DELEGATED_PROJECT", "OS_TARGET_PROJECT_NAME"]),
    plain(Key::Region, &["region_name"], &["OS_REGION_NAME", "OS_REGION", "OS_REGION_ID"]),
    plain(Key::Interface, &["interface", "endpoint_type"], &["OS_INTERFACE", "OS_ENDPOINT_TYPE"]),
    url(Key::PlasEndpoint, &["plas_endpoint"], &[]),
    plain(Key::Verify, &["verify"], &[]),
    plain(Key::Insecure, &["insecure"], &["OS_INSECURE"]),
    plain(Key::Cacert, &["cacert"], &["OS_CACERT"]),
    plain(Key::Cert, &["cert"], &["OS_CERT"]),
    plain(Key::PrivateKeyFile, &["key"], &["OS_KEY"]),
];

/// The variables of an access key and of its secret. They count in pairs, so that no key is signed with the secret of
/// another one; the first whole pair is the one.
pub(super) const PAIRS: [[&str; 2]; 3] =
    [["OS_ACCESS_KEY", "OS_SECRET_KEY"], ["OS_ACCESS_KEY_ID", "OS_ACCESS_KEY_SECRET"], ["OS_AK", "OS_SK"]];

/// Whether the secret in this variable may belong to the key in that one. What is no secret of a key belongs to any.
pub(super) fn is_partner(key: &str, secret: &str) -> bool {
    PAIRS.iter().all(|pair| pair[1] != secret || pair[0] == key)
}

/// Variables that count for more than a file, when a cloud is taken from one: where it is asked, not who asks. So do
/// the endpoints that are given.
pub(super) const OVERRIDING: [Key; 6] =
    [Key::Region, Key::Interface, Key::Insecure, Key::Cacert, Key::Cert, Key::PrivateKeyFile];

/// Keys that say who asks. With one of them in the environment there is somebody there.
pub(super) const IDENTITIES: [Key; 6] = [
    Key::Token,
    Key::ApplicationCredentialId,
    Key::ApplicationCredentialName,
    Key::AccessKeyId,
    Key::Username,
    Key::UserId,
];

/// Keys that say the same thing in two ways. Whoever says one of them takes back the other one that was said below.
pub(super) const RIVALS: [[Key; 2]; 7] = [
    [Key::UserId, Key::Username],
    [Key::ProjectId, Key::ProjectName],
    [Key::UserDomainId, Key::UserDomainName],
    [Key::ProjectDomainId, Key::ProjectDomainName],
    [Key::DomainId, Key::DomainName],
    [Key::ApplicationCredentialId, Key::ApplicationCredentialName],
    [Key::Verify, Key::Insecure],
];

impl Key {
    pub(super) fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Its name in a file.
    pub(super) fn name(self) -> &'static str {
        self.row().names[0]
    }
}

/// What something is said about: a key of the table, or the endpoint of a service, of which there are as many as
/// there are services.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Key(Key),
    /// With its [name in a file](override_key).
    Override(String),
}

impl Topic {
    /// The topic with this name in a file, and the place of the name among those of the topic.
    pub(super) fn of_name(name: &str) -> Option<(Self, usize)> {
        let name = name.replace('-', "_");
        let place = |row: &Row| row.names.iter().position(|known| *known == name);
        let key = ROWS.iter().find_map(|row| Some((Self::Key(row.key), place(row)?)));
        key.or_else(|| is_override(&name).then_some((Self::Override(name), 0)))
    }

    /// The topic of an endpoint that is given by this variable.
    pub(super) fn of_variable(name: &str) -> Option<Self> {
        let name = name.strip_prefix("OS_")?.to_ascii_lowercase();
        is_override(&name).then_some(Self::Override(name))
    }
}

/// How the name of an endpoint that is given ends.
const OVERRIDE: &str = "_endpoint_override";

/// A name is told; what no type of a service has is none.
fn is_override(name: &str) -> bool {
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.strip_suffix(OVERRIDE).is_some_and(|service| !service.is_empty() && service.chars().all(is_known))
}

/// The key of `clouds.yaml` that gives the endpoint of the service of this type, as in `block_storage_endpoint_override`
/// for `block-storage`. The variable of the same meaning is that in capitals, behind `OS_`.
///
/// Source: `CloudRegion.get_endpoint` of openstacksdk, but for the aliases of types, and for `{type}_endpoint`, which it
/// takes for the same thing.
#[must_use]
pub fn override_key(service: &str) -> String {
    format!("{}{OVERRIDE}", service.to_ascii_lowercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_the_row_of_its_own_and_no_name_is_said_twice() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.key as usize, index, "{:?}", row.key);
            for name in row.names {
                let found = Topic::of_name(&name.replace('_', "-")).map(|(topic, _)| topic);
                assert_eq!(found, Some(Topic::Key(row.key)), "{name}");
            }
        }
        let mut variables: Vec<_> = ROWS.iter().flat_map(|row| row.variables).collect();
        variables.sort_unstable();
        let all = variables.len();
        variables.dedup();
        assert_eq!(variables.len(), all);
    }

    #[test]
    fn the_endpoint_of_any_service_may_be_given() {
        for (service, key) in [
            ("plas", "plas_endpoint_override"),
            ("block-storage", "block_storage_endpoint_override"),
            ("Compute", "compute_endpoint_override"),
        ] {
            assert_eq!(override_key(service), key);
            let topic = Some(Topic::Override(key.to_owned()));
            assert_eq!(Topic::of_name(&key.replace('_', "-")).map(|(topic, _)| topic), topic);
            assert_eq!(Topic::of_variable(&format!("OS_{}", key.to_ascii_uppercase())), topic);
        }
        for name in
            ["endpoint_override", "_endpoint_override", "compute_endpoint_override_", "compute_endpoint"]
        {
            assert_eq!(Topic::of_name(name), None, "{name}");
            assert_eq!(Topic::of_variable(&format!("OS_{}", name.to_ascii_uppercase())), None, "{name}");
        }
        assert_eq!(Topic::of_variable("COMPUTE_ENDPOINT_OVERRIDE"), None);
        assert_eq!(Topic::of_name("\u{1b}[2J_endpoint_override"), None);
    }

    #[test]
    fn a_secret_is_never_shown() {
        let words = ["password", "secret", "token", "passcode", "sk"];
        for row in ROWS
            .iter()
            .filter(|row| row.names.iter().any(|name| words.iter().any(|word| name.contains(word))))
        {
            assert_eq!(row.shown, Shown::Never, "{:?}", row.key);
        }
    }
}
