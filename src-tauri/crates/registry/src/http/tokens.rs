//! Tokens in memory: by service and scope, renewed a little early, fetched once however many wait for one.
//!
//! Knows nothing of how a token is fetched.

use std::{
    collections::HashMap,
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use serde::Deserialize;

use super::{network::locked, scope::Scope};
use crate::{RegistryError, Secret};

/// The life of a token whose server does not say. Source: distribution, "Token authentication".
const DEFAULT_LIFE: Duration = Duration::from_mins(1);

/// How long before its end a token is renewed.
const EARLY: Duration = Duration::from_secs(5);

/// How many scopes of one login are kept.
const MAXIMUM_TOKENS: usize = 4096;

/// A token ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// `Bearer …`, marked as sensitive.
    pub(crate) header: HeaderValue,
    renew_at: Instant,
}

/// The tokens of one login at one host.
#[derive(Debug, Default)]
pub(crate) struct Account {
    slots: Mutex<HashMap<String, Arc<Slot>>>,
    /// What this registry wants for a scope beyond what the specification says, as its 401s taught.
    widened: Mutex<HashMap<String, Scope>>,
    has_widened: AtomicBool,
    /// A refresh token that replaced the one of the login.
    refreshed: Mutex<Option<Secret>>,
}

#[derive(Debug, Default)]
struct Slot {
    token: Mutex<Option<Token>>,
    flight: tokio::sync::Mutex<Flight>,
}

/// The fetches of one token so far.
#[derive(Debug, Default)]
struct Flight {
    last_failure: Option<(Instant, RegistryError)>,
}

/// What a token server answers. Source: distribution, "Token authentication" and "OAuth 2 token authentication".
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    expires_in: Option<f64>,
    #[serde(default)]
    issued_at: Option<String>,
    #[serde(default)]
    pub(crate) refresh_token: Option<String>,
}

impl TokenAnswer {
    /// The token with its end, counted from before it was asked for; `None` where there is none that can be sent.
    pub(crate) fn into_token(self, asked: Instant, now: DateTime<Utc>) -> Option<Token> {
        let life = life(self.expires_in, self.issued_at.as_deref(), now);
        let text = Secret::from(self.token.filter(|token| !token.is_empty()).or(self.access_token)?);
        // A life of a few seconds is used by half at least, or every request would fetch its own token.
        Some(Token {
            header: bearer(&text)?,
            renew_at: asked + life.saturating_sub(EARLY.min(life / 2)),
        })
    }
}

