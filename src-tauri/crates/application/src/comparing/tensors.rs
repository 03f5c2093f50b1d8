//! The tensors of versions, beside each other: names, types and shapes from the headers of their weights.

use artifact::{
    ByteSize,
    tensors::{difference, groups},
};
use registry::Operation;

use crate::{
    ApplicationError, Berth, ComparedTensors, ComparisonAnswer, TensorsAnswer, TensorsComparison, UnreadWeights,
};

impl Berth {
    /// Compares the layout of the tensors of versions that were compared; what was read before costs nothing. `stream`:
    /// what is packed is read from its start.
    ///
    /// # Errors
    /// If a layer cannot be read at all.
    pub async fn compare_tensors(
        &self,
        answer: &ComparisonAnswer,
        stream: bool,
        operation: &Operation,
    ) -> Result<TensorsComparison, ApplicationError> {
        let mut read = Vec::with_capacity(answer.versions.len());
        for version in &answer.versions {
            let (connection, platform) = (&version.connection, version.named_platform());
            let tensors = self.tensors(
                connection,
                &version.repository,
                &version.digest,
                platform,
                stream,
                operation,
            );
            read.push(tensors.await?);
        }
        let names: Vec<String> = answer.versions.iter().map(|version| version.name.clone()).collect();
        let reference = answer.reference;
        self.blocking(move |_| Ok::<_, ApplicationError>(compared(&read, &names, reference)))
            .await
    }
}

fn compared(read: &[TensorsAnswer], names: &[String], reference: usize) -> TensorsComparison {
    let tables: Vec<_> = read.iter().map(|answer| answer.table.as_ref()).collect();
    let first = tables.get(reference).copied();
    let versions = read.iter().map(|answer| ComparedTensors {
        difference: first.map(|first| difference(first, &answer.table)).unwrap_or_default(),
        totals: answer.table.totals(),
        layers: answer.layers,
    });
    let unread = read
        .iter()
        .zip(names)
        .flat_map(|(answer, name)| answer.unread.iter().map(move |one| told(name, one)));
    TensorsComparison {
        versions: versions.collect(),
        groups: groups(&tables),
        bytes_read: read.iter().map(|answer| answer.bytes_read).sum::<ByteSize>(),
        requests: read.iter().map(|answer| answer.requests).sum(),
        verified: read.iter().all(|answer| answer.verified),
        complete: read.iter().all(|answer| answer.unread.is_empty()),
        problems: unread.collect(),
    }
}

fn told(name: &str, unread: &UnreadWeights) -> String {
    let hint = unread
        .hint
        .as_ref()
        .map(|hint| format!(" ({hint})"))
        .unwrap_or_default();
    format!(
        "{name}: the tensors of {} were not read: {}{hint}",
        unread.path, unread.message
    )
}
