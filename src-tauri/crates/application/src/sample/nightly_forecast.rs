//! `pipelines/nightly-forecast`: what a pipeline leaves every night, tagged by the time of the run.

use artifact::Descriptor;
use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::{
    SampleError,
    defect_detector::base_of,
    image::{Image, Step},
    layer::{LayerContent, Shelf},
    noise, packages, python,
    repository::{Repository, named, written},
};

const TITLE: &str = "nightly-forecast";
/// Nights of which the image is kept: all of the last ones, then one a month.
const NIGHTS: [i64; 16] = [180, 150, 120, 90, 60, 30, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

pub(super) fn write(mut repository: Repository, shelf: &mut Shelf) -> Result<(), SampleError> {
    let mut runs: Vec<DateTime<Utc>> = NIGHTS
        .iter()
        .filter_map(|nights| night(repository.now(), *nights))
        .collect();
    // The run with which the pipeline began.
    runs.extend(run_at(2024, 1, 15, (10, 30, 45)).filter(|first| *first < repository.now()));
    runs.sort();
    let mut last = None;
    for run in runs {
        let image = image(&repository, run, shelf)?;
        repository.tag(&image, &run.format("%Y-%m-%d-%H-%M-%S").to_string());
        last = Some(image);
    }
    if let Some(image) = last {
        repository.tag(&image, "latest");
    }
    repository.finish()
}

/// The run in the night so many days ago: some time after two o'clock.
fn night(now: DateTime<Utc>, nights: i64) -> Option<DateTime<Utc>> {
    let day = (now - Duration::days(nights)).date_naive();
    let delay = Duration::seconds((nights * 37) % 900);
    Some(day.and_hms_opt(2, 0, 8)?.and_utc() + delay)
}

fn run_at(year: i32, month: u32, day: u32, (hour, minute, second): (u32, u32, u32)) -> Option<DateTime<Utc>> {
    Some(
        NaiveDate::from_ymd_opt(year, month, day)?
            .and_hms_opt(hour, minute, second)?
            .and_utc(),
    )
}

fn image(repository: &Repository, run: DateTime<Utc>, shelf: &mut Shelf) -> Result<Descriptor, SampleError> {
    let base = base_of(repository, (repository.now() - run).num_days());
    let built = base.built;
    let mut steps = base.slim_steps("amd64", shelf)?;
    let requirements = shelf.layer(&format!("{TITLE} requirements"), built, || {
        let mut layer = LayerContent::default();
        for package in packages::forecast() {
            python::install(&mut layer, &package, "amd64");
        }
        layer
    })?;
    steps.push(Step::layer(
        "RUN /bin/sh -c pip install -r requirements.txt # buildkit",
        built,
        requirements,
    ));
    let name = run.format("%Y%m%d%H%M%S").to_string();
    let trained = shelf.layer(&format!("{TITLE} {name}"), run, || forecast(&name))?;
    steps.push(Step::layer("COPY forecast/ /app/forecast # buildkit", run, trained));
    steps.push(Step::setting("ENTRYPOINT [\"python\" \"-m\" \"forecast.run\"]", run));
    let drift = u32::from(noise::bytes(&name, 1).first().copied().unwrap_or_default()) % 40;
    let labels = named([
        ("mape", format!("0.{:03}", 78 + drift)),
        ("rmse", format!("{}.{}", 12 + drift / 10, drift % 10)),
        ("rows", (1_840_000 + drift * 1_311).to_string()),
        ("org.opencontainers.image.created", written(run)),
        ("org.opencontainers.image.title", TITLE.to_owned()),
        (
            "org.opencontainers.image.source",
            "https://github.com/acme/forecasting".to_owned(),
        ),
        ("pipeline.name", TITLE.to_owned()),
        ("pipeline.run", noise::hex(&format!("run {name}"), 8)),
    ]);
    let stored = Image {
        architecture: "amd64",
        created: run,
        steps,
        environment: vec!["PYTHONUNBUFFERED=1".to_owned(), format!("PIPELINE_RUN={name}")],
        entrypoint: vec!["python", "-m", "forecast.run"],
        command: Vec::new(),
        ports: Vec::new(),
        labels,
    }
    .store(repository)?;
    Ok(Descriptor {
        platform: None,
        ..stored
    })
}

fn forecast(name: &str) -> LayerContent {
    let mut layer = LayerContent::default();
    layer.folder("app").folder("app/forecast");
    layer.file(
        "app/forecast/run.py",
        "\"\"\"Forecasts the demand of the next seven days.\"\"\"\n",
    );
    layer.file(
        "app/forecast/model.txt",
        format!("tree\nversion=v4\nnum_class=1\nrun={name}\n"),
    );
    layer.file(
        "app/forecast/trees.bin",
        noise::bytes(&format!("{TITLE} {name}"), 36_000),
    );
    layer
}
