//! Credentials, made of what is said by whoever is meant to ask.
//! Who that is was decided elsewhere.

use super::error::CloudError;
use super::key::Key;
use super::method::Method;
use super::origin::Said;
use super::place;
use super::settings::Reader;
use crate::auth::{AccessKey, ApplicationCredential, Credentials, Domain, Identity, Project, Token, User};

/// Makes credentials for this way of asking.
pub(super) fn make(method: Method, reader: &mut Reader<'_>) -> Result<Credentials, CloudError> {
    match method {
        Method::AccessKey => access_key(reader),
        Method::Token if !reader.settings.has(Key::AuthUrl) => Ok(token(reader)?.1.into()),
        _ => keystone(method, reader),
    }
}

fn access_key(reader: &mut Reader<'_>) -> Result<Credentials, CloudError> {
    let (id, secret) = (said(reader, Key::AccessKeyId)?, said(reader, Key::AccessKeySecret)?);
    let mut key = AccessKey::new(id.value, secret.value).map_err(|error| {
        // One of both is unfit; by itself each of them tells which.
        let is_id = AccessKey::new(id.value, "fit").is_err();
        let (key, said) = if is_id { (Key::AccessKeyId, &id) } else { (Key::AccessKeySecret, &secret) };
        unusable(key, said, &error)
    })?;
    if let Some(token) = reader.secret(Key::SecurityToken)? {
        key = key.with_security_token(token);
    }
    if let Some(project) = reader.text(Key::ProjectId)? {
        key = key.with_project_id(project);
    }
    Ok(key.into())
}

/// A token, with who says it. What no header can carry is told here, where that is known.
fn token<'a>(reader: &mut Reader<'a>) -> Result<(Said<&'a str>, Token), CloudError> {
    let said = said(reader, Key::Token)?;
    let token = Token::given(said.value.trim()).map_err(|error| unusable(Key::Token, &said, &error))?;
    Ok((said, token))
}

fn keystone(method: Method, reader: &mut Reader<'_>) -> Result<Credentials, CloudError> {
    let url = place::auth_url(reader)?;
    let identity = match method {
        Method::Token => Identity::token(&url.value, token(reader)?.0.value.trim()),
        Method::ApplicationCredential => {
            let credential = application_credential(reader)?;
            let secret = said(reader, Key::ApplicationCredentialSecret)?;
            Identity::application_credential(&url.value, credential, secret.value)
        }
        Method::Password | Method::Passcode | Method::TwoFactors | Method::AccessKey => {
            let user = user(reader)?;
            let password = if method == Method::Passcode { None } else { reader.secret(Key::Password)? };
            let passcode = reader.secret(Key::Passcode)?;
            match (password, passcode) {
                (Some(password), None) => Identity::password(&url.value, user, password),
                (Some(password), Some(passcode)) => Identity::password(&url.value, user, password)
                    .map(|identity| identity.with_passcode(passcode)),
                (None, Some(passcode)) => Identity::passcode(&url.value, user, passcode),
                (None, None) => unreachable!("a way is gone only when nothing is missing"),
            }
        }
    };
    let mut identity = identity.map_err(|error| unusable(Key::AuthUrl, &url, &error))?;
    if method != Method::ApplicationCredential {
        identity = scoped(identity, method, reader)?;
    }
    Ok(identity.into())
}

fn application_credential(reader: &mut Reader<'_>) -> Result<ApplicationCredential, CloudError> {
    if let Some(id) = reader.text(Key::ApplicationCredentialId)? {
        return Ok(ApplicationCredential::Id(id));
    }
    let name = said(reader, Key::ApplicationCredentialName)?.value.to_owned();
    Ok(ApplicationCredential::Name { name, user: user(reader)? })
}

/// A user. A domain that is said for all is that of the user too.
fn user(reader: &mut Reader<'_>) -> Result<User, CloudError> {
    if let Some(id) = reader.text(Key::UserId)? {
        return Ok(User::Id(id));
    }
    let name = said(reader, Key::Username)?.value.to_owned();
    let domain = reader.first(&[
        (Key::UserDomainId, Domain::Id),
        (Key::UserDomainName, Domain::Name),
        (Key::DomainId, Domain::Id),
        (Key::DomainName, Domain::Name),
        (Key::DefaultDomain, Domain::Id),
    ])?;
    let domain = domain.unwrap_or_else(|| unreachable!("a way is gone only when nothing is missing"));
    Ok(User::Name { name, domain })
}

/// The project, or else the domain, that is said. A domain that is said beside a project is that of the project.
fn scoped(identity: Identity, method: Method, reader: &mut Reader<'_>) -> Result<Identity, CloudError> {
    if let Some(id) = reader.text(Key::ProjectId)? {
        return Ok(identity.project(Project::Id(id)));
    }
    if let Some(name) = reader.text(Key::ProjectName)? {
        let domain = reader.first(&[
            (Key::ProjectDomainId, Domain::Id),
            (Key::ProjectDomainName, Domain::Name),
            (Key::DomainId, Domain::Id),
            (Key::DomainName, Domain::Name),
        ])?;
        // A token does not say whose it is, so the domain of the user that is said beside it stands in.
        let domain = match domain {
            None if method == Method::Token => reader.first(&[
                (Key::UserDomainId, Domain::Id),
                (Key::UserDomainName, Domain::Name),
                (Key::DefaultDomain, Domain::Id),
            ])?,
            domain => domain,
        };
        return Ok(identity.project(Project::Name { name, domain }));
    }
    let domain = reader.first(&[(Key::DomainId, Domain::Id), (Key::DomainName, Domain::Name)])?;
    Ok(match domain {
        Some(domain) => identity.domain(domain),
        None => identity,
    })
}

fn said<'a>(reader: &mut Reader<'a>, key: Key) -> Result<Said<&'a str>, CloudError> {
    Ok(reader.take(key)?.unwrap_or_else(|| unreachable!("a way is gone only when nothing is missing")))
}

/// The texts of these errors hold no secret.
fn unusable<T>(key: Key, said: &Said<T>, error: &dyn std::error::Error) -> CloudError {
    CloudError::Unusable {
        what: key.name().to_owned(),
        origin: said.origin.clone(),
        reason: error.to_string(),
    }
}
