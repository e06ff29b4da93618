//! A user and a project of a test's own in the real Keystone, with a region in whose catalog an API stands.
//! No two names in it are alike, so that none can stand for another.

use serde_json::{Value, json};

use super::keystone::{Keystone, Login, id, requests};

/// Environment variables, by name.
pub(crate) type Variables = Vec<(&'static str, String)>;

/// Who may ask the API, and how they log in.
pub(crate) struct Account {
    keystone: Keystone,
    prefix: String,
    pub(crate) user: String,
    pub(crate) user_id: String,
    pub(crate) password: String,
    /// Name and id.
    pub(crate) user_domain: (String, String),
    pub(crate) project: String,
    pub(crate) project_id: String,
    /// Name and id.
    pub(crate) project_domain: (String, String),
    pub(crate) region: String,
}

impl Account {
    /// An account that no other test has, as long as no two tests give the same name, and the API at `plas` in the
    /// catalog of its region.
    pub(crate) async fn create(keystone: &Keystone, name: &str, plas: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let admin = &keystone.admin().await;
        let domain = async |name: String| {
            let created = keystone.create(admin, "domains", "domain", json!({ "name": name })).await;
            (name, id(&created))
        };
        let user_domain = domain(format!("people-{name}")).await;
        let project_domain = domain(format!("things-{name}")).await;

        let (user, password) = (format!("user-{name}"), format!("\"pass\\wörd' #{{{name}}} $HOME"));
        let properties = json!({"name": user, "domain_id": user_domain.1, "password": password});
        let user_id = id(&keystone.create(admin, "users", "user", properties).await);
        let project = format!("project-{name}");
        let properties = json!({"name": project, "domain_id": project_domain.1});
        let project_id = id(&keystone.create(admin, "projects", "project", properties).await);
        keystone.assign(admin, "member", &user_id, &project_id).await;

        let region = format!("region-{name}");
        keystone.create(admin, "regions", "region", json!({ "id": region })).await;
        let properties = json!({"type": "plas", "name": format!("service-{name}")});
        let service_id = id(&keystone.create(admin, "services", "service", properties).await);
        // An endpoint that is not for everybody, and at which nobody listens, comes first.
        for (interface, url) in [("internal", "http://127.0.0.1:9"), ("public", plas)] {
            let properties =
                json!({"interface": interface, "url": url, "region_id": region, "service_id": service_id});
            keystone.create(admin, "endpoints", "endpoint", properties).await;
        }
        Self {
            keystone: keystone.clone(),
            prefix: name,
            user,
            user_id,
            password,
            user_domain,
            project,
            project_id,
            project_domain,
            region,
        }
    }

    /// The address of Keystone for this account alone, without a version.
    pub(crate) fn keystone_url(&self) -> String {
        self.keystone.url(&self.prefix)
    }

    /// How often somebody has tried to log in there.
    pub(crate) fn logins(&self) -> usize {
        requests("POST", &format!("/{}/v3/auth/tokens", self.prefix))
    }

    /// The variables of a login with the password, by names.
    pub(crate) fn by_names(&self) -> Variables {
        let mut variables = self.place();
        variables.extend([
            ("OS_USERNAME", self.user.clone()),
            ("OS_PASSWORD", self.password.clone()),
            ("OS_USER_DOMAIN_NAME", self.user_domain.0.clone()),
            ("OS_PROJECT_NAME", self.project.clone()),
            ("OS_PROJECT_DOMAIN_NAME", self.project_domain.0.clone()),
        ]);
        variables
    }

    /// The variables of every login: where Keystone is, and in which region the API is.
    pub(crate) fn place(&self) -> Variables {
        vec![("OS_AUTH_URL", format!("{}/v3", self.keystone_url())), ("OS_REGION_NAME", self.region.clone())]
    }

    /// Logs in with the password, and not at the address that is for this account alone.
    pub(crate) async fn login(&self) -> Login {
        let user = json!({"id": self.user_id, "password": self.password});
        let auth = json!({
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"id": self.project_id}},
        });
        self.keystone.login(auth).await
    }

    /// Makes an application credential of this name with this secret.
    pub(crate) async fn application_credential(&self, name: &str, secret: &str) -> Value {
        let path = format!("users/{}/application_credentials", self.user_id);
        let properties = json!({"name": name, "secret": secret});
        let token = self.login().await.token;
        self.keystone.create(&token, &path, "application_credential", properties).await
    }
}
