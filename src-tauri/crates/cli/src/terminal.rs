//! What every verb works with: Berth, the operation, the common flags, and the two outputs.

use std::{
    io::{self, BufWriter, IsTerminal, Write},
    time::Duration,
};

use application::{
    ApplicationError, Berth, ByteSize, ConnectionInfo, Found, LoginState, Operation, RepositoryAt, SyncReport,
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    arguments::Common,
    output::{errors, times, times::Times},
    password,
    progress::Line,
};

/// One run of berthctl.
pub(crate) struct Terminal {
    pub(crate) berth: Berth,
    pub(crate) operation: Operation,
    common: Common,
    line: Line,
    units: application::Units,
    times: Times,
}

impl Terminal {
    /// # Errors
    /// If the settings cannot be read.
    pub(crate) async fn new(
        berth: Berth,
        common: Common,
        operation: Operation,
        line: Line,
    ) -> Result<Self, ApplicationError> {
        let settings = berth.settings().await?;
        let times = Times {
            style: settings.times,
            now: Utc::now(),
        };
        Ok(Self {
            berth,
            operation,
            common,
            line,
            units: settings.sizes.into(),
            times,
        })
    }

    /// How old what is known may be before it is read again.
    pub(crate) fn max_age(&self) -> Duration {
        self.common.max_age
    }

    /// Writes the result: as JSON if that was asked for, else what `table` makes for people.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub(crate) fn answer(
        &self,
        document: &impl Serialize,
        table: impl FnOnce() -> String,
    ) -> Result<(), ApplicationError> {
        self.line.clear();
        let mut output = BufWriter::new(io::stdout().lock());
        let written = if self.common.json {
            serde_json::to_writer_pretty(&mut output, document)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(output))
        } else {
            output.write_all(table().as_bytes())
        };
        written
            .and_then(|()| output.flush())
            .map_err(|error| errors::of_output(&error))
    }

    /// Whether the result is for a program.
    pub(crate) fn is_json(&self) -> bool {
        self.common.json
    }

    /// Tells something beside the result.
    pub(crate) fn warn(&self, text: &str) {
        if !self.common.quiet {
            self.line.suspend(|| errors::warn(text));
        }
    }

    /// Tells a person what comes next; a script knows.
    pub(crate) fn suggest(&self, command: &str) {
        if !self.common.quiet && !self.common.json && io::stderr().is_terminal() {
            self.line.suspend(|| errors::suggest(command));
        }
    }

    /// Tells of a problem that stopped nothing.
    pub(crate) fn warn_of(&self, problem: &ApplicationError) {
        match &problem.hint {
            Some(hint) => self.warn(&format!("{} ({hint})", problem.message)),
            None => self.warn(&problem.message),
        }
    }

    /// Tells what a refresh could not read.
    pub(crate) fn warn_of_report(&self, report: Option<&SyncReport>) {
        for problem in report.into_iter().flat_map(|report| &report.problems) {
            self.warn(&problem.message);
        }
    }

    /// Finds what a reference names, and takes the password for its connection from standard input if that was said.
    ///
    /// # Errors
    /// If no connection covers it.
    pub(crate) async fn find(&self, reference: &str) -> Result<Found, ApplicationError> {
        let found = self.berth.find(reference).await?;
        if self.common.password_stdin {
            self.berth.use_secret(&found.connection, self.password().await?);
        }
        Ok(found)
    }

    /// The repository that a reference without a version names.
    ///
    /// # Errors
    /// As [`Terminal::find`], and for a connection alone or a version.
    pub(crate) async fn repository(&self, reference: &str) -> Result<RepositoryAt, ApplicationError> {
        let found = self.find(reference).await?;
        Ok(RepositoryAt {
            repository: found.need_only_repository()?.clone(),
            connection: found.connection,
        })
    }

    /// The password on standard input.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn password(&self) -> Result<application::Secret, ApplicationError> {
        tokio::task::spawn_blocking(password::read).await?
    }

    /// Whether a password stands on standard input.
    pub(crate) fn has_password(&self) -> bool {
        self.common.password_stdin
    }

    /// Takes the password for the one connection that keeps none.
    ///
    /// # Errors
    /// If it is not clear whose password it is: a secret goes to no other host than its own.
    pub(crate) async fn password_for_the_only(&self, connections: &[ConnectionInfo]) -> Result<(), ApplicationError> {
        if !self.common.password_stdin {
            return Ok(());
        }
        let mut missing = connections
            .iter()
            .filter(|connection| connection.login_state == LoginState::Missing);
        match (missing.next(), missing.next()) {
            (Some(connection), None) => self.berth.use_secret(&connection.id, self.password().await?),
            _ => {
                return Err(
                    ApplicationError::invalid("it is not clear which connection the password is for")
                        .with_hint("name the connection"),
                );
            }
        }
        Ok(())
    }

    /// How sizes are written.
    pub(crate) fn units(&self) -> application::Units {
        self.units
    }

    pub(crate) fn size(&self, size: ByteSize) -> String {
        size.display(self.units)
    }

    /// A size, or a dash where it is not known.
    pub(crate) fn known_size(&self, size: Option<ByteSize>) -> String {
        size.map_or_else(|| times::UNKNOWN.to_owned(), |size| self.size(size))
    }

    /// A time for a list, or a dash where it is not known.
    pub(crate) fn time(&self, time: Option<DateTime<Utc>>) -> String {
        self.times.short(time)
    }
}
