//! `vision/line-scan-segmenter`: a second image on the same base, so that layers are shared across repositories.

use artifact::Descriptor;

use super::{
    SampleError, attached,
    defect_detector::base_of,
    image::{Image, Step},
    layer::{LayerContent, Shelf},
    noise,
    repository::{Repository, named, written},
    weights::{Tensor, safetensors},
};

const TITLE: &str = "line-scan-segmenter";

/// Tag, days ago, intersection over union in thousandths, other tags.
const RELEASES: &[(&str, i64, u32, &[&str])] = &[
    ("v0.3.0", 14, 781, &[]),
    ("v0.3.1", 12, 784, &["v0.3"]),
    ("v0.4.0-rc.1", 10, 792, &[]),
    ("v0.4.0", 9, 796, &[]),
    ("v0.4.1", 6, 799, &["v0.4", "latest", "production"]),
    ("v0.5.0-rc.1", 4, 811, &[]),
    ("v0.5.0-rc.2", 2, 814, &["staging"]),
    ("main", 1, 813, &[]),
];

pub(super) fn write(mut repository: Repository, shelf: &mut Shelf) -> Result<(), SampleError> {
    for (name, days, quality, aliases) in RELEASES {
        let version = image(&repository, name, *days, *quality, shelf)?;
        repository.tag(&version, name);
        for alias in *aliases {
            repository.tag(&version, alias);
        }
        if aliases.contains(&"production") {
            let signed = repository.days_ago(*days);
            attached::sign(&mut repository, &version, signed)?;
        }
    }
    repository.finish()
}

fn image(
    repository: &Repository,
    name: &str,
    days: i64,
    quality: u32,
    shelf: &mut Shelf,
) -> Result<Descriptor, SampleError> {
    let created = repository.days_ago(days);
    let base = base_of(repository, days);
    let mut steps = base.steps("amd64", shelf)?;
    let weights = model(name)?;
    let model = shelf.layer(&format!("{TITLE} model {name}"), created, || {
        let mut layer = LayerContent::default();
        layer.folder("app").file("app/model.safetensors", weights);
        layer
    })?;
    steps.push(Step::layer(
        "COPY model.safetensors /app/model.safetensors # buildkit",
        created,
        model,
    ));
    let source = shelf.layer(&format!("{TITLE} source {name}"), created, || {
        let mut layer = LayerContent::default();
        layer.file(
            "app/segment.py",
            format!("\"\"\"Segments line-scan pictures, {name}.\"\"\"\n"),
        );
        layer.file("app/palette.bin", noise::bytes(&format!("{TITLE} {name}"), 3_000));
        layer
    })?;
    steps.push(Step::layer("COPY src/ /app # buildkit", created, source));
    steps.push(Step::setting("ENTRYPOINT [\"python\" \"/app/segment.py\"]", created));
    let labels = named([
        ("architecture", "U-Net".to_owned()),
        ("dataset", "line-scan-masks".to_owned()),
        ("framework", "PyTorch 2.5.1, CUDA 12.4".to_owned()),
        ("iou", format!("0.{quality}")),
        ("org.opencontainers.image.created", written(created)),
        ("org.opencontainers.image.licenses", "Apache-2.0".to_owned()),
        (
            "org.opencontainers.image.source",
            "https://github.com/acme/line-scan-segmenter".to_owned(),
        ),
        ("org.opencontainers.image.title", TITLE.to_owned()),
        ("org.opencontainers.image.version", name.to_owned()),
    ]);
    let stored = Image {
        architecture: "amd64",
        created,
        steps,
        environment: base.environment("amd64"),
        entrypoint: vec!["python", "/app/segment.py"],
        command: Vec::new(),
        ports: vec!["8080/tcp"],
        labels,
    }
    .store(repository)?;
    Ok(Descriptor {
        platform: None,
        ..stored
    })
}

fn model(name: &str) -> Result<Vec<u8>, SampleError> {
    let trained = format!("{TITLE} {name}");
    let mut tensors = Vec::new();
    for (level, width) in [(0, 12), (1, 24), (2, 48)] {
        tensors.push(Tensor::new(
            format!("down.{level}.conv.weight"),
            &[width, width / 2, 3, 3],
            TITLE,
        ));
        tensors.push(Tensor::new(
            format!("up.{level}.conv.weight"),
            &[width / 2, width, 3, 3],
            &trained,
        ));
    }
    tensors.push(Tensor::new("out.weight", &[4, 6, 1, 1], &trained));
    safetensors(&tensors)
}
