//! Stored, unique, shared and untagged bytes against a model that counts them the long way.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use artifact::{ByteSize, Digest};
use proptest::prelude::*;
use registry::Operation;
use serde_json::Value;

use crate::double::{MemoryRegistry, Seen, layer, name};

const LAYERS: [(&str, u64); 6] = [
    ("a", 1),
    ("b", 20),
    ("c", 300),
    ("d", 4_000),
    ("e", 50_000),
    ("f", 600_000),
];

/// One manifest: its layers, whether it is an index of two platforms, how many tags it has.
#[derive(Clone, Debug)]
struct Planned {
    layers: BTreeSet<usize>,
    index: bool,
    tags: usize,
}

fn planned() -> impl Strategy<Value = Planned> {
    (
        prop::collection::btree_set(0..LAYERS.len(), 0..4),
        any::<bool>(),
        0..3_usize,
    )
        .prop_map(|(layers, index, tags)| Planned { layers, index, tags })
}

type Blobs = BTreeMap<Digest, u64>;

/// Everything that a manifest needs, read from its bytes.
fn blobs(registry: &MemoryRegistry, digest: &Digest) -> Blobs {
    let manifest: Value = serde_json::from_slice(&registry.bytes(digest)).expect("the double writes JSON");
    let entry = |value: &Value| {
        let digest = value["digest"]
            .as_str()
            .and_then(|text| text.parse().ok())
            .expect("a digest");
        (digest, value["size"].as_u64().expect("a size"))
    };
    if let Some(children) = manifest["manifests"].as_array() {
        return children
            .iter()
            .flat_map(|child| blobs(registry, &entry(child).0))
            .collect();
    }
    let layers = manifest["layers"].as_array().expect("layers");
    layers.iter().chain([&manifest["config"]]).map(entry).collect()
}

fn sum(blobs: impl Iterator<Item = u64>) -> ByteSize {
    ByteSize(blobs.sum())
}

struct Filled {
    registry: Arc<MemoryRegistry>,
    /// Tagged digests by tag.
    tags: HashMap<String, Digest>,
    untagged: Vec<Digest>,
}

fn fill(plan: &[Planned], lists_manifests: bool) -> Filled {
    let registry = MemoryRegistry::new();
    let mut filled = Filled {
        registry: Arc::clone(&registry),
        tags: HashMap::new(),
        untagged: Vec::new(),
    };
    for (number, planned) in plan.iter().enumerate() {
        let layers: Vec<(&str, u64)> = planned.layers.iter().map(|place| LAYERS[*place]).collect();
        let text = number.to_string();
        let version = if planned.index {
            registry.two_platforms(&layers)
        } else {
            registry.image(&layers, &[("number", text.as_str())])
        };
        if planned.tags == 0 {
            filled.untagged.push(version.digest.clone());
        }
        for tag in 0..planned.tags {
            let tag = format!("v{number}-{tag}");
            registry.tag("team/model", &tag, &version);
            filled.tags.insert(tag, version.digest.clone());
        }
    }
    // The repository exists also where nothing has a tag.
    let first = registry.image(&[("first", 7)], &[]);
    registry.tag("team/model", "first", &first);
    filled.tags.insert("first".to_owned(), first.digest);
    if lists_manifests {
        registry.list_manifests();
    }
    filled
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn figures_agree_with_counting_the_long_way(plan in prop::collection::vec(planned(), 0..7), lists in any::<bool>()) {
        let filled = fill(&plan, lists);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        SEEN.with(|seen| runtime.block_on(check(seen, &filled, lists)))?;
    }
}

thread_local! {
    static SEEN: Seen = Seen::new();
}

static CONNECTIONS: AtomicU32 = AtomicU32::new(0);

