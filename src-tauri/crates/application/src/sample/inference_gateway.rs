//! `charts/inference-gateway`: a Helm chart that runs the models.

use artifact::Descriptor;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    SampleError,
    layer::LayerContent,
    repository::{ManifestDetails, Repository, named, written},
};

const CONFIG_TYPE: &str = "application/vnd.cncf.helm.config.v1+json";
const CHART_TYPE: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const NAME: &str = "inference-gateway";

pub(super) fn write(mut repository: Repository) -> Result<(), SampleError> {
    for (version, days, application) in [("0.3.0", 64, "1.4.0"), ("0.3.1", 40, "1.4.2"), ("0.4.0", 18, "1.4.4")] {
        let created = repository.days_ago(days);
        let chart = publish(&repository, version, application, created)?;
        repository.tag(&chart, version);
    }
    repository.finish()
}

fn publish(
    repository: &Repository,
    version: &str,
    application: &str,
    created: DateTime<Utc>,
) -> Result<Descriptor, SampleError> {
    let description = "Puts models behind one address";
    let mut content = LayerContent::default();
    content.file(
        &format!("{NAME}/Chart.yaml"),
        format!("apiVersion: v2\nname: {NAME}\nversion: {version}\nappVersion: {application}\ndescription: {description}\ntype: application\n"),
    );
    content.file(
        &format!("{NAME}/values.yaml"),
        format!("image:\n  repository: vision/defect-detector\n  tag: {application}\nreplicas: 2\nresources:\n  limits:\n    nvidia.com/gpu: 1\n"),
    );
    content.file(&format!("{NAME}/templates/deployment.yaml"), DEPLOYMENT);
    let layer = repository.blob(CHART_TYPE, &content.pack(created)?.bytes)?;
    let config = repository.json(
        CONFIG_TYPE,
        &json!({
            "name": NAME,
            "version": version,
            "appVersion": application,
            "description": description,
            "apiVersion": "v2",
            "type": "application",
        }),
    )?;
    let annotations = named([
        ("org.opencontainers.image.created", written(created)),
        ("org.opencontainers.image.description", description.to_owned()),
        ("org.opencontainers.image.title", NAME.to_owned()),
        ("org.opencontainers.image.version", version.to_owned()),
    ]);
    repository.manifest(
        &config,
        &[layer],
        &ManifestDetails {
            annotations,
            ..ManifestDetails::default()
        },
    )
}

const DEPLOYMENT: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
        - name: detector
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - containerPort: 8080
"#;
