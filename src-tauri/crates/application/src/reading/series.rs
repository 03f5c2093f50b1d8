//! The chart over the versions: one value of each, oldest first.

use artifact::TagOrder;
use catalog::{VersionSort, VersionsView};

use super::labels::TagLabels;
use crate::{ApplicationError, Berth, SeriesPoint, VersionsQuery};

/// The most points that the chart shows; the newest stay.
const POINTS: usize = 2_000;

/// The name under which the size is charted.
const SIZE: &str = "size";

impl Berth {
    /// A metric, or `size` in bytes, over the versions that the query's filter lets through, oldest first.
    ///
    /// # Errors
    /// If the repository was never synced or the index cannot be read.
    pub async fn series(&self, query: VersionsQuery, metric: &str) -> Result<Vec<SeriesPoint>, ApplicationError> {
        let query = VersionsQuery {
            sort: VersionSort::Version,
            descending: true,
            ..query
        };
        let (view, labels) = self.view(&query).await?;
        let metric = metric.to_owned();
        self.blocking(move |_| points(&view, &labels, &metric)).await
    }
}

fn points(view: &VersionsView, labels: &TagLabels, metric: &str) -> Result<Vec<SeriesPoint>, ApplicationError> {
    let rows = view.rows(0..POINTS)?;
    let tags = rows.iter().flat_map(|row| row.tags.iter().map(String::as_str));
    let order = TagOrder::recognise(tags, &labels.channels());
    let point = |row: &catalog::VersionRow| {
        let digest = row.digest.clone()?;
        let best = row.tags.first();
        let value = if metric == SIZE {
            // Sizes over 2^53 bytes lose their last digits in a chart, where nobody sees them.
            #[expect(clippy::cast_precision_loss, reason = "a chart has a thousand pixels")]
            row.size.map(|size| size.bytes() as f64)
        } else {
            row.metrics.get(metric).copied()
        };
        Some(SeriesPoint {
            name: best.cloned().unwrap_or_else(|| digest.short().to_owned()),
            created: row.created,
            value,
            release: best.is_some_and(|tag| order.is_release(tag)),
            channels: labels
                .labels(row.tags.iter().map(String::as_str))
                .into_iter()
                .filter(|label| label.channel.is_some())
                .collect(),
            digest,
        })
    };
    Ok(rows.iter().rev().filter_map(point).collect())
}
