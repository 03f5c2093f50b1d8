//! `vision/defect-detector`: an image with a long history, two platforms, signatures and lists of packages.

use std::collections::BTreeMap;

use artifact::Descriptor;
use chrono::{DateTime, Utc};

use super::{
    SampleError, attached,
    detector_releases::{LEFTOVER, RELEASES, Release},
    image::{Image, Step},
    layer::{LayerContent, Shelf},
    noise,
    packages::{self, Package},
    python,
    repository::{Repository, named, written},
    system::Base,
    weights::{Tensor, safetensors},
};

const TITLE: &str = "defect-detector";
const SOURCE: &str = "https://github.com/acme/defect-detector";
/// When each base image and each torch came, in days.
const BASES: [i64; 2] = [370, 172];
const TORCHES: [i64; 4] = [366, 233, 171, 17];

pub(super) fn write(mut repository: Repository, shelf: &mut Shelf) -> Result<(), SampleError> {
    for release in RELEASES {
        let version = publish(&mut repository, release, shelf)?;
        repository.tag(&version, release.name);
        for alias in release.aliases {
            repository.tag(&version, alias);
        }
    }
    let leftover = publish(&mut repository, &LEFTOVER, shelf)?;
    repository.keep(&leftover);
    repository.finish()
}

fn publish(repository: &mut Repository, release: &Release, shelf: &mut Shelf) -> Result<Descriptor, SampleError> {
    let created = repository.days_ago(release.days);
    let model = model(release)?;
    let mut manifests = vec![image(repository, release, "amd64", &model, created, shelf)?];
    let version = if release.has_two_platforms() {
        manifests.push(image(repository, release, "arm64", &model, created, shelf)?);
        if release.is_documented()
            && let Some(first) = manifests.first()
        {
            manifests.push(attached::provenance(repository, first, SOURCE, created)?);
        }
        repository.index(&manifests, annotations(release, created))?
    } else {
        // A single manifest stands in the layout's index without its platform.
        Descriptor {
            platform: None,
            ..manifests.remove(0)
        }
    };
    attach(repository, release, &version, created)?;
    Ok(version)
}

fn attach(
    repository: &mut Repository,
    release: &Release,
    version: &Descriptor,
    created: DateTime<Utc>,
) -> Result<(), SampleError> {
    if release.is_signed() {
        attached::sign(repository, version, created)?;
    }
    if release.name == "1.2.0" {
        attached::sign_by_tag(repository, version, "ghcr.io/acme/vision/defect-detector")?;
    }
    if release.is_documented() {
        attached::package_list(repository, version, TITLE, &installed(release), created)?;
    }
    Ok(())
}

fn image(
    repository: &Repository,
    release: &Release,
    architecture: &'static str,
    model: &[u8],
    created: DateTime<Utc>,
    shelf: &mut Shelf,
) -> Result<Descriptor, SampleError> {
    let base = base(repository, release);
    let mut steps = base.steps(architecture, shelf)?;
    steps.push(Step::setting("WORKDIR /app", created));
    steps.push(requirements(repository, release, architecture, shelf)?);
    let weights = shelf.layer(&format!("{TITLE} model {}", release.name), created, || {
        let mut layer = LayerContent::default();
        layer.folder("app").file("app/model.safetensors", model);
        layer
    })?;
    steps.push(Step::layer(
        "COPY model.safetensors /app/model.safetensors # buildkit",
        created,
        weights,
    ));
    let source = shelf.layer(&format!("{TITLE} source {}", release.name), created, || source(release))?;
    steps.push(Step::layer("COPY src/ /app # buildkit", created, source));
    steps.push(Step::setting("EXPOSE map[8080/tcp:{} 9090/tcp:{}]", created));
    steps.push(Step::setting(
        "ENTRYPOINT [\"python\" \"-m\" \"defect_detector.serve\"]",
        created,
    ));
    let mut environment = base.environment(architecture);
    environment.push("MODEL_PATH=/app/model.safetensors".to_owned());
    environment.push("LOG_LEVEL=info".to_owned());
    Image {
        architecture,
        created,
        steps,
        environment,
        entrypoint: vec!["python", "-m", "defect_detector.serve"],
        command: vec!["--port", "8080"],
        ports: vec!["8080/tcp", "9090/tcp"],
        labels: labels(release, architecture, created),
    }
    .store(repository)
}

