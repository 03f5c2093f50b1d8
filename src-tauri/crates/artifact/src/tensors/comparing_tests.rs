//! What differs between versions, and how it is grouped.

use super::{
    building::{placed, table},
    *,
};
use crate::ByteSize;

type Rows = Vec<(String, String, Vec<u64>)>;

/// The model of the drawings: stages of a backbone, a neck, a head.
fn detector(backbone: &str, lateral: u64, laterals: u64, classes: u64, aux: bool) -> Rows {
    let mut rows = Vec::new();
    let mut add = |name: String, dtype: &str, shape: &[u64]| rows.push((name, dtype.to_owned(), shape.to_vec()));
    for stage in 0..4_u64 {
        for block in 0..12 {
            add(
                format!("backbone.stages.{stage}.blocks.{block}.dw.weight"),
                backbone,
                &[8 << stage, 1, 7, 7],
            );
            add(
                format!("backbone.stages.{stage}.blocks.{block}.norm.bias"),
                backbone,
                &[8 << stage],
            );
        }
    }
    for number in 1..=laterals {
        add(format!("neck.lateral{number}.weight"), backbone, &[lateral, 768, 1, 1]);
    }
    add("head.cls.weight".to_owned(), backbone, &[classes, lateral]);
    add("head.cls.bias".to_owned(), "F32", &[classes]);
    if aux {
        for number in 0..3 {
            add(format!("aux_head.{number}.weight"), "F32", &[number + 1, 3]);
            add(format!("aux_head.{number}.bias"), "F32", &[3]);
        }
    }
    rows
}

fn table_of(rows: &Rows) -> TensorTable {
    let rows: Vec<(&str, &str, &[u64])> = rows
        .iter()
        .map(|(name, dtype, shape)| (name.as_str(), dtype.as_str(), shape.as_slice()))
        .collect();
    table(&rows)
}

fn shown(group: &TensorGroup) -> String {
    let cells = group.cells.iter().map(|cell| match cell {
        None => "—".to_owned(),
        Some(GroupCell {
            dtype,
            shape: Some(shape),
            ..
        }) => format!("{dtype} {shape:?}"),
        Some(GroupCell { dtype, shape: None, .. }) => dtype.to_string(),
    });
    let mark = if group.differs { "" } else { " (same)" };
    format!(
        "{} {}: {}{mark}",
        group.name,
        group.tensors,
        cells.collect::<Vec<_>>().join(" | ")
    )
}

#[test]
fn what_is_alike_stands_in_one_line() {
    let (a, c) = (
        table_of(&detector("F32", 256, 3, 14, true)),
        table_of(&detector("BF16", 320, 4, 17, false)),
    );
    let lines: Vec<String> = groups(&[&a, &a, &c]).iter().map(shown).collect();
    assert_eq!(
        lines,
        [
            "aux_head.* 6: F32 | F32 | —",
            "backbone.stages.* 96: F32 | F32 | BF16",
            "head.cls.bias 1: F32 [14] | F32 [14] | F32 [17]",
            "head.cls.weight 1: F32 [14, 256] | F32 [14, 256] | BF16 [17, 320]",
            "neck.lateral1…3.weight 3: F32 [256, 768, 1, 1] | F32 [256, 768, 1, 1] | BF16 [320, 768, 1, 1]",
            "neck.lateral4.weight 1: — | — | BF16 [320, 768, 1, 1]",
        ]
    );
    let same: Vec<String> = groups(&[&a, &a]).iter().map(shown).collect();
    assert!(same.iter().all(|line| line.ends_with("(same)")), "{same:?}");
}

