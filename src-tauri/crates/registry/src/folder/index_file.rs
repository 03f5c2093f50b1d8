//! `index.json` as it is changed: names move, entries come and go, and what other programs wrote stays as it was. Pure:
//! knows nothing of files. Source: OCI image-spec 1.1, image-layout.md, "index.json file".

use artifact::{Digest, Tag, media_type};
use serde_json::{Map, Value, json};

use super::{name, writer::NAME_ANNOTATION};

const MANIFESTS: &str = "manifests";
const ANNOTATIONS: &str = "annotations";

/// The list of a layout's manifests.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IndexFile {
    /// Everything but the entries.
    document: Map<String, Value>,
    entries: Vec<Value>,
}

/// Why a manifest stays in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StillNamed(pub(super) String);

impl IndexFile {
    /// The list of a new layout.
    pub(super) fn empty() -> Self {
        let mut document = Map::new();
        document.insert("schemaVersion".to_owned(), json!(2));
        document.insert("mediaType".to_owned(), json!(media_type::OCI_INDEX));
        Self {
            document,
            entries: Vec::new(),
        }
    }

    /// # Errors
    /// Why the bytes are no list, in a sentence.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut document: Map<String, Value> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let entries = match document.remove(MANIFESTS) {
            Some(Value::Array(entries)) => entries,
            Some(Value::Null) => Vec::new(),
            _ => return Err("it has no list of manifests".to_owned()),
        };
        Ok(Self { document, entries })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut document = self.document.clone();
        document.insert(MANIFESTS.to_owned(), Value::Array(self.entries.clone()));
        Value::Object(document).to_string().into_bytes()
    }

    /// Enters a manifest, under a name or without one. A name that stood for another manifest is taken off that one,
    /// which stays.
    pub(super) fn put(&mut self, tag: Option<&Tag>, manifest: &Map<String, Value>) {
        let digest = manifest
            .get("digest")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let Some(tag) = tag else {
            if !self.entries.iter().any(|entry| digest_of(entry) == digest) {
                self.entries.push(Value::Object(manifest.clone()));
            }
            return;
        };
        self.take_name(tag, Some(&digest));
        if self.entries.iter().any(|entry| is_named(entry, tag)) {
            return;
        }
        let unnamed = |entry: &&mut Value| digest_of(entry) == digest && name_of(entry).is_none();
        if let Some(entry) = self.entries.iter_mut().find(unnamed) {
            set_name(entry, tag);
            return;
        }
        let mut entry = Value::Object(manifest.clone());
        set_name(&mut entry, tag);
        self.entries.push(entry);
    }

    /// Takes a name off its manifest, which stays; `false` if nothing has it.
    pub(super) fn drop_tag(&mut self, tag: &Tag) -> bool {
        self.take_name(tag, None)
    }

    /// Takes a manifest off the list; `false` if it is not there.
    ///
    /// # Errors
    /// The name that still stands for it.
    pub(super) fn drop_manifest(&mut self, digest: &Digest) -> Result<bool, StillNamed> {
        let digest = digest.to_string();
        let named = self
            .entries
            .iter()
            .filter(|entry| digest_of(entry) == digest)
            .find_map(name_of);
        if let Some(name) = named {
            return Err(StillNamed(name.to_owned()));
        }
        let before = self.entries.len();
        self.entries.retain(|entry| digest_of(entry) != digest);
        Ok(self.entries.len() < before)
    }

    /// Takes a name off every manifest but one. An entry without a name goes only where another tells the same.
    fn take_name(&mut self, tag: &Tag, but: Option<&str>) -> bool {
        let mut taken = false;
        let loses = |entry: &Value| is_named(entry, tag) && Some(digest_of(entry)) != but;
        while let Some(place) = self.entries.iter().position(loses) {
            taken = true;
            let digest = digest_of(&self.entries[place]);
            let others = self.entries.iter().filter(|entry| digest_of(entry) == digest).count();
            if others > 1 {
                self.entries.remove(place);
            } else {
                remove_name(&mut self.entries[place]);
            }
        }
        taken
    }
}

fn digest_of(entry: &Value) -> &str {
    entry.get("digest").and_then(Value::as_str).unwrap_or_default()
}

fn name_of(entry: &Value) -> Option<&str> {
    let name = entry.get(ANNOTATIONS)?.get(NAME_ANNOTATION)?.as_str()?;
    (!name.is_empty()).then_some(name)
}

fn is_named(entry: &Value, tag: &Tag) -> bool {
    name_of(entry).is_some_and(|text| name::tag(text).as_ref() == Ok(tag))
}

fn set_name(entry: &mut Value, tag: &Tag) {
    let Some(fields) = entry.as_object_mut() else {
        return;
    };
    let annotations = fields.entry(ANNOTATIONS).or_insert_with(|| json!({}));
    if !annotations.is_object() {
        *annotations = json!({});
    }
    annotations[NAME_ANNOTATION] = json!(tag.as_str());
}