fn base(repository: &Repository, release: &Release) -> Base {
    let day = |days: &[i64], number: usize| repository.days_ago(days.get(number).copied().unwrap_or(release.days));
    Base {
        generation: release.base,
        torch: release.torch,
        built: day(&BASES, release.base),
        installed: day(&TORCHES, release.torch),
    }
}

/// The base on which whatever was built so many days ago stands, for those who build on the same one.
pub(super) fn base_of(repository: &Repository, days: i64) -> Base {
    let then = RELEASES
        .iter()
        .rfind(|release| !release.is_branch_build() && release.days >= days);
    base(repository, then.unwrap_or(&LEFTOVER))
}

fn requirements(
    repository: &Repository,
    release: &Release,
    architecture: &str,
    shelf: &mut Shelf,
) -> Result<Step, SampleError> {
    // The layer is as old as the first release that stands on this torch and these requirements.
    let same = |other: &&Release| other.requirements == release.requirements && other.torch == release.torch;
    let days = RELEASES
        .iter()
        .filter(same)
        .map(|other| other.days)
        .max()
        .unwrap_or(release.days);
    let installed = repository.days_ago(days);
    let name = format!(
        "{TITLE} requirements {} torch {} {architecture}",
        release.requirements, release.torch
    );
    let layer = shelf.layer(&name, installed, || {
        let mut layer = LayerContent::default();
        let below = packages::torch(release.torch);
        for package in packages::requirements(release.requirements) {
            let replaced = below.iter().find(|old| old.name == package.name);
            match replaced {
                Some(old) if old.version == package.version => continue,
                Some(old) => python::uninstall(&mut layer, old),
                None => {}
            }
            python::install(&mut layer, &package, architecture);
        }
        layer.removed("root/.cache/pip");
        layer
    })?;
    Ok(Step::layer(
        "RUN /bin/sh -c pip install --no-cache-dir -r requirements.txt # buildkit",
        installed,
        layer,
    ))
}

/// Every Python package of a release, as its layers leave it.
fn installed(release: &Release) -> Vec<Package> {
    let mut packages: BTreeMap<&str, Package> = BTreeMap::new();
    for package in packages::torch(release.torch)
        .into_iter()
        .chain(packages::requirements(release.requirements))
    {
        packages.insert(package.name, package);
    }
    packages.into_values().collect()
}

/// A feature pyramid in miniature. A patch trains only the head again.
fn model(release: &Release) -> Result<Vec<u8>, SampleError> {
    let backbone = format!("{TITLE} {}", release.trained_backbone());
    let head = format!("{TITLE} {}", release.name);
    let mut tensors = vec![
        Tensor::new("stem.conv.weight", &[16, 3, 4, 4], &backbone),
        Tensor::new("stem.norm.weight", &[16], &backbone),
    ];
    for (stage, width) in [(0, 16), (1, 32), (2, 48)] {
        for block in 0..2 {
            let name = |part: &str| format!("stages.{stage}.blocks.{block}.{part}");
            tensors.push(Tensor::new(name("dwconv.weight"), &[width, 1, 7, 7], &backbone));
            tensors.push(Tensor::new(name("norm.weight"), &[width], &backbone));
            tensors.push(Tensor::new(name("pwconv1.weight"), &[width * 2, width], &backbone));
            tensors.push(Tensor::new(name("pwconv2.weight"), &[width, width * 2], &backbone));
        }
    }
    tensors.push(Tensor::new("pyramid.lateral.weight", &[48, 48, 1, 1], &backbone));
    tensors.push(Tensor::new("head.conv.weight", &[24, 48, 3, 3], &head));
    tensors.push(Tensor::new("head.classifier.weight", &[12, 24], &head));
    tensors.push(Tensor::new("head.classifier.bias", &[12], &head));
    safetensors(&tensors)
}

