//! The journal as an audit log in a file, or wherever bytes go. Never the whole of it in memory.

use std::{
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use changes::{EntryFilter, Journal, JournalError};

use crate::{ApplicationError, Berth, ErrorCode, JournalFilter, JournalFormat};

impl Berth {
    /// Writes every step of the changes that the filter lets through, oldest first.
    ///
    /// # Errors
    /// As [`Berth::journal`], and if the output cannot be written.
    pub async fn export_journal(
        &self,
        filter: &JournalFilter,
        format: JournalFormat,
        output: impl Write + Send + 'static,
    ) -> Result<(), ApplicationError> {
        let (journal, filter) = (self.open_journal().await?, self.entry_filter(filter).await?);
        self.blocking(move |_| write(&journal, &filter, format, BufWriter::new(output)))
            .await
    }

    /// The same into a file, which is there whole or not at all; what was there before is replaced.
    ///
    /// # Errors
    /// As [`Berth::export_journal`].
    pub async fn export_journal_to_file(
        &self,
        filter: &JournalFilter,
        format: JournalFormat,
        path: PathBuf,
    ) -> Result<(), ApplicationError> {
        let (journal, filter) = (self.open_journal().await?, self.entry_filter(filter).await?);
        self.blocking(move |_| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let file = tempfile::Builder::new()
                .prefix(".journal-")
                .tempfile_in(folder.unwrap_or(Path::new(".")));
            let file = file.map_err(|error| unwritten(&path, &error))?;
            write(&journal, &filter, format, BufWriter::new(file.as_file()))?;
            let kept = file.as_file().sync_all().map_err(|error| unwritten(&path, &error));
            kept.and_then(|()| file.persist(&path).map_err(|error| unwritten(&path, &error.error)))?;
            Ok::<_, ApplicationError>(())
        })
        .await
    }
}

fn write(
    journal: &Journal,
    filter: &EntryFilter,
    format: JournalFormat,
    output: impl Write,
) -> Result<(), JournalError> {
    match format {
        JournalFormat::Csv => journal.write_csv(filter, output),
        JournalFormat::Json => journal.write_json(filter, output),
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> ApplicationError {
    let problem = ApplicationError::new(
        ErrorCode::Storage,
        format!("{} cannot be written: {error}", path.display()),
    );
    problem.with_hint("choose a folder that is there, may be written to and has space; the journal itself is as it was")
}
