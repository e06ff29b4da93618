//! The presets that are built in.
//! What they say is data: it stands in the files beside this one.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("builtin/", $name, ".toml")))),*]
    };
}

/// Each file with its name, in alphabetical order.
pub(super) const FILES: &[(&str, &str)] = files![
    "airflow-dagrun",
    "aws-cloudcontrol",
    "azure",
    "azure-async",
    "azure-provisioning-state",
    "buildbot-build",
    "github-run",
    "gitlab-pipeline",
    "google-compute",
    "google-lro",
    "http-202",
    "ironic-node",
    "json-api-async",
    "k8s-job",
    "ms-stepwise",
    "openstack-glance-task",
    "openstack-heat",
    "openstack-image",
    "openstack-server",
    "otc-cce-job",
    "otc-job",
    "otc-plas",
    "otc-rds-job",
    "prefect-flow-run",
    "redfish-task",
    "tfc-run",
];
