//! What is told before a change is resumed: which of its tags somebody has moved since.

use artifact::Digest;
use registry::Operation;

use super::Stage;
use crate::{
    ChangeKind, OvertakenTag,
    double::{MemoryRegistry, Semantics, at, delete_manifest, delete_tag, denied, plan, put, tag},
    read_overtaken,
};

const R: &str = "team/model";

fn images(registry: &MemoryRegistry, names: &[&str]) -> Vec<Digest> {
    let tagged = names.iter().map(|name| {
        let version = registry.state().image(R, &[*name]);
        registry.state().tag(R, name, &version);
        version
    });
    tagged.collect()
}

#[tokio::test]
async fn tags_that_moved_since_are_told_and_others_are_not() {
    for semantics in [Semantics::Distribution3, Semantics::Distribution2] {
        let registry = MemoryRegistry::new(semantics);
        let held = images(&registry, &["a", "b", "c", "d", "production"]);
        let changed = plan(
            ChangeKind::Prune,
            &registry,
            vec![
                delete_tag(R, "a", &held[0]),
                delete_manifest(R, &held[1], &["b"]),
                delete_manifest(R, &held[2], &["c"]),
                delete_tag(R, "d", &held[3]),
                put(R, "production", &held[3], Some(&held[4])),
            ],
        );
        registry.refuse("DELETE", 100, denied());
        registry.refuse("PUT", 100, denied());
        let stage = Stage::new(&registry);
        let id = stage.make(&changed).await.journal_id;
        let operation = Operation::unobserved();
        let overtaken = || read_overtaken(id, &stage.context, &operation);
        assert_eq!(
            overtaken().await.expect("a look"),
            [],
            "nothing has moved: {semantics:?}"
        );

        let other = registry.state().image(R, &["other"]);
        registry.state().tag(R, "a", &other);
        registry.state().tag(R, "c", &other);
        registry.state().tag(R, "production", &held[3]);
        registry.state().repository(R).tags.remove(&tag("d"));
        let moved = |name: &str| OvertakenTag {
            at: at(R),
            tag: tag(name),
            holds: Some(other.clone()),
        };
        assert_eq!(
            overtaken().await.expect("a look"),
            [moved("a"), moved("c")],
            "one that is gone, or where it shall be, stands in nobody's way"
        );
    }
}
