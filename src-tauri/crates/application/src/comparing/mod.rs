//! Versions beside each other: which platforms are compared, and what the index knows of them. Nothing is requested.

mod contents;
mod file_rows;
mod kept;
mod markdown;
mod platforms;
mod report;
mod stated;
mod tensors;
mod words;

use std::collections::BTreeMap;

use artifact::{
    Comparison, PlatformSummary, SizeUnits, Tag,
    comparison::{Compared, MOST_COMPARED},
    tensors::TensorsDifference,
};
use catalog::VersionRecord;

pub(crate) use self::kept::KeptComparisons;
pub use self::words::{label, told};
use crate::{
    ApplicationError, Berth, ComparedVersion, ComparisonAnswer, ComparisonPart, Report, VersionAt,
    reading::{TagLabels, platform_name},
    settings::SavedConnection,
};

/// One version as it was found in the index.
struct Read {
    at: VersionAt,
    connection: SavedConnection,
    record: VersionRecord,
}

impl Read {
    fn tag(&self) -> Option<&str> {
        let asked = self.at.tag.as_ref().map(Tag::as_str);
        asked.or(self.record.row.tags.first().map(String::as_str))
    }

    fn name(&self) -> &str {
        self.tag().unwrap_or(self.at.digest.short())
    }
}

impl Berth {
    /// Compares versions with the one at `reference`, from the index alone.
    ///
    /// # Errors
    /// If there are fewer than two or more than eight, one is not in the index, or has not the platform asked for.
    pub async fn compare(
        &self,
        versions: Vec<VersionAt>,
        reference: usize,
    ) -> Result<ComparisonAnswer, ApplicationError> {
        if versions.len() < 2 || versions.len() > MOST_COMPARED {
            return Err(ApplicationError::invalid(format!(
                "{} cannot be compared",
                if versions.len() < 2 {
                    "one version alone"
                } else {
                    "so many versions"
                }
            ))
            .with_hint(format!("name two to {MOST_COMPARED} versions")));
        }
        let saved = self.saved().await?;
        let mut read = Vec::with_capacity(versions.len());
        for at in versions {
            let connection = saved.connection(&at.connection)?.clone();
            let record = self.record(&connection, &at.repository, &at.digest).await?;
            read.push(Read { at, connection, record });
        }
        let chosen = platforms::choose(&read)?;
        let mut configs = Vec::with_capacity(read.len());
        for platform in &chosen.platforms {
            let config = platform.as_ref().and_then(|platform| platform.config_digest.as_ref());
            configs.push(match config {
                Some(digest) => self.config_document(digest).await?,
                None => None,
            });
        }
        let parts = read.iter().zip(&chosen.platforms).zip(&configs);
        let compared: Vec<Compared<'_>> = parts
            .map(|((read, platform), config)| Compared {
                digest: &read.at.digest,
                platform: platform.as_ref(),
                card: &read.record.summary.card,
                annotations: &read.record.summary.annotations,
                config: config.as_ref(),
            })
            .collect();
        let reference = if reference < read.len() { reference } else { 0 };
        let comparison = Comparison::of(&compared, reference);
        let labels = TagLabels::new(saved.settings.clone());
        let versions = read.iter().zip(&chosen.platforms);
        Ok(ComparisonAnswer {
            reference,
            problems: problems(&read, &chosen.platforms),
            versions: versions
                .map(|(read, platform)| described(read, platform.as_ref(), &labels))
                .collect(),
            common_platforms: chosen.common,
            comparison,
            tensors: None,
            contents: None,
        })
    }
}

impl ComparisonAnswer {
    /// Whether a part of it differs.
    pub fn differs(&self, part: ComparisonPart) -> bool {
        let (found, contents) = (&self.comparison, self.contents.as_ref());
        match part {
            ComparisonPart::Card => found.card.iter().any(|row| row.differs),
            ComparisonPart::Layers => {
                found.layers.iter().any(|row| row.differs) || found.history.iter().any(|row| row.differs)
            }
            ComparisonPart::Config => found.config.iter().any(|row| row.differs),
            ComparisonPart::Tensors => self.tensors.as_ref().is_some_and(|tensors| {
                let same = |found: &TensorsDifference| found.is_same_layout() && found.metadata.is_empty();
                !tensors.versions.iter().all(|version| same(&version.difference))
            }),
            ComparisonPart::Files => contents.is_some_and(|found| found.files.iter().any(|files| !files.is_empty())),
            ComparisonPart::Packages => {
                contents.is_some_and(|found| found.packages.values().flatten().any(|row| row.differs))
            }
        }
    }

    /// What differs in these parts, as tables for people.
    pub fn report(&self, parts: &[ComparisonPart], units: SizeUnits) -> Report {
        report::report(self, parts, units)
    }
}

impl Report {
    /// The same as Markdown.
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }
}

fn described(read: &Read, platform: Option<&PlatformSummary>, labels: &TagLabels) -> ComparedVersion {
    let (row, summary) = (&read.record.row, &read.record.summary);
    let place = format!("{}/{}", read.connection.name, read.at.repository);
    ComparedVersion {
        connection: read.at.connection.clone(),
        connection_name: read.connection.name.clone(),
        repository: read.at.repository.clone(),
        reference: match read.tag() {
            Some(tag) => format!("{place}:{tag}"),
            None => format!("{place}@{}", read.at.digest),
        },
        name: read.name().to_owned(),
        digest: read.at.digest.clone(),
        tags: labels.labels(row.tags.iter().map(String::as_str)),
        kind: row.kind,
        signed: row.signed,
        platform: platform.map(platform_name),
        platforms: summary.platforms.iter().map(platform_name).collect(),
        size: platform
            .filter(|platform| platform.size_known)
            .map(|platform| platform.size),
        created: platform.and_then(|platform| platform.created).or(summary.created),
    }
}

/// What could not be read, and platforms that are not one.
fn problems(read: &[Read], platforms: &[Option<PlatformSummary>]) -> Vec<String> {
    let mut problems: Vec<String> = Vec::new();
    let mut named: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (read, platform) in read.iter().zip(platforms) {
        let name = read.name();
        let found = read.record.summary.problems.iter();
        problems.extend(found.map(|problem| format!("{name}: {problem}")));
        if let Some(platform) = platform.as_ref().filter(|platform| platform.platform.is_some()) {
            named.entry(platform_name(platform)).or_default().push(name);
        }
    }
    if named.len() > 1 {
        let each: Vec<String> = named
            .iter()
            .map(|(platform, names)| format!("{} of {}", platform, names.join(", ")))
            .collect();
        problems.push(format!("different platforms are compared: {}", each.join("; ")));
    }
    problems
}