#[test]
fn numbers_that_differ_from_others_are_written_as_ranges() {
    let layers = |wide: &[u64]| -> Rows {
        let mut rows = vec![("model.embed_tokens.weight".to_owned(), "BF16".to_owned(), vec![9, 4])];
        for layer in 0..12 {
            let dtype = if wide.contains(&layer) { "F32" } else { "BF16" };
            for part in ["self_attn.q_proj", "self_attn.k_proj", "mlp.up_proj"] {
                rows.push((
                    format!("model.layers.{layer}.{part}.weight"),
                    dtype.to_owned(),
                    vec![4, 4],
                ));
            }
        }
        rows
    };
    let (before, after) = (table_of(&layers(&[])), table_of(&layers(&[9, 10, 11, 3])));
    let lines: Vec<String> = groups(&[&before, &after]).iter().map(shown).collect();
    assert_eq!(
        lines,
        [
            "model.embed_tokens.weight 1: BF16 [9, 4] | BF16 [9, 4] (same)",
            "model.layers.0…2, 4…8.* 24: BF16 [4, 4] | BF16 [4, 4] (same)",
            "model.layers.3, 9…11.* 12: BF16 [4, 4] | F32 [4, 4]",
        ]
    );
    let attention: Rows = layers(&[])
        .into_iter()
        .map(|(name, dtype, shape)| {
            let dtype = if name.contains("self_attn") {
                "F16".to_owned()
            } else {
                dtype
            };
            (name, dtype, shape)
        })
        .collect();
    let lines: Vec<String> = groups(&[&before, &table_of(&attention)]).iter().map(shown).collect();
    assert_eq!(
        lines[1..],
        [
            "model.layers.*.mlp.up_proj.weight 12: BF16 [4, 4] | BF16 [4, 4] (same)",
            "model.layers.*.self_attn.* 24: BF16 [4, 4] | F16 [4, 4]",
        ]
    );
}

#[test]
fn a_difference_names_what_came_went_and_changed() {
    let (a, c) = (
        table_of(&detector("F32", 256, 3, 14, true)),
        table_of(&detector("BF16", 320, 4, 17, false)),
    );
    let found = difference(&a, &c);
    let names = |tensors: &[Tensor]| -> Vec<String> { tensors.iter().map(|tensor| tensor.name.clone()).collect() };
    assert_eq!(names(&found.added), ["neck.lateral4.weight"]);
    assert_eq!(found.removed.len(), 6);
    assert_eq!((found.changed.len(), found.same), (101, 0));
    let head = found
        .changed
        .iter()
        .find(|change| change.name == "head.cls.bias")
        .expect("it changed");
    assert_eq!(
        (head.dtype.clone(), head.shape.clone()),
        ([Dtype::F32, Dtype::F32], [vec![14], vec![17]])
    );
    // `blocks.2` before `blocks.10`.
    assert_eq!(found.changed[4].name, "backbone.stages.0.blocks.2.dw.weight");
    assert!(!found.is_same_layout());
    let same = difference(&a, &a);
    assert!(same.is_same_layout() && same.same == u64::try_from(a.len()).expect("small"));
    let back = difference(&c, &a);
    assert_eq!((back.added, back.removed), (found.removed, found.added));
}

#[test]
fn metadata_differ_by_key_and_doubt_is_told() {
    let with = |metadata: Vec<(&str, MetadataValue)>| {
        let mut file = placed("model.gguf", &[]);
        file.file.metadata = metadata
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        TensorTable::merge(vec![file]).expect("sound")
    };
    let texts = |length: u64, fingerprint: Option<u8>| MetadataValue::List {
        of: "text".to_owned(),
        length,
        values: Vec::new(),
        fingerprint: fingerprint.map(|byte| [byte; 32]),
    };
    let text = |text: &str| MetadataValue::Text(text.to_owned());
    let first = with(vec![
        ("context", MetadataValue::Integer(2048)),
        ("gone", text("x")),
        ("same", MetadataValue::Number(f64::NAN)),
        ("tokens", texts(9, Some(1))),
        ("merges", texts(9, Some(1))),
        ("types", texts(9, None)),
    ]);
    let last = with(vec![
        ("context", MetadataValue::Integer(8192)),
        ("new", text("y")),
        ("same", MetadataValue::Number(f64::NAN)),
        ("tokens", texts(9, Some(2))),
        ("merges", texts(9, Some(1))),
        ("types", texts(9, None)),
    ]);
    let changes = difference(&first, &last).metadata;
    let keys: Vec<(&str, bool)> = changes
        .iter()
        .map(|change| (change.key.as_str(), change.certain))
        .collect();
    assert_eq!(
        keys,
        [
            ("context", true),
            ("gone", true),
            ("new", true),
            ("tokens", true),
            ("types", false)
        ]
    );
    assert_eq!(changes[1].values, [Some(text("x")), None]);
}

