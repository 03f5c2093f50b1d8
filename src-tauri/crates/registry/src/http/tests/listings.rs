//! Lists: whole or said to be partial, each name once, odd names told, links followed as they are and only at home.

use super::{
    exchange::Ask,
    message::Message,
    names::tag_names,
    pages::{Format, Most},
    scope::Scope,
    *,
};
use crate::{Completeness, ErrorCode, ListedTag, Listing};

const TAGS: &str = "/v2/team/model/tags/list";

fn page(tags: &str) -> Reply {
    Reply::json(200, format!(r#"{{"name":"team/model","tags":{tags}}}"#))
}

async fn tags_of(server: &FaultServer) -> Result<Listing<ListedTag>, RegistryError> {
    connect(server).tags(&model(), &quiet()).await
}

async fn listed(server: &FaultServer) -> (Vec<String>, Completeness) {
    let listing = tags_of(server).await.expect("a list");
    let names = listing.items.iter().map(|listed| listed.tag.to_string()).collect();
    (names, listing.complete)
}

fn partial(complete: &Completeness) -> &str {
    match complete {
        Completeness::Complete => panic!("the list is said to be whole"),
        Completeness::Partial { reason } => reason,
    }
}

#[tokio::test]
async fn empty_lists_in_every_form() {
    for body in [
        r#"{"tags":null}"#,
        r#"{"tags":[]}"#,
        "{}",
        r#"{"name":"team/model","tags":null}"#,
    ] {
        let server = open_registry(move |_| Reply::json(200, body)).await;
        assert_eq!(listed(&server).await, (Vec::new(), Completeness::Complete), "{body}");
    }
    let server = open_registry(|_| Reply::json(200, r#"{"repositories":null}"#)).await;
    assert!(
        connect(&server)
            .repositories(&quiet())
            .await
            .expect("a list")
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn tags_come_in_the_registrys_order_each_once() {
    let server = open_registry(|_| page(r#"["v2","v1","v10","v1","v2"]"#)).await;
    let (names, complete) = listed(&server).await;
    assert_eq!(names, ["v2", "v1", "v10"]);
    assert_eq!(complete, Completeness::Complete);
}

#[tokio::test]
async fn links_are_followed_verbatim_to_the_last_page() {
    let server = open_registry(|asked| match asked.target.as_str() {
        "/v2/team/model/tags/list?n=1000" => page(r#"["v1"]"#).header(
            "Link",
            "</v2/team/model/tags/list?cursor=a%2Fb==&x=1,2;3>; rel=\"next\"",
        ),
        "/v2/team/model/tags/list?cursor=a%2Fb==&x=1,2;3" => page(r#"["v2"]"#)
            .header("Link", "</first>; rel=first")
            .header("Link", "<?page=3>; rel=next"),
        "/v2/team/model/tags/list?page=3" => page(r#"["v3"]"#),
        other => panic!("{other} was asked for"),
    })
    .await;
    assert_eq!(
        listed(&server).await,
        (vec!["v1".into(), "v2".into(), "v3".into()], Completeness::Complete)
    );
}

#[tokio::test]
async fn a_link_with_an_inner_address_is_followed_at_home() {
    let server = open_registry(|asked| {
        if asked.target.ends_with("last=v1") {
            page(r#"["v2"]"#)
        } else {
            page(r#"["v1"]"#).header("Link", format!("<https://127.0.0.1:1{TAGS}?last=v1>; rel=next"))
        }
    })
    .await;
    assert_eq!(
        listed(&server).await,
        (vec!["v1".into(), "v2".into()], Completeness::Complete)
    );
}

#[tokio::test]
async fn a_loop_of_links_ends() {
    let server = open_registry(|asked| {
        let other = if asked.target.ends_with("=a") { "b" } else { "a" };
        page(r#"["v1","v2"]"#).header("Link", format!("<{TAGS}?last={other}>; rel=next"))
    })
    .await;
    let (names, complete) = listed(&server).await;
    assert_eq!(names, ["v1", "v2"]);
    assert!(partial(&complete).contains("repeats its pages"), "{complete:?}");
    assert_eq!(server.count(TAGS), 2);
}

#[tokio::test]
async fn a_list_without_end_is_read_to_its_bound() {
    let server = open_registry(|asked| {
        let number: usize = asked
            .target
            .split("last=")
            .nth(1)
            .and_then(|last| last.parse().ok())
            .unwrap_or_default();
        page(&format!(r#"["v{number}"]"#)).header("Link", format!("<{TAGS}?last={}>; rel=next", number + 1))
    })
    .await;
    for (most, expected) in [(Most { pages: 5, items: 100 }, 5), (Most { pages: 100, items: 7 }, 8)] {
        let exchange = connect(&server).exchange;
        let url = exchange.url("team/model/tags/list").expect("a fixed path");
        let ask = Ask {
            message: Message::new(reqwest::Method::GET, url, exchange.wire.place.clone()),
            scope: Scope::pull(&model()),
            action: "list",
        };
        let format = Format {
            what: "tags",
            read: tag_names,
            key: String::as_str,
            most,
        };
        let first = exchange.fetch(&ask, body::PAGE, &quiet()).await.expect("a page");
        let pages = exchange.pages(ask, first, &format, &quiet()).await.expect("a list");
        assert_eq!(pages.items.len(), expected);
        assert!(
            partial(&pages.complete).contains("longer than Berth reads"),
            "{:?}",
            pages.complete
        );
    }
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    let other = FaultServer::start(|_| page(r#"["evil"]"#)).await;
    let link = format!("<{}{TAGS}>; rel=next", other.url_of_another_name());
    let server = open_registry(move |_| page(r#"["v1"]"#).header("Link", link.clone())).await;
    let (names, complete) = listed(&server).await;
    assert_eq!(names, ["v1"]);
    assert!(partial(&complete).contains("localhost"), "{complete:?}");
    assert_eq!(other.asked().len(), 0);
}

#[tokio::test]
async fn a_page_that_fails_leaves_what_was_read_and_says_so() {
    let cases = [
        (Reply::json(500, "{}"), "error of its own"),
        (page("[\"v2\""), "not the JSON expected"),
        (Reply::new(200, "<html>"), "web page"),
        (
            Reply::endless(200, vec![b' '; 1 << 20]),
            "larger than the limit of 33.6 MB",
        ),
        (
            page(r#"["v2"]"#).header("Link", "<http://[>; rel=next"),
            "link to the next page is broken",
        ),
    ];
    for (second, words) in cases {
        let shown = format!("{second:.100?}");
        let server = open_registry(move |asked| {
            if asked.target.ends_with("last=v1") {
                second.clone()
            } else {
                page(r#"["v1"]"#).header("Link", format!("<{TAGS}?last=v1>; rel=next"))
            }
        })
        .await;
        let (names, complete) = listed(&server).await;
        assert_eq!(names[0], "v1", "{shown}");
        assert!(partial(&complete).contains(words), "{shown}: {complete:?}");
    }
}

#[tokio::test]
async fn a_first_page_that_cannot_be_read_is_an_error() {
    let cases = [
        (Reply::new(200, "<html>Log in</html>"), ErrorCode::NotARegistry),
        (Reply::json(200, "[]"), ErrorCode::InvalidAnswer),
        (Reply::json(200, ""), ErrorCode::InvalidAnswer),
        (Reply::json(200, r#"{"tags":"v1"}"#), ErrorCode::InvalidAnswer),
        (
            Reply::json(200, format!(r#"{{"tags":[{}"#, "[".repeat(100_000))),
            ErrorCode::InvalidAnswer,
        ),
        (Reply::endless(200, vec![b' '; 1 << 20]), ErrorCode::InvalidAnswer),
        (Reply::truncated("{\"tags\":[\"v1\"", 1000), ErrorCode::InvalidAnswer),
        (
            Reply::json(404, r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#),
            ErrorCode::NotFound,
        ),
        (Reply::json(403, r#"{"errors":[{"code":"DENIED"}]}"#), ErrorCode::Denied),
    ];
    for (reply, code) in cases {
        let shown = format!("{reply:.100?}");
        let server = open_registry(move |_| reply.clone()).await;
        let error = tags_of(&server).await.expect_err("no list");
        assert_eq!(error.code(), code, "{shown}: {error}");
        told(&error);
    }
}

#[tokio::test]
async fn names_with_odd_characters_are_told_and_the_rest_is_kept() {
    let body = r#"["v1","<b>bold</b>","../../etc","a\u001b[31mb","v2",7,null,{"x":1},"\u202egnp"]"#;
    let server = open_registry(move |_| page(body)).await;
    let listing = tags_of(&server).await.expect("a list");
    let names: Vec<_> = listing.items.iter().map(|listed| listed.tag.to_string()).collect();
    assert_eq!(names, ["v1", "v2"]);
    assert_eq!(listing.problems.len(), 7, "{:?}", listing.problems);
    for problem in &listing.problems {
        assert!(
            !problem
                .chars()
                .any(|character| character.is_control() || character == '\u{202e}'),
            "{problem:?}"
        );
    }
}

#[tokio::test]
async fn a_registry_that_does_not_like_the_number_is_asked_without_it() {
    let server = open_registry(|asked| {
        if asked.target.contains("n=") {
            Reply::json(
                400,
                r#"{"errors":[{"code":"PAGINATION_NUMBER_INVALID","message":"too many"}]}"#,
            )
        } else {
            Reply::json(200, r#"{"repositories":["team/a","teams/b","other/c","team"]}"#)
        }
    })
    .await;
    let network = Arc::new(Network::new(options()).expect("usable settings"));
    let registry = connect_over(&network, &format!("{}/team", server.url()), Login::Anonymous);
    let listing = registry.repositories(&quiet()).await.expect("a list");
    let names: Vec<_> = listing.items.iter().map(RepositoryName::as_str).collect();
    assert_eq!(names, ["team/a", "team"], "limited to the address's path");
}

#[tokio::test]
async fn a_registry_that_does_not_list_says_what_to_do() {
    for reply in [
        Reply::new(404, "404 page not found"),
        Reply::json(405, "{}"),
        Reply::json(403, "{}"),
    ] {
        let server = open_registry(move |_| reply.clone()).await;
        let error = connect(&server).repositories(&quiet()).await.expect_err("no list");
        assert!(told(&error).contains("pin repositories by name"), "{error}");
    }
}

#[tokio::test]
async fn progress_is_told_page_by_page() {
    let server = open_registry(|asked| {
        if asked.target.ends_with("last=v1") {
            page(r#"["v2"]"#)
        } else {
            page(r#"["v1"]"#).header("Link", format!("<{TAGS}?last=v1>; rel=next"))
        }
    })
    .await;
    let (operation, events) = watched();
    connect(&server).tags(&model(), &operation).await.expect("a list");
    let told = events.lock().expect("no test panics here").clone();
    assert!(
        told.iter()
            .any(|event| matches!(event, ProgressEvent::Step { done: 1, .. })),
        "{told:?}"
    );
}