/// The header that carries a token; `None` if the token holds what no header may.
pub(crate) fn bearer(token: &Secret) -> Option<HeaderValue> {
    if token.is_empty() {
        return None;
    }
    let text = zeroize::Zeroizing::new(format!("Bearer {}", token.expose()));
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// How long a token is good from now on. A time of issue that cannot be right (the clocks differ) counts as now.
fn life(expires_in: Option<f64>, issued_at: Option<&str>, now: DateTime<Utc>) -> Duration {
    let whole = expires_in
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .map_or(DEFAULT_LIFE, |life| life.min(Duration::from_hours(24)));
    let issued = issued_at.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let age = issued
        .and_then(|issued| (now - issued.to_utc()).to_std().ok())
        .unwrap_or_default();
    // A token that was handed out from a server's own cache is at most half used; an older one tells of a wrong clock.
    if age > whole / 2 {
        whole
    } else {
        whole.saturating_sub(age)
    }
}

impl Token {
    fn is_good(&self) -> bool {
        Instant::now() < self.renew_at
    }
}

impl Account {
    fn slot(&self, key: &str) -> Arc<Slot> {
        let mut slots = locked(&self.slots);
        if let Some(slot) = slots.get(key) {
            return Arc::clone(slot);
        }
        if slots.len() >= MAXIMUM_TOKENS {
            slots.retain(|_, slot| locked(&slot.token).as_ref().is_some_and(Token::is_good));
        }
        if slots.len() >= MAXIMUM_TOKENS {
            slots.clear();
        }
        Arc::clone(slots.entry(key.to_owned()).or_default())
    }

    /// The token for a key, fetched by `fetch` if there is none that is still good. Of many that ask at once one
    /// fetches, and all get what it got: its token or its failure.
    ///
    /// # Errors
    /// What `fetch` failed with.
    pub(crate) async fn token<F>(&self, key: &str, fetch: F) -> Result<Token, RegistryError>
    where
        F: Future<Output = Result<Token, RegistryError>>,
    {
        let slot = self.slot(key);
        if let Some(token) = slot.good_token() {
            return Ok(token);
        }
        let began = Instant::now();
        let mut flight = slot.flight.lock().await;
        if let Some(token) = slot.good_token() {
            return Ok(token);
        }
        if let Some((at, failure)) = &flight.last_failure
            && *at > began
        {
            return Err(failure.clone());
        }
        match fetch.await {
            Ok(token) => {
                *locked(&slot.token) = Some(token.clone());
                Ok(token)
            }
            Err(RegistryError::Cancelled) => Err(RegistryError::Cancelled),
            Err(failure) => {
                flight.last_failure = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }

    /// Forgets a token that the registry did not take, unless it has been replaced already.
    pub(crate) fn discard(&self, key: &str, used: &HeaderValue) {
        let slot = self.slot(key);
        let mut token = locked(&slot.token);
        if token.as_ref().is_some_and(|token| token.header == *used) {
            *token = None;
        }
    }

    /// The scope to ask for where `scope` is needed.
    pub(crate) fn widened(&self, scope: &Scope) -> Scope {
        if !self.has_widened.load(Ordering::Acquire) {
            return scope.clone();
        }
        locked(&self.widened).get(&scope.to_string()).unwrap_or(scope).clone()
    }

    /// Remembers that a request that needs `scope` succeeded with `wider` only.
    pub(crate) fn learn_widened(&self, scope: &Scope, wider: Scope) {
        let mut widened = locked(&self.widened);
        if widened.len() < MAXIMUM_TOKENS {
            widened.insert(scope.to_string(), wider);
            self.has_widened.store(true, Ordering::Release);
        }
    }

    /// The refresh token that replaced the login's own.
    pub(crate) fn refreshed(&self) -> Option<Secret> {
        locked(&self.refreshed).clone()
    }

    pub(crate) fn refresh(&self, secret: Secret) {
        *locked(&self.refreshed) = Some(secret);
    }
}

impl Slot {
    fn good_token(&self) -> Option<Token> {
        locked(&self.token).as_ref().filter(|token| token.is_good()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::Place;

    /// A token that is renewed after so many seconds.
    fn token(seconds: u64) -> Token {
        let header = bearer(&Secret::from("t")).expect("a plain token");
        Token {
            header,
            renew_at: Instant::now() + Duration::from_secs(seconds),
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::parse_from_rfc3339("2026-01-05T10:00:00Z")
            .expect("a fixed time")
            .to_utc()
    }

    #[test]
    fn lives() {
        let minute = Duration::from_mins(1);
        let cases = [
            (None, None, minute),
            (Some(300.0), None, 5 * minute),
            (Some(300.0), Some("2026-01-05T09:59:00Z"), 4 * minute),
            (Some(300.0), Some("2026-01-05T09:00:00Z"), 5 * minute),
            (Some(300.0), Some("2026-01-05T11:00:00Z"), 5 * minute),
            (Some(-1.0), Some("yesterday"), minute),
            (Some(f64::NAN), None, minute),
        ];
        for (expires, issued, expected) in cases {
            assert_eq!(life(expires, issued, now()), expected, "{expires:?} {issued:?}");
        }
    }

    #[test]
    fn tokens_come_under_either_name_and_print_nothing() {
        let read = |text: &str| -> Option<Token> {
            serde_json::from_str::<TokenAnswer>(text)
                .expect("a fixed answer")
                .into_token(Instant::now(), now())
        };
        assert_eq!(read(r#"{"token":"a"}"#).expect("a token").header, "Bearer a");
        assert_eq!(
            read(r#"{"token":"","access_token":"b","expires_in":1e9}"#)
                .expect("a token")
                .header,
            "Bearer b"
        );
        assert!(read("{}").is_none() && read(r#"{"token":"a\nb"}"#).is_none());
        assert!(!format!("{:?}", read(r#"{"token":"hunter2"}"#)).contains("hunter2"));
    }

    #[tokio::test]
    async fn one_fetch_serves_all_who_wait() {
        let account = Account::default();
        let fetches = AtomicUsize::new(0);
        let fetch = || async {
            fetches.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(token(60))
        };
        let all = futures::future::join_all((0..20).map(|_| account.token("key", fetch()))).await;
        assert!(all.iter().all(Result::is_ok));
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn one_failure_serves_all_who_waited_and_nobody_later() {
        let account = Account::default();
        let fetches = AtomicUsize::new(0);
        let fetch = || async {
            fetches.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Err(RegistryError::LoginRequired {
                place: Place::registry("r"),
            })
        };
        let all = futures::future::join_all((0..20).map(|_| account.token("key", fetch()))).await;
        assert!(all.iter().all(Result::is_err));
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
        assert!(account.token("key", async { Ok(token(60)) }).await.is_ok());
    }

    #[tokio::test]
    async fn no_more_tokens_are_kept_than_the_bound() {
        let account = Account::default();
        let keys = || locked(&account.slots).len();
        for key in 0..MAXIMUM_TOKENS {
            let seconds = if key % 2 == 0 { 60 } else { 0 };
            let fetched = account.token(&key.to_string(), async { Ok(token(seconds)) }).await;
            fetched.expect("a token");
        }
        assert_eq!(keys(), MAXIMUM_TOKENS);
        account.slot("one more");
        assert_eq!(keys(), MAXIMUM_TOKENS / 2 + 1, "those at their end made room");
        for key in 0..2 * MAXIMUM_TOKENS {
            let fetched = account.token(&format!("good {key}"), async { Ok(token(60)) }).await;
            fetched.expect("a token");
            assert!(keys() <= MAXIMUM_TOKENS);
        }
        for scope in 0..=MAXIMUM_TOKENS {
            let scope = Scope::of(&format!("repository:team/model-{scope}:pull"));
            account.learn_widened(&scope, scope.clone());
        }
        assert_eq!(locked(&account.widened).len(), MAXIMUM_TOKENS);
    }

    #[tokio::test]
    async fn a_token_near_its_end_is_renewed_and_a_refused_one_forgotten() {
        let account = Account::default();
        account.token("key", async { Ok(token(0)) }).await.expect("a token");
        let fresh = Token {
            header: HeaderValue::from_static("Bearer fresh"),
            ..token(60)
        };
        let renewed = account
            .token("key", async { Ok(fresh.clone()) })
            .await
            .expect("a token");
        assert_eq!(renewed.header, "Bearer fresh");
        account.discard("key", &HeaderValue::from_static("Bearer other"));
        assert_eq!(
            account
                .token("key", async { Ok(token(60)) })
                .await
                .expect("a token")
                .header,
            "Bearer fresh"
        );
        account.discard("key", &fresh.header);
        assert_eq!(
            account
                .token("key", async { Ok(token(60)) })
                .await
                .expect("a token")
                .header,
            "Bearer t"
        );
    }
}
