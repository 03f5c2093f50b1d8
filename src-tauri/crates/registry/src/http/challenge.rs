//! What a registry asks for with a 401: `WWW-Authenticate`. Called on a 401 only, since some servers send the header,
//! and even a broken one, with good answers. Source: RFC 9110, 11.6.1.

use http_auth::{ChallengeRef, parser::ChallengeParser};

/// How the registry wants to be told who one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    Basic,
    Bearer(BearerChallenge),
}

/// Where to get a token, and for what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BearerChallenge {
    pub(crate) realm: String,
    pub(crate) service: Option<String>,
    /// Scopes separated by spaces, as the registry names them.
    pub(crate) scope: Option<String>,
    /// `invalid_token`, `insufficient_scope`.
    pub(crate) error: Option<String>,
}

/// The best of all challenges in all headers: Bearer before Basic. `None`: nothing that is understood.
pub(crate) fn strongest<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Challenge> {
    let mut basic = None;
    for challenge in headers.flat_map(understood) {
        match challenge {
            Challenge::Bearer(_) => return Some(challenge),
            Challenge::Basic => basic = Some(challenge),
        }
    }
    basic
}

/// Every challenge of one header that is understood; what follows a mistake in it is lost.
fn understood(header: &str) -> Vec<Challenge> {
    ChallengeParser::new(header)
        .map_while(Result::ok)
        .filter_map(|challenge| Challenge::read(&challenge))
        .collect()
}

impl Challenge {
    fn read(challenge: &ChallengeRef<'_>) -> Option<Self> {
        if challenge.scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !challenge.scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let value = |name: &str| {
            let found = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found
                .map(|(_, value)| value.to_unescaped())
                .filter(|value| !value.is_empty())
        };
        let realm = value("realm")?;
        Some(Self::Bearer(BearerChallenge {
            realm,
            service: value("service"),
            scope: value("scope"),
            error: value("error"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bearer(realm: &str, service: &str, scope: &str) -> Challenge {
        Challenge::Bearer(BearerChallenge {
            realm: realm.into(),
            service: Some(service.into()),
            scope: Some(scope.into()),
            error: None,
        })
    }

    #[test]
    fn several_schemes_in_one_header_and_quoted_commas() {
        let header = r#"Basic realm="a, b", Bearer realm="https://auth/token",service="reg, istry",scope="repository:a:pull,push""#;
        let expected = bearer("https://auth/token", "reg, istry", "repository:a:pull,push");
        assert_eq!(strongest([header].into_iter()), Some(expected));
    }

    #[test]
    fn several_headers() {
        let headers = ["Negotiate", r#"Basic realm="x""#, "nonsense ==="];
        assert_eq!(strongest(headers.into_iter()), Some(Challenge::Basic));
    }

    #[test]
    fn what_is_not_understood_is_no_challenge() {
        for header in [
            "",
            "Bearer",
            "Digest realm=\"x\"",
            "Bearer service=\"x\"",
            "authorization: zot",
            "Bearer realm=\"\"",
        ] {
            assert_eq!(strongest([header].into_iter()), None, "{header}");
        }
    }

    fn quoted(text: &str) -> String {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_panic(header in ".{0,200}") {
            strongest([header.as_str()].into_iter());
        }

        #[test]
        fn what_was_written_is_read(realm in "[ -~]{1,30}", service in "[ -~]{1,30}", scope in "[ -~]{1,30}") {
            let header = format!(
                "Basic realm=\"first\", Bearer realm={}, service={} ,scope={}",
                quoted(&realm), quoted(&service), quoted(&scope),
            );
            prop_assert_eq!(strongest([header.as_str()].into_iter()), Some(bearer(&realm, &service, &scope)));
        }
    }
}
