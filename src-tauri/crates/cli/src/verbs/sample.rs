//! `sample [FOLDER]`.

use std::path::Path;

use application::{ApplicationError, pull_commands::quoted};

use super::connection::answer_connection;
use crate::{exit::Exit, terminal::Terminal};

pub(super) async fn run(folder: Option<&Path>, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let connection = terminal.berth.sample(folder, &terminal.operation).await?;
    answer_connection(&connection, "added", terminal)?;
    terminal.suggest(&format!("berthctl sync {}", quoted(&connection.name)));
    Ok(Exit::Done)
}
