//! Settings in their wire form and back, the connection form on its way in, and the numbers that stand beside the settings.

use std::path::PathBuf;

use application as app;

use super::{
    ChannelRequirement, ChannelSetting, ConnectionDraft, IndexStatistics, KeySetting, Problem, ProtectedCount,
    ProxyChoice, RouteSetting, Settings, SizeUnits, Theme, TimeStyle, TrustedFile,
    from::{each, optional_time, same_names},
    from_change::{choice, kinds},
    parse, parse_optional,
};

same_names!(app::Theme => Theme: System, Light, Dark);
same_names!(Theme => app::Theme: System, Light, Dark);
same_names!(app::SizeUnits => SizeUnits: Si, Iec);
same_names!(SizeUnits => app::SizeUnits: Si, Iec);
same_names!(app::TimeStyle => TimeStyle: Relative, Absolute);
same_names!(TimeStyle => app::TimeStyle: Relative, Absolute);
same_names!(app::ProxySetting => ProxyChoice: System, None, Own);
same_names!(ProxyChoice => app::ProxySetting: System, None, Own);

impl TryFrom<ConnectionDraft> for app::ConnectionDraft {
    type Error = Problem;

    fn try_from(draft: ConnectionDraft) -> Result<Self, Problem> {
        Ok(Self {
            id: draft.id.map(app::ConnectionId::from),
            name: draft.name,
            address: draft.address,
            login_method: draft.login_method.into(),
            username: draft.username,
            password: draft.password.map(app::Secret::from),
            plain_http: draft.plain_http,
            ca_file: draft.ca_file.map(PathBuf::from),
            client_certificate: draft.client_certificate.map(PathBuf::from),
            store_secret: draft.store_secret,
            make_new: draft.make_new,
        })
    }
}

impl From<app::Settings> for Settings {
    fn from(settings: app::Settings) -> Self {
        let channel = |channel: app::ChannelSetting| ChannelSetting {
            asks_first: channel.asks_first(),
            name: channel.name,
            mark: channel.mark.into(),
            requires: each(channel.requires),
        };
        Self {
            theme: settings.theme.into(),
            sizes: settings.sizes.into(),
            times: settings.times.into(),
            text_percent: settings.text_percent,
            less_motion: settings.less_motion,
            channels: settings.channels.into_iter().map(channel).collect(),
            protected_tags: settings.protected_tags,
            pull_tools: settings.pull_tools,
            pull_by_digest: settings.pull_by_digest,
            index_limit_bytes: settings.index_limit_bytes,
            refresh_minutes: settings.refresh_minutes,
            refresh_on_focus: settings.refresh_on_focus,
            proxy: settings.proxy.into(),
            proxy_address: settings.proxy_address,
            no_proxy: settings.no_proxy,
            trusted_ca: settings
                .trusted_ca
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            requests_per_host: settings.requests_per_host,
            answer_timeout_seconds: settings.answer_timeout_seconds,
            tries: settings.tries,
            keys: settings
                .keys
                .into_iter()
                .map(|key| KeySetting {
                    action: key.action,
                    key: key.key,
                })
                .collect(),
            routes: each(settings.routes),
        }
    }
}

impl From<app::RouteSetting> for RouteSetting {
    fn from(route: app::RouteSetting) -> Self {
        Self {
            name: route.name,
            from: route.from,
            to: route.to,
            tag: route.tag,
            own_tag: route.own_tag,
            referrers: kinds(&route.referrers),
            platforms: route.platforms,
        }
    }
}

impl From<RouteSetting> for app::RouteSetting {
    fn from(route: RouteSetting) -> Self {
        Self {
            name: route.name,
            from: route.from,
            to: route.to,
            tag: route.tag,
            own_tag: route.own_tag,
            referrers: choice(route.referrers),
            platforms: route.platforms,
        }
    }
}

impl From<app::ChannelRequirement> for ChannelRequirement {
    fn from(requirement: app::ChannelRequirement) -> Self {
        match requirement {
            app::ChannelRequirement::Signature { public_key } => Self::Signature {
                public_key: public_key.map(|key| key.to_string()),
            },
            app::ChannelRequirement::Sbom => Self::Sbom,
            app::ChannelRequirement::Metric(bound) => Self::Metric {
                bound: bound.to_string(),
            },
            app::ChannelRequirement::Confirmation => Self::Confirmation,
        }
    }
}

impl TryFrom<ChannelRequirement> for app::ChannelRequirement {
    type Error = Problem;

    fn try_from(requirement: ChannelRequirement) -> Result<Self, Problem> {
        Ok(match requirement {
            ChannelRequirement::Signature { public_key } => Self::Signature {
                public_key: parse_optional(public_key.as_deref())?,
            },
            ChannelRequirement::Sbom => Self::Sbom,
            ChannelRequirement::Metric { bound } => Self::Metric(parse(&bound)?),
            ChannelRequirement::Confirmation => Self::Confirmation,
        })
    }
}

impl TryFrom<ChannelSetting> for app::ChannelSetting {
    type Error = Problem;

    fn try_from(channel: ChannelSetting) -> Result<Self, Problem> {
        let requires = channel.requires.into_iter().map(TryInto::try_into);
        Ok(Self {
            name: channel.name,
            mark: channel.mark.into(),
            asks_first: Some(channel.asks_first),
            requires: requires.collect::<Result<_, _>>()?,
        })
    }
}

impl TryFrom<Settings> for app::Settings {
    type Error = Problem;

    fn try_from(settings: Settings) -> Result<Self, Problem> {
        let channels = settings.channels.into_iter().map(TryInto::try_into);
        let key = |key: KeySetting| app::KeySetting {
            action: key.action,
            key: key.key,
        };
        Ok(Self {
            theme: settings.theme.into(),
            sizes: settings.sizes.into(),
            times: settings.times.into(),
            text_percent: settings.text_percent,
            less_motion: settings.less_motion,
            channels: channels.collect::<Result<_, _>>()?,
            protected_tags: settings.protected_tags,
            pull_tools: settings.pull_tools,
            pull_by_digest: settings.pull_by_digest,
            index_limit_bytes: settings.index_limit_bytes,
            refresh_minutes: settings.refresh_minutes,
            refresh_on_focus: settings.refresh_on_focus,
            proxy: settings.proxy.into(),
            proxy_address: settings.proxy_address,
            no_proxy: settings.no_proxy,
            trusted_ca: settings.trusted_ca.into_iter().map(PathBuf::from).collect(),
            requests_per_host: settings.requests_per_host,
            answer_timeout_seconds: settings.answer_timeout_seconds,
            tries: settings.tries,
            keys: settings.keys.into_iter().map(key).collect(),
            routes: each(settings.routes),
        })
    }
}

impl From<app::IndexStatistics> for IndexStatistics {
    fn from(statistics: app::IndexStatistics) -> Self {
        Self {
            index_bytes: statistics.index.bytes(),
            contents_bytes: statistics.contents.bytes(),
            tags: statistics.tags,
            manifests: statistics.manifests,
            repositories: statistics.repositories,
        }
    }
}

impl From<app::TrustedFile> for TrustedFile {
    fn from(trusted: app::TrustedFile) -> Self {
        Self {
            file: trusted.file.display().to_string(),
            ends: optional_time(trusted.ends),
            problem: trusted.problem.map(Problem::from),
        }
    }
}

impl From<app::ProtectedCount> for ProtectedCount {
    fn from(count: app::ProtectedCount) -> Self {
        Self {
            patterns: count.patterns,
            tags: count.tags,
            total: count.total,
            connections: count.connections,
        }
    }
}
