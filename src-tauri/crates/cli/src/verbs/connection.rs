//! `connection add|edit|list|remove|import-docker|check|pin`.

use application::{
    ApplicationError, CheckStep, ConnectionDraft, ConnectionId, ConnectionInfo, LoginMethod, RepositoryName,
    pull_commands::quoted,
};

use crate::{
    arguments::{Add, ConnectionVerb, Edit},
    exit::Exit,
    output::{
        documents::{self, Connection, Removed},
        tables::{Column, table},
        times::UNKNOWN,
    },
    terminal::Terminal,
};

/// What a new user is told instead of an empty list.
pub(super) const NO_CONNECTIONS: &str =
    "there are no connections yet: `berthctl connection add NAME ADDRESS`, or `berthctl sample`";

pub(super) async fn run(verb: ConnectionVerb, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    match verb {
        ConnectionVerb::Add(arguments) => add(arguments, terminal).await,
        ConnectionVerb::Edit(arguments) => edit(arguments, terminal).await,
        ConnectionVerb::List => list(terminal).await,
        ConnectionVerb::Remove { name } => remove(&name, terminal).await,
        ConnectionVerb::ImportDocker => import_docker(terminal).await,
        ConnectionVerb::Check { name } => check(&name, terminal).await,
        ConnectionVerb::Pin {
            name,
            repositories,
            remove,
        } => pin(&name, &repositories, remove, terminal).await,
    }
}

/// One connection as the whole result.
pub(super) fn answer_connection(
    connection: &ConnectionInfo,
    done: &str,
    terminal: &Terminal,
) -> Result<(), ApplicationError> {
    terminal.answer(&Connection::of(connection), || told(connection, done))
}

fn told(connection: &ConnectionInfo, done: &str) -> String {
    format!(
        "{done} {}: {} ({})\n",
        connection.name,
        connection.location,
        connection.provider.label()
    )
}

async fn add(arguments: Add, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let access = arguments.access;
    let login_method = match access.login {
        Some(login) => login.into(),
        None => {
            terminal
                .berth
                .usual_login(&arguments.address, access.username.as_deref())
                .await?
        }
    };
    let draft = ConnectionDraft {
        id: None,
        name: arguments.name,
        address: arguments.address,
        login_method,
        username: access.username,
        password: password_for(login_method, terminal).await?,
        plain_http: access.plain_http,
        ca_file: access.ca,
        client_certificate: access.client_certificate,
        store_secret: !access.no_store,
        make_new: arguments.new,
    };
    let connection = terminal.berth.save_connection(draft, &terminal.operation).await?;
    answer_connection(&connection, "added", terminal)?;
    terminal.suggest(&format!("berthctl sync {}", quoted(&connection.name)));
    Ok(Exit::Done)
}

async fn password_for(
    login: LoginMethod,
    terminal: &Terminal,
) -> Result<Option<application::Secret>, ApplicationError> {
    match (login, terminal.has_password()) {
        (LoginMethod::Password, true) => terminal.password().await.map(Some),
        (LoginMethod::Password, false) => Err(ApplicationError::invalid("a login with a user needs its password")
            .with_hint("give it with --password-stdin: printf '%s' \"$TOKEN\" | berthctl …")),
        (_, true) => Err(
            ApplicationError::invalid("there is a password, but no user that it belongs to")
                .with_hint("name the user with --username"),
        ),
        (_, false) => Ok(None),
    }
}

async fn edit(arguments: Edit, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let id = named(&arguments.connection, terminal).await?;
    let before = terminal.berth.connection_info(&id).await?;
    let mut draft = before.to_draft();
    let access = arguments.access;
    if let Some(name) = arguments.new_name {
        draft.name = name;
    }
    if let Some(address) = arguments.address {
        draft.address = address;
    }
    if let Some(username) = access.username {
        draft.username = Some(username);
        draft.login_method = LoginMethod::Password;
    }
    if let Some(login) = access.login {
        draft.login_method = login.into();
    }
    draft.plain_http = (draft.plain_http || access.plain_http) && !arguments.https;
    draft.ca_file = access.ca.or(draft.ca_file).filter(|_| !arguments.no_ca);
    draft.client_certificate = access
        .client_certificate
        .or(draft.client_certificate)
        .filter(|_| !arguments.no_client_certificate);
    draft.store_secret = (draft.store_secret || arguments.store) && !access.no_store;
    if terminal.has_password() {
        draft.password = password_for(draft.login_method, terminal).await?;
    }
    let connection = terminal.berth.save_connection(draft, &terminal.operation).await?;
    answer_connection(&connection, "changed", terminal)?;
    Ok(Exit::Done)
}