async fn check(seen: &Seen, filled: &Filled, lists: bool) -> Result<(), TestCaseError> {
    let connection = format!("c{}", CONNECTIONS.fetch_add(1, Ordering::Relaxed));
    seen.try_sync(&filled.registry, &connection, &Operation::unobserved())
        .await
        .expect("read");
    let usage = seen
        .index
        .usage(&connection.as_str().into(), Some(&name("team/model")))
        .expect("usage");

    let of: HashMap<&Digest, Blobs> = filled
        .tags
        .values()
        .map(|digest| (digest, blobs(&filled.registry, digest)))
        .collect();
    // An equal index without a tag of its own is the same digest as the tagged one.
    let alone = filled.untagged.iter().filter(|one| lists && !of.contains_key(one));
    let leftovers: Vec<Blobs> = alone.map(|one| blobs(&filled.registry, one)).collect();
    let stored: Blobs = of
        .values()
        .flatten()
        .map(|(digest, size)| (digest.clone(), *size))
        .collect();
    prop_assert_eq!(usage.stored, sum(stored.values().copied()));
    prop_assert_eq!(usage.unread, 0);
    prop_assert_eq!(usage.tags.len(), filled.tags.len());
    for row in &usage.tags {
        let own = &filled.tags[row.tag.as_str()];
        let elsewhere = |blob: &Digest| {
            of.iter()
                .any(|(version, blobs)| *version != own && blobs.contains_key(blob))
                || leftovers.iter().any(|blobs| blobs.contains_key(blob))
        };
        let size = sum(of[own].values().copied());
        let unique = sum(of[own]
            .iter()
            .filter(|(blob, _)| !elsewhere(blob))
            .map(|(_, size)| *size));
        prop_assert_eq!(row.size, Some(size));
        prop_assert_eq!(row.unique, Some(unique), "{}", row.tag);
        prop_assert_eq!(row.shared, Some(ByteSize(size.bytes() - unique.bytes())));
        let now = seen.now();
        let record = seen
            .index
            .version(&connection.as_str().into(), &name("team/model"), own, now);
        let record = record.expect("read").expect("it is known");
        prop_assert_eq!(record.unique, unique, "the detail says the same as the list");
        for (place, (layer_name, _)) in LAYERS.iter().enumerate() {
            let blob = layer(layer_name);
            if let Some(versions) = record.shared_in.get(&blob) {
                let counted = of.values().filter(|blobs| blobs.contains_key(&blob)).count();
                prop_assert_eq!(*versions, counted as u64, "layer {}", place);
            }
        }
    }
    let untagged: Blobs = leftovers
        .into_iter()
        .flatten()
        .filter(|(blob, _)| !stored.contains_key(blob))
        .collect();
    prop_assert_eq!(usage.untagged, lists.then(|| sum(untagged.values().copied())));
    Ok(())
}

#[tokio::test]
async fn what_could_not_be_read_is_unknown_and_counted() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    registry.fill("team/model", &["1.0", "2.0"]);
    registry.refuse("team/model:2.0", crate::double::unreachable());
    seen.sync(&registry).await;
    let usage = seen
        .index
        .usage(&crate::double::CONNECTION.into(), Some(&name("team/model")))
        .expect("usage");
    assert_eq!(usage.unread, 1);
    let row = usage
        .tags
        .iter()
        .find(|row| row.tag.as_str() == "2.0")
        .expect("its row");
    assert_eq!(
        (row.size, row.unique, row.shared),
        (None, None, None),
        "unknown is not nothing"
    );
}

#[tokio::test]
async fn a_selection_counts_what_only_it_holds() {
    let (seen, registry) = (Seen::new(), MemoryRegistry::new());
    let one = registry.image(&[("base", 1000), ("pair", 100), ("one", 1)], &[("accuracy", "0.9")]);
    let two = registry.image(&[("base", 1000), ("pair", 100), ("two", 2)], &[("accuracy", "0.8")]);
    let three = registry.image(&[("base", 1000), ("three", 3)], &[]);
    for (tag, version) in [("1", &one), ("2", &two), ("3", &three)] {
        registry.tag("team/model", tag, version);
    }
    seen.sync(&registry).await;
    let configs = |versions: &[&artifact::Descriptor]| -> u64 {
        let all = versions.iter().flat_map(|version| blobs(&registry, &version.digest));
        all.filter(|(digest, _)| {
            !["base", "pair", "one", "two", "three"]
                .iter()
                .any(|name| &layer(name) == digest)
        })
        .map(|(_, size)| size)
        .sum()
    };
    let digests = [
        one.digest.clone(),
        two.digest.clone(),
        Digest::of(b"of another repository"),
    ];
    let connection = crate::double::CONNECTION.into();
    let usage = seen
        .index
        .selection(&connection, &name("team/model"), &digests, seen.now())
        .expect("usage");
    let own = configs(&[&one, &two]);
    assert_eq!(usage.versions.len(), 2);
    assert_eq!(usage.stored, ByteSize(1000 + 100 + 1 + 2 + own));
    assert_eq!(usage.only_these, ByteSize(100 + 1 + 2 + own));
    assert_eq!(
        (usage.shared, usage.shared_among_these),
        (ByteSize(1000), ByteSize(100))
    );
    assert_eq!((usage.tags, usage.layer_total), (2, 4));
    let layers: Vec<_> = usage
        .only_layers
        .iter()
        .map(|layer| (layer.size.bytes(), layer.of.len()))
        .collect();
    assert_eq!(layers, [(100, 2), (2, 1), (1, 1)]);
    assert!(
        usage.common.contains(&("accuracy".to_owned(), "0.8 to 0.9".to_owned())),
        "{:?}",
        usage.common
    );
}