fn remove_name(entry: &mut Value) {
    let Some(fields) = entry.as_object_mut() else {
        return;
    };
    let Some(annotations) = fields.get_mut(ANNOTATIONS).and_then(Value::as_object_mut) else {
        return;
    };
    annotations.remove(NAME_ANNOTATION);
    if annotations.is_empty() {
        fields.remove(ANNOTATIONS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(name: &str) -> Tag {
        name.parse().expect("a fixed tag")
    }

    fn manifest(content: &str) -> Map<String, Value> {
        let value = json!({ "mediaType": "m", "digest": Digest::of(content.as_bytes()).to_string(), "size": 1 });
        value.as_object().expect("an object").clone()
    }

    /// Each entry as `content-or-foreign:name`.
    fn shown(index: &IndexFile) -> Vec<String> {
        let letter = |entry: &Value| {
            let known = ["a", "b", "c"];
            let found = known
                .iter()
                .find(|text| digest_of(entry) == Digest::of(text.as_bytes()).to_string());
            (*found.unwrap_or(&"?")).to_owned()
        };
        let show = |entry: &Value| format!("{}:{}", letter(entry), name_of(entry).unwrap_or_default());
        index.entries.iter().map(show).collect()
    }

    #[test]
    fn a_name_moves_and_its_old_manifest_stays() {
        let mut index = IndexFile::empty();
        index.put(Some(&tag("v1")), &manifest("a"));
        index.put(Some(&tag("v1")), &manifest("b"));
        assert_eq!(shown(&index), ["a:", "b:v1"]);
        index.put(Some(&tag("v2")), &manifest("a"));
        assert_eq!(shown(&index), ["a:v2", "b:v1"]);
        index.put(Some(&tag("v2")), &manifest("b"));
        assert_eq!(shown(&index), ["a:", "b:v1", "b:v2"]);
        index.put(Some(&tag("v2")), &manifest("b"));
        index.put(None, &manifest("b"));
        index.put(None, &manifest("c"));
        assert_eq!(shown(&index), ["a:", "b:v1", "b:v2", "c:"]);
    }

    #[test]
    fn a_dropped_name_leaves_its_siblings_and_its_manifest() {
        let mut index = IndexFile::empty();
        index.put(Some(&tag("v1")), &manifest("a"));
        index.put(Some(&tag("v2")), &manifest("a"));
        assert!(index.drop_tag(&tag("v1")));
        assert_eq!(shown(&index), ["a:v2"]);
        assert!(index.drop_tag(&tag("v2")) && !index.drop_tag(&tag("v2")));
        assert_eq!(shown(&index), ["a:"]);
    }

    #[test]
    fn a_manifest_goes_only_without_a_name() {
        let mut index = IndexFile::empty();
        index.put(Some(&tag("v1")), &manifest("a"));
        let digest = Digest::of(b"a");
        assert_eq!(index.drop_manifest(&digest), Err(StillNamed("v1".to_owned())));
        index.drop_tag(&tag("v1"));
        assert_eq!(index.drop_manifest(&digest), Ok(true));
        assert_eq!(index.drop_manifest(&digest), Ok(false));
        assert!(shown(&index).is_empty());
    }

    #[test]
    fn full_references_count_as_their_tags_and_foreign_fields_stay() {
        let text = json!({
            "schemaVersion": 2, "annotations": { "who": "skopeo" }, "other": [1, 2.5],
            "manifests": [
                { "mediaType": "m", "digest": Digest::of(b"a").to_string(), "size": 1, "platform": { "os": "linux" },
                  "annotations": { NAME_ANNOTATION: "docker.io/library/model:v1", "mine": "kept" } },
                { "odd": true },
            ],
        });
        let mut index = IndexFile::read(text.to_string().as_bytes()).expect("a list");
        index.put(Some(&tag("v1")), &manifest("b"));
        assert_eq!(shown(&index), ["a:", "?:", "b:v1"]);
        let after: Value = serde_json::from_slice(&index.to_bytes()).expect("JSON");
        assert_eq!(
            (&after["annotations"], &after["other"]),
            (&text["annotations"], &text["other"])
        );
        assert_eq!(after["manifests"][0]["annotations"], json!({ "mine": "kept" }));
        assert_eq!(after["manifests"][0]["platform"], text["manifests"][0]["platform"]);
        assert_eq!(after["manifests"][1], text["manifests"][1]);
    }

    #[test]
    fn what_is_no_list_is_not_written_over() {
        for text in ["", "[]", "{}", r#"{"manifests":{}}"#] {
            assert!(IndexFile::read(text.as_bytes()).is_err(), "{text}");
        }
        let null = IndexFile::read(br#"{"manifests":null}"#).expect("as some programs write it");
        assert!(shown(&null).is_empty());
    }
}