async fn list(terminal: &Terminal) -> Result<Exit, ApplicationError> {
    const COLUMNS: [Column; 7] = [
        Column::Left("NAME"),
        Column::Left("LOCATION"),
        Column::Left("PROVIDER"),
        Column::Left("LOGIN"),
        Column::Left("STATUS"),
        Column::Right("REPOSITORIES"),
        Column::Right("SYNCED"),
    ];
    let connections = terminal.berth.connections().await?;
    if connections.is_empty() {
        terminal.warn(NO_CONNECTIONS);
    }
    let documents: Vec<_> = connections.iter().map(Connection::of).collect();
    let line = |connection: &ConnectionInfo| {
        vec![
            connection.name.clone(),
            connection.location.clone(),
            connection.provider.label().to_owned(),
            connection.login_method.as_str().to_owned(),
            connection.status().as_str().to_owned(),
            connection
                .synced
                .map_or_else(|| UNKNOWN.to_owned(), |_| connection.repositories.to_string()),
            terminal.time(connection.synced),
        ]
    };
    terminal.answer(&documents, || table(&COLUMNS, connections.iter().map(line)))?;
    Ok(Exit::Done)
}

async fn remove(name: &str, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let id = named(name, terminal).await?;
    let connection = terminal.berth.connection_info(&id).await?;
    let routes = terminal.berth.remove_connection(&id).await?;
    let routes: Vec<String> = routes.into_iter().map(|route| route.name).collect();
    let removed = Removed::of(&connection, routes.clone());
    terminal.answer(&removed, || {
        let names: Vec<String> = routes.iter().map(|name| format!("{name:?}")).collect();
        let with_it = match names.len() {
            0 => String::new(),
            1 => format!("with it went the route {}\n", names.join("")),
            _ => format!("with it went the routes {}\n", names.join(", ")),
        };
        told(&connection, "removed") + &with_it
    })?;
    Ok(Exit::Done)
}

async fn import_docker(terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let import = terminal.berth.import_docker(&terminal.operation).await?;
    for (host, problem) in &import.problems {
        terminal.warn_of(&ApplicationError {
            message: format!("{host}: {}", problem.message),
            ..problem.clone()
        });
    }
    if import.added.is_empty() && import.problems.is_empty() {
        terminal.warn("there is no docker or podman login on this computer that is not connected yet");
    }
    let documents: Vec<_> = import.added.iter().map(Connection::of).collect();
    let line = |connection: &ConnectionInfo| format!("added {}: {}\n", connection.name, connection.location);
    terminal.answer(&documents, || import.added.iter().map(line).collect())?;
    match (import.added.is_empty(), import.problems.into_iter().next()) {
        (_, None) => Ok(Exit::Done),
        (false, Some(_)) => Ok(Exit::Part),
        (true, Some((_, problem))) => Err(problem),
    }
}

async fn check(name: &str, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    named(name, terminal).await?;
    // Again, for the password on standard input.
    let id = terminal.find(name).await?.connection;
    let connection = terminal.berth.connection_info(&id).await?;
    let diagnosis = terminal.berth.diagnose(&id, &terminal.operation).await?;
    let document = documents::Check::of(&connection.name, &diagnosis.steps);
    terminal.answer(&document, || shown(&diagnosis.steps))?;
    match diagnosis.failure {
        Some(problem) => Err(problem),
        None => Ok(Exit::Done),
    }
}

fn shown(steps: &[CheckStep]) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("STEP"),
        Column::Left("WORKS"),
        Column::Right("TIME"),
        Column::Left("WHAT WAS FOUND"),
    ];
    let line = |step: &CheckStep| {
        let works = match step.ok {
            Some(true) => "yes",
            Some(false) => "no",
            None => UNKNOWN,
        };
        let found = match &step.hint {
            Some(hint) => format!("{} → {hint}", step.detail),
            None => step.detail.clone(),
        };
        let time = step
            .milliseconds
            .map(|milliseconds| format!("{milliseconds} ms"))
            .unwrap_or_default();
        vec![step.step.as_str().to_owned(), works.to_owned(), time, found]
    };
    table(&COLUMNS, steps.iter().map(line))
}

async fn pin(name: &str, names: &[String], remove: bool, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let id = named(name, terminal).await?;
    let names = names
        .iter()
        .map(|name| name.parse())
        .collect::<Result<Vec<RepositoryName>, _>>()?;
    if remove {
        for name in &names {
            terminal.berth.unpin_repository(&id, name).await?;
        }
    } else {
        terminal.berth.pin_repositories(&id, &names).await?;
    }
    let connection = terminal.berth.connection_info(&id).await?;
    terminal.answer(&Connection::of(&connection), || {
        let pinned: Vec<String> = connection.pinned.iter().map(ToString::to_string).collect();
        if pinned.is_empty() {
            format!("{} has no pinned repositories\n", connection.name)
        } else {
            format!("{} pins {}\n", connection.name, pinned.join(", "))
        }
    })?;
    Ok(Exit::Done)
}

/// The connection of this name, or at this host.
async fn named(name: &str, terminal: &Terminal) -> Result<ConnectionId, ApplicationError> {
    let found = terminal.berth.find(name).await?;
    if found.repository.is_some() {
        return Err(
            ApplicationError::invalid(format!("{name} names a repository; a connection is needed"))
                .with_hint(format!("leave the repository out: {}", found.connection_name)),
        );
    }
    Ok(found.connection)
}