#[test]
fn shards_are_one_model_and_clashing_models_keep_their_names_apart() {
    let tensor: &[(&str, &str, &[u64])] = &[("conv.weight", "F32", &[2, 2])];
    let large: &[(&str, &str, &[u64])] = &[("conv.weight", "F32", &[4, 4]), ("out", "F16", &[1])];
    let other: &[(&str, &str, &[u64])] = &[("norm", "F32", &[2])];
    let merged = TensorTable::merge(vec![
        placed("vae/model.safetensors", tensor),
        placed("unet/model-00001-of-00002.safetensors", large),
        placed("unet/model-00002-of-00002.safetensors", other),
    ])
    .expect("sound");
    let names: Vec<&str> = merged.rows().map(|row| row.name).collect();
    assert_eq!(
        names,
        ["conv.weight", "norm", "out", "vae/model.safetensors/conv.weight"]
    );
    let totals = merged.totals();
    assert_eq!(
        (totals.tensors, totals.parameters, totals.bytes),
        (4, 16 + 1 + 2 + 4, ByteSize(64 + 2 + 8 + 16))
    );
    assert_eq!(
        totals
            .by_dtype
            .iter()
            .map(|total| total.dtype.clone())
            .collect::<Vec<_>>(),
        [Dtype::F32, Dtype::F16]
    );
    let twice = TensorTable::merge(vec![
        placed("model-00001-of-00002.safetensors", tensor),
        placed("model-00002-of-00002.safetensors", tensor),
    ]);
    assert_eq!(twice.err(), Some(TensorsError::DuplicateName("conv.weight".to_owned())));
}

proptest::proptest! {
    #[test]
    fn every_tensor_stands_in_one_line_and_in_one_place_of_a_difference(
        first in proptest::collection::btree_map("[ab]\\.[0-9]{1,2}\\.[cd]", 0..3_usize, 0..12),
        last in proptest::collection::btree_map("[ab]\\.[0-9]{1,2}\\.[cd]", 0..3_usize, 0..12),
    ) {
        let kinds: [(&str, &[u64]); 3] = [("F32", &[2]), ("F16", &[2]), ("F32", &[3])];
        let of = |names: &std::collections::BTreeMap<String, usize>| {
            let rows: Vec<(&str, &str, &[u64])> = names.iter().map(|(name, &kind)| (name.as_str(), kinds[kind].0, kinds[kind].1)).collect();
            table(&rows)
        };
        let (one, other) = (of(&first), of(&last));
        let found = difference(&one, &other);
        let all: std::collections::BTreeSet<&String> = first.keys().chain(last.keys()).collect();
        let same = first.iter().filter(|(name, kind)| last.get(*name) == Some(*kind)).count() as u64;
        proptest::prop_assert_eq!(found.same, same);
        proptest::prop_assert_eq!(found.added.len() + found.removed.len() + found.changed.len() + usize::try_from(same).expect("small"), all.len());
        let lines = groups(&[&one, &other]);
        proptest::prop_assert_eq!(lines.iter().map(|line| line.tensors).sum::<u64>(), all.len() as u64);
        let differing: u64 = lines.iter().filter(|line| line.differs).map(|line| line.tensors).sum();
        proptest::prop_assert_eq!(differing, all.len() as u64 - same);
    }
}
