//! What is inside the layers of versions, beside each other: files and packages. Reads what was not read before.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use artifact::{ByteSize, Ecosystem, MergedTree, Packages, comparison::FilesDifference};
use registry::Operation;

use super::file_rows;
use crate::{
    ApplicationError, Berth, ComparedVersion, ComparisonAnswer, ContentsComparison, ContentsWanted, PackageRow,
};

impl ComparedVersion {
    /// The platform by which it is asked for; none where there is no choice.
    pub(super) fn named_platform(&self) -> Option<&str> {
        self.platform.as_deref().filter(|_| self.platforms.len() > 1)
    }
}

impl Berth {
    /// Compares the files, the packages, or both, of versions that were compared. Packages come from bills of materials
    /// where every version has one, which costs no layer. One tree beside the reference's is in memory at a time.
    ///
    /// # Errors
    /// If a layer cannot be read.
    pub async fn compare_contents(
        &self,
        answer: &ComparisonAnswer,
        wanted: ContentsWanted,
        operation: &Operation,
    ) -> Result<ContentsComparison, ApplicationError> {
        let mut found = ContentsComparison::default();
        let mut installed = if wanted.packages {
            self.sboms(answer, operation).await?
        } else {
            None
        };
        found.packages_stated = installed.is_some();
        if wanted.files || (wanted.packages && installed.is_none()) {
            let read = self.read_trees(answer, &mut found, operation).await?;
            installed = installed.or(Some(read).filter(|_| wanted.packages));
        }
        if !wanted.files {
            found.files.clear();
        }
        found.packages = rows(&installed.unwrap_or_default());
        found.file_rows = file_rows::rows(&found.files);
        Ok(found)
    }

    /// The difference of the files goes into `found`, the packages are answered.
    async fn read_trees(
        &self,
        answer: &ComparisonAnswer,
        found: &mut ContentsComparison,
        operation: &Operation,
    ) -> Result<Vec<Packages>, ApplicationError> {
        let mut installed = Vec::with_capacity(answer.versions.len());
        let reference = match answer.versions.get(answer.reference) {
            Some(version) => self.tree_of(version, found, operation).await?,
            None => return Ok(installed),
        };
        for (place, version) in answer.versions.iter().enumerate() {
            let tree = if place == answer.reference {
                Arc::clone(&reference)
            } else {
                self.tree_of(version, found, operation).await?
            };
            let before = Arc::clone(&reference);
            let (files, packages) = self
                .blocking(move |_| {
                    Ok::<_, ApplicationError>((FilesDifference::of(&before, &tree), Packages::of(&tree)))
                })
                .await?;
            found.files.push(files);
            let unread = packages
                .unread
                .iter()
                .map(|path| format!("{}: {path} could not be read", version.name));
            found.problems.extend(unread);
            installed.push(packages);
        }
        Ok(installed)
    }

    async fn tree_of(
        &self,
        version: &ComparedVersion,
        found: &mut ContentsComparison,
        operation: &Operation,
    ) -> Result<Arc<MergedTree>, ApplicationError> {
        let platform = version
            .platform
            .as_deref()
            .filter(|name| version.platforms.len() > 1 && *name != "any");
        let (connection, repository) = (&version.connection, &version.repository);
        let (tree, read) = self
            .merged_tree(connection, repository, &version.digest, platform, operation)
            .await?;
        found.read = ByteSize(found.read.bytes() + read.bytes());
        if tree.totals().truncated {
            found.problems.push(format!(
                "{}: not all of its files are known, there are too many",
                version.name
            ));
        }
        Ok(tree)
    }
}

/// Every package that any version has, with the versions of it; several of one name are told together.
fn rows(installed: &[Packages]) -> BTreeMap<Ecosystem, Vec<PackageRow>> {
    let mut found = BTreeMap::new();
    for ecosystem in Ecosystem::ALL {
        let of = |packages: &Packages| packages.installed.get(&ecosystem).cloned().unwrap_or_default();
        let installed: Vec<BTreeMap<String, BTreeSet<String>>> = installed.iter().map(of).collect();
        let names: BTreeSet<&String> = installed.iter().flat_map(BTreeMap::keys).collect();
        let rows: Vec<PackageRow> = names.into_iter().map(|name| row(name, &installed)).collect();
        if !rows.is_empty() {
            found.insert(ecosystem, rows);
        }
    }
    found
}

fn row(name: &str, installed: &[BTreeMap<String, BTreeSet<String>>]) -> PackageRow {
    let told = |versions: &BTreeSet<String>| versions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let versions: Vec<Option<String>> = installed.iter().map(|names| names.get(name).map(told)).collect();
    PackageRow {
        name: name.to_owned(),
        differs: versions.windows(2).any(|pair| pair[0] != pair[1]),
        versions,
    }
}