fn source(release: &Release) -> LayerContent {
    let mut layer = LayerContent::default();
    let version = release.name;
    layer.folder("app").folder("app/defect_detector");
    layer.file(
        "app/defect_detector/__init__.py",
        format!("__version__ = \"{version}\"\n"),
    );
    layer.file("app/defect_detector/serve.py", SERVE);
    layer.file("app/defect_detector/model.py", MODEL);
    layer.file(
        "app/defect_detector/classes.txt",
        "scratch\ndent\nstain\ncrack\nchip\nbubble\nburr\nfold\ntear\nrust\ngap\nnone\n",
    );
    layer.file(
        "app/config.yaml",
        format!("version: {version}\nthreshold: 0.5\nbatch_size: 8\ntile: 512\n"),
    );
    layer.file(
        "app/README.md",
        format!("# Defect detector {version}\n\nFinds twelve kinds of surface defects in line-scan pictures.\n"),
    );
    layer.file(
        "app/static/demo.png",
        noise::bytes(&format!("{TITLE} demo {version}"), 4_000),
    );
    layer
}

fn labels(release: &Release, architecture: &str, created: DateTime<Utc>) -> BTreeMap<String, String> {
    let cuda = if release.base == 0 { "12.1" } else { "12.4" };
    let torch = packages::torch(release.torch)
        .first()
        .map_or("", |package| package.version);
    let mut labels = annotations(release, created);
    labels.extend(named([
        ("architecture", "ConvNeXt-S, feature pyramid".to_owned()),
        ("dataset", format!("line-scan-{}", created.format("%Y-%m"))),
        ("format", "safetensors".to_owned()),
        ("framework", format!("PyTorch {torch}, CUDA {cuda}")),
        ("precision", "F32".to_owned()),
    ]));
    if let Some(accuracy) = release.accuracy {
        // The other figures follow the accuracy, as they do in life, with a little of their own.
        let own = u32::from(noise::bytes(release.name, 1).first().copied().unwrap_or_default()) % 5;
        let f1 = accuracy - 14 - own;
        let latency = if architecture == "arm64" { 384 } else { 212 } + own * 2 - (accuracy - 880);
        labels.extend(named([
            ("accuracy", format!("0.{accuracy:03}")),
            ("f1", format!("0.{f1:03}")),
            ("latency_ms", format!("{}.{}", latency / 10, latency % 10)),
        ]));
    }
    labels
}

fn annotations(release: &Release, created: DateTime<Utc>) -> BTreeMap<String, String> {
    named([
        (
            "org.opencontainers.image.authors",
            "Vision team <vision@acme.example>".to_owned(),
        ),
        (
            "org.opencontainers.image.base.name",
            "docker.io/library/debian:12-slim".to_owned(),
        ),
        ("org.opencontainers.image.created", written(created)),
        (
            "org.opencontainers.image.description",
            "Finds surface defects in line-scan pictures".to_owned(),
        ),
        ("org.opencontainers.image.licenses", "Apache-2.0".to_owned()),
        (
            "org.opencontainers.image.revision",
            noise::hex(&format!("{TITLE} {}", release.name), 40),
        ),
        ("org.opencontainers.image.source", SOURCE.to_owned()),
        ("org.opencontainers.image.title", TITLE.to_owned()),
        ("org.opencontainers.image.vendor", "Acme".to_owned()),
        ("org.opencontainers.image.version", release.name.to_owned()),
    ])
}

const SERVE: &str = r#""""Serves the detector over HTTP."""

import argparse

import uvicorn
from fastapi import FastAPI, UploadFile

from .model import Detector

app = FastAPI(title="Defect detector")
detector = Detector.from_environment()


@app.post("/detect")
async def detect(picture: UploadFile) -> list[dict]:
    return detector.detect(await picture.read())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8080)
    uvicorn.run(app, host="0.0.0.0", port=parser.parse_args().port)
"#;

const MODEL: &str = r#""""Loads the weights and runs the network."""

import os

import torch
from safetensors.torch import load_file


class Detector:
    def __init__(self, path: str) -> None:
        self.weights = load_file(path)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"

    @classmethod
    def from_environment(cls) -> "Detector":
        return cls(os.environ["MODEL_PATH"])

    def detect(self, picture: bytes) -> list[dict]:
        raise NotImplementedError("the sample holds no trained network")
"#;
