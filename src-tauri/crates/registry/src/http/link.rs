//! The next page of a listing: `Link: <…>; rel="next"`, taken verbatim and kept on the registry's own host.
//! Source: OCI distribution-spec 1.1, "Content discovery"; RFC 8288.

use url::Url;

/// Where a listing goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// No further page.
    End,
    Page(Url),
    /// Another host, which is not asked.
    Foreign(String),
    /// A link that is no address.
    Broken,
}

/// The next page that the `Link` headers of the answer to `asked` name.
pub(crate) fn next<'a>(headers: impl Iterator<Item = &'a str>, asked: &Url) -> Next {
    let Some(target) = headers
        .flat_map(links)
        .find(|link| link.is_next)
        .map(|link| link.target)
    else {
        return Next::End;
    };
    let Ok(url) = asked.join(target) else {
        return Next::Broken;
    };
    if url.host_str() != asked.host_str() || !matches!(url.scheme(), "http" | "https") {
        return Next::Foreign(url.host_str().unwrap_or("nowhere").to_owned());
    }
    Next::Page(on_the_same_origin(url, asked))
}

/// Registries behind a proxy often name their inner scheme or port: the path and cursor count, the origin stays ours.
pub(super) fn on_the_same_origin(url: Url, asked: &Url) -> Url {
    if url.origin() == asked.origin() {
        return url;
    }
    let mut corrected = asked.clone();
    corrected.set_path(url.path());
    corrected.set_query(url.query());
    corrected
}

#[derive(Debug, PartialEq, Eq)]
struct Link<'a> {
    target: &'a str,
    is_next: bool,
}

/// Every link of one header. Commas and semicolons inside `<…>` and quotes do not separate.
fn links(header: &str) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((target, parameters)) = after.split_once('>') else {
            break;
        };
        let end = end_of_parameters(parameters);
        let (own, following) = parameters.split_at(end);
        found.push(Link {
            target,
            is_next: names_next(own),
        });
        rest = following;
    }
    found
}

/// Where the parameters of a link end: at the first comma outside of quotes.
fn end_of_parameters(parameters: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (position, character) in parameters.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => return position,
            _ => {}
        }
    }
    parameters.len()
}

/// Whether the parameters hold `rel=next`, quoted or not, alone or among other relations.
fn names_next(parameters: &str) -> bool {
    parameters.split(';').any(|parameter| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("rel")
                && value
                    .trim()
                    .trim_matches('"')
                    .split_whitespace()
                    .any(|relation| relation.eq_ignore_ascii_case("next"))
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked() -> Url {
        Url::parse("https://registry.example.org:8443/v2/a/tags/list?n=2").expect("a fixed URL")
    }

    fn page(header: &str) -> Next {
        next([header].into_iter(), &asked())
    }

    fn page_at(url: &str) -> Next {
        Next::Page(Url::parse(url).expect("a fixed URL"))
    }

    #[test]
    fn a_cursor_is_followed_verbatim() {
        let expected = page_at("https://registry.example.org:8443/v2/a/tags/list?last=a%2Cb;c&n=2");
        assert_eq!(page("</v2/a/tags/list?last=a%2Cb;c&n=2>; rel=\"next\""), expected);
        assert_eq!(page("<?last=a%2Cb;c&n=2>;rel=next"), expected);
    }

    #[test]
    fn several_relations() {
        let header =
            r#"</v2/first>; rel="first"; title="a, <b>", </v2/next>; rel="prefetch NEXT", </v2/last>; rel="last""#;
        assert_eq!(page(header), page_at("https://registry.example.org:8443/v2/next"));
        assert_eq!(page("</v2/x>; rel=\"last\""), Next::End);
        assert_eq!(page(""), Next::End);
    }

    #[test]
    fn other_hosts_are_refused_and_inner_origins_corrected() {
        assert_eq!(
            page("<https://evil.example/v2/x>; rel=next"),
            Next::Foreign("evil.example".into())
        );
        assert_eq!(
            page("<//evil.example/v2/x>; rel=next"),
            Next::Foreign("evil.example".into())
        );
        let inner = "<http://registry.example.org:5000/v2/a/tags/list?last=x>; rel=next";
        assert_eq!(
            page(inner),
            page_at("https://registry.example.org:8443/v2/a/tags/list?last=x")
        );
        assert_eq!(page("<http://[>; rel=next"), Next::Broken);
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_panic_and_stays_on_the_host(header in ".{0,120}") {
            if let Next::Page(url) = page(&header) {
                prop_assert_eq!(url.origin(), asked().origin());
            }
        }

        #[test]
        fn what_was_written_is_read(path in "(/[a-z]{1,6}){1,4}", last in "[A-Za-z0-9._~-]{1,30}") {
            let header = format!("</before>; rel=prev, <{path}?last={last}>; rel=\"next\"");
            let Next::Page(url) = page(&header) else { return Err(TestCaseError::fail("no page")) };
            prop_assert_eq!(url.query().map(str::to_owned), Some(format!("last={last}")));
        }
    }
}
