//! What was learned of one host: how many requests it bears, how it wants to be told who one is, what it supports.
//! Shared by all connections to it; forgotten when the program ends.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use url::Url;

use super::{limiter::Limiter, network::locked};
use crate::DeleteRules;

/// How a host wants to be told who one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// It does not ask (yet).
    Open,
    Basic,
    Bearer {
        realm: Url,
        service: Option<String>,
    },
}

/// One origin: scheme, host and port.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) limiter: Arc<Limiter>,
    /// Held while the host is asked for its scheme, so that one request does for all.
    pub(crate) greeting: tokio::sync::Mutex<()>,
    /// Held while a list of referrers under a tag is read and put back.
    pub(crate) fallback: tokio::sync::Mutex<()>,
    scheme: RwLock<Option<Arc<Scheme>>>,
    realm: Mutex<Option<String>>,
    referrers: Mutex<Option<bool>>,
    delete_rules: Mutex<Option<DeleteRules>>,
    warnings: Mutex<BTreeSet<String>>,
}

/// How many different warnings of a host are told.
const MAXIMUM_WARNINGS: usize = 100;

impl Host {
    pub(crate) fn new(requests: usize) -> Self {
        Self {
            limiter: Arc::new(Limiter::new(requests)),
            greeting: tokio::sync::Mutex::new(()),
            fallback: tokio::sync::Mutex::new(()),
            scheme: RwLock::new(None),
            realm: Mutex::new(None),
            referrers: Mutex::new(None),
            delete_rules: Mutex::new(None),
            warnings: Mutex::default(),
        }
    }

    pub(crate) fn scheme(&self) -> Option<Arc<Scheme>> {
        self.scheme.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn learn_scheme(&self, scheme: Scheme) -> Arc<Scheme> {
        let scheme = Arc::new(scheme);
        *self.scheme.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&scheme));
        scheme
    }

    /// Whether logins may go to this realm: the first that a host names is the only one from then on.
    pub(crate) fn pin_realm(&self, host: &str) -> bool {
        let mut pinned = locked(&self.realm);
        pinned.get_or_insert_with(|| host.to_owned()).as_str() == host
    }

    /// Whether the host has the referrers API; `None`: not asked yet.
    pub(crate) fn has_referrers(&self) -> Option<bool> {
        *locked(&self.referrers)
    }

    pub(crate) fn learn_referrers(&self, supported: bool) {
        *locked(&self.referrers) = Some(supported);
    }

    pub(crate) fn delete_rules(&self) -> Option<DeleteRules> {
        *locked(&self.delete_rules)
    }

    pub(crate) fn learn_delete_rules(&self, rules: DeleteRules) {
        *locked(&self.delete_rules) = Some(rules);
    }

    /// Whether a warning is new, and so worth telling.
    pub(crate) fn is_new_warning(&self, text: &str) -> bool {
        let mut warnings = locked(&self.warnings);
        warnings.len() < MAXIMUM_WARNINGS && warnings.insert(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_always_warns_of_something_new_is_logged_for_a_while() {
        let host = Host::new(1);
        let new = |number: usize| host.is_new_warning(&format!("warning {number}"));
        assert!((0..MAXIMUM_WARNINGS).all(new));
        assert!(!new(0) && !new(MAXIMUM_WARNINGS));
        assert_eq!(locked(&host.warnings).len(), MAXIMUM_WARNINGS);
    }
}
