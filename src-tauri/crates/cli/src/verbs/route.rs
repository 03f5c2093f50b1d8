//! `route list|add|remove`.

use application::{ApplicationError, RouteInfo, RouteSetting};

use crate::{
    arguments::{AddRoute, RouteVerb},
    exit::Exit,
    output::{
        documents::Route,
        tables::{Column, table},
    },
    terminal::Terminal,
};

pub(super) async fn run(verb: RouteVerb, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    match verb {
        RouteVerb::List => list(terminal).await,
        RouteVerb::Add(arguments) => {
            let route = terminal.berth.add_route(setting(arguments)).await?;
            answer(&route, "added", terminal)
        }
        RouteVerb::Remove { name } => {
            let route = terminal.berth.remove_route(&name).await?;
            answer(&route, "removed", terminal)
        }
    }
}

fn setting(arguments: AddRoute) -> RouteSetting {
    RouteSetting {
        name: arguments.name,
        from: arguments.from,
        to: arguments.to,
        tag: arguments.tag,
        own_tag: !arguments.no_own_tag,
        referrers: arguments.referrers,
        platforms: arguments.platform,
    }
}

fn answer(info: &RouteInfo, done: &str, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let route = &info.route;
    terminal.answer(&Route::of(info), || {
        format!(
            "{done} {}: {} to {} as {}\n",
            route.name, route.from, route.to, route.tag
        )
    })?;
    Ok(Exit::Done)
}

async fn list(terminal: &Terminal) -> Result<Exit, ApplicationError> {
    const COLUMNS: [Column; 7] = [
        Column::Left("NAME"),
        Column::Left("FROM"),
        Column::Left("TO"),
        Column::Left("TAG"),
        Column::Left("OWN TAG"),
        Column::Left("REFERRERS"),
        Column::Left("PLATFORMS"),
    ];
    let routes = terminal.berth.routes().await?;
    if routes.is_empty() {
        terminal.warn("there are no routes yet: `berthctl route add NAME FROM TO --tag TAG`");
    }
    for info in &routes {
        if let Some(problem) = &info.problem {
            terminal.warn(&format!("{}: {problem}", info.route.name));
        }
    }
    let documents: Vec<Route> = routes.iter().map(Route::of).collect();
    let line = |RouteInfo { route, .. }: &RouteInfo| {
        let platforms = match route.platforms.as_slice() {
            [] => "all".to_owned(),
            some => some.join(","),
        };
        vec![
            route.name.clone(),
            route.from.clone(),
            route.to.clone(),
            route.tag.clone(),
            if route.own_tag { "yes" } else { "no" }.to_owned(),
            route.referrers.to_string(),
            platforms,
        ]
    };
    terminal.answer(&documents, || table(&COLUMNS, routes.iter().map(line)))?;
    Ok(Exit::Done)
}
