//! What a tag stands for by the settings: its channel's mark, and whether it is protected.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::{Settings, TagLabel};

/// Labels tags.
#[derive(Clone, Debug)]
pub(crate) struct TagLabels {
    settings: Settings,
    protected: GlobSet,
}

impl TagLabels {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut globs = GlobSetBuilder::new();
        // The settings were validated when they were read.
        for glob in settings
            .protected_tags
            .iter()
            .filter_map(|pattern| Glob::new(pattern).ok())
        {
            globs.add(glob);
        }
        Self {
            protected: globs.build().unwrap_or_default(),
            settings,
        }
    }

    pub(crate) fn label(&self, tag: &str) -> TagLabel {
        let channel = self.settings.channels.iter().find(|channel| channel.name == tag);
        TagLabel {
            name: tag.to_owned(),
            channel: channel.map(|channel| channel.mark),
            protected: self.protected.is_match(tag),
        }
    }

    pub(crate) fn labels<'a>(&self, tags: impl IntoIterator<Item = &'a str>) -> Vec<TagLabel> {
        tags.into_iter().map(|tag| self.label(tag)).collect()
    }

    /// The channels in their order.
    pub(crate) fn channels(&self) -> Vec<String> {
        self.settings.channel_names()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChannelMark;

    #[test]
    fn channels_and_protected_patterns_are_told() {
        let labels = TagLabels::new(Settings {
            protected_tags: vec!["production".to_owned(), "v[0-9]*-lts".to_owned()],
            ..Settings::default()
        });
        let production = labels.label("production");
        assert_eq!(
            (production.channel, production.protected),
            (Some(ChannelMark::Full), true)
        );
        assert!(labels.label("v12-lts").protected);
        let plain = labels.label("1.4.2");
        assert_eq!((plain.channel, plain.protected), (None, false));
    }
}
