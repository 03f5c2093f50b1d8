//! Folders and archives that are made for a connection.

use registry::{ErrorCode, Operation};

use super::{House, draft};
use crate::{ConnectionDraft, NewPlace};

#[tokio::test]
async fn a_place_that_is_not_there_is_made_where_that_is_asked() {
    let house = House::new();
    let (berth, operation) = (house.open(), Operation::unobserved());
    for (name, place) in [("attic.tar", NewPlace::Archive), ("attic", NewPlace::Folder)] {
        let path = house.folder.path().join(name);
        let address = path.display().to_string();
        assert_eq!(berth.new_place(&address).await.ok(), Some(Some(place)));
        let unasked = berth.save_connection(draft(name, &address), &operation).await;
        let unasked = unasked.expect_err("there is nothing");
        assert!(unasked.hint.is_some_and(|hint| hint.contains("--new")));
        let wanted = || ConnectionDraft {
            make_new: true,
            ..draft(name, &address)
        };
        let steps = berth.check_draft(wanted(), &operation).await.expect("it can be made");
        assert!(steps.iter().all(|step| step.ok != Some(false)), "{steps:?}");
        assert!(!path.exists(), "a check makes nothing");
        let info = berth.save_connection(wanted(), &operation).await.expect("it is made");
        assert!(path.exists());
        let steps = berth.check_connection(&info.id, &operation).await.expect("it is there");
        assert!(steps.iter().all(|step| step.ok != Some(false)), "{steps:?}");
        assert_eq!(berth.new_place(&address).await.ok(), Some(None));
        let twice = ConnectionDraft {
            name: "again".to_owned(),
            ..wanted()
        };
        assert!(berth.save_connection(twice, &operation).await.is_err());
        assert!(path.exists(), "what is connected stays");
    }
    let registry = ConnectionDraft {
        make_new: true,
        ..draft("r", "registry.lab.example")
    };
    let refused = berth.save_connection(registry, &operation).await.expect_err("no place");
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert_eq!(berth.new_place("registry.lab.example").await.ok(), Some(None));
}

#[tokio::test]
async fn what_was_made_for_a_connection_that_comes_to_nothing_is_taken_back() {
    let house = House::new();
    let (berth, operation) = (house.open(), Operation::unobserved());
    for name in ["attic.tar", "attic"] {
        let path = house.folder.path().join(name);
        let cancelled = Operation::unobserved();
        cancelled.cancel.cancel();
        let wanted = || ConnectionDraft {
            make_new: true,
            ..draft(name, &path.display().to_string())
        };
        let outcome = berth.save_connection(wanted(), &cancelled).await;
        assert!(outcome.is_err_and(|error| error.is_cancelled()));
        assert!(!path.exists(), "nothing of it stays");
        berth.save_connection(wanted(), &operation).await.expect("it is made");
    }
}
