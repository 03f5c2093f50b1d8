//! Who one is to a registry, resolved and in memory. Where it came from (keychain, docker login) is not known here.

use artifact::Digest;

use crate::Secret;

/// A login ready to be used: nothing in it has to be looked up any more.
#[derive(Clone, Debug, Default)]
pub enum Login {
    /// No login: what the registry shows to everybody.
    #[default]
    Anonymous,
    /// A user, robot or token name with its password, access token or key.
    Password { username: String, secret: Secret },
    /// A refresh token, exchanged for access tokens by POST (docker's `identitytoken`).
    IdentityToken { secret: Secret },
    /// An access token that is sent as it is (docker's `registrytoken`).
    RegistryToken { secret: Secret },
}

impl Login {
    /// Whether this is no login.
    pub fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }

    /// The name of the user as a message may show it, where there is one.
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Password { username, .. } => Some(username),
            Self::Anonymous | Self::IdentityToken { .. } | Self::RegistryToken { .. } => None,
        }
    }

    /// Tells logins apart in the token cache without keeping their secrets: a hash of kind, name and secret.
    pub(crate) fn identity(&self) -> Digest {
        let parts = match self {
            Self::Anonymous => ("anonymous", "", ""),
            Self::Password { username, secret } => ("password", username.as_str(), secret.expose()),
            Self::IdentityToken { secret } => ("identity", "", secret.expose()),
            Self::RegistryToken { secret } => ("registry", "", secret.expose()),
        };
        let text = Secret::from(format!("{}\0{}\0{}", parts.0, parts.1, parts.2));
        Digest::of(text.expose().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_told_apart_and_print_no_secret() {
        let alice = Login::Password {
            username: "alice".into(),
            secret: Secret::from("one"),
        };
        let other = Login::Password {
            username: "alice".into(),
            secret: Secret::from("two"),
        };
        assert_ne!(alice.identity(), other.identity());
        assert_eq!(alice.identity(), alice.clone().identity());
        assert!(!format!("{alice:?}").contains("one"));
    }
}
