//! Adding, changing, checking and removing.

use registry::{CheckName, ErrorCode, Operation, Secret};

use super::{
    House, add, draft, repository, sample_folder,
    server::{Kind, Server},
};
use crate::{ConnectionDraft, ConnectionStatus, LoginMethod, LoginState, SecretStore as _};

fn with_login(name: &str, address: &str, password: &str) -> ConnectionDraft {
    ConnectionDraft {
        login_method: LoginMethod::Password,
        username: Some("ada".to_owned()),
        password: Some(Secret::from(password)),
        ..draft(name, address)
    }
}

#[tokio::test]
async fn a_registry_is_added_read_and_shown() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, None));
    let berth = house.open();
    let info = add(&berth, "r", &server.url()).await;
    assert_eq!(
        (info.location.as_str(), info.plain_http, info.status()),
        (server.host().as_str(), true, ConnectionStatus::NeverSynced)
    );
    let report = berth
        .sync(&info.id, None, None, &Operation::unobserved())
        .await
        .expect("it can be read");
    assert_eq!(
        (report.repositories, report.tags, report.new, report.problems.len()),
        (1, 1, 1, 0),
        "{report:?}"
    );
    let info = berth.connection_info(&info.id).await.expect("it is there");
    assert_eq!(
        (info.repositories, info.tags, info.status()),
        (1, 1, ConnectionStatus::Ready)
    );
}

#[tokio::test]
async fn a_connection_whose_check_fails_leaves_nothing() {
    let house = House::new();
    let berth = house.open();
    let locked = Server::start(Kind::Registry, Some(("ada", "right")));
    let page = Server::start(Kind::WebPage, None);
    let table = [
        (with_login("a", &locked.url(), "wrong"), ErrorCode::LoginExpired),
        (draft("a", &locked.url()), ErrorCode::LoginRequired),
        (draft("a", &page.url()), ErrorCode::NotARegistry),
        (draft("a", "http://127.0.0.1:1"), ErrorCode::Unreachable),
    ];
    for (draft, code) in table {
        let address = draft.address.clone();
        let problem = berth
            .save_connection(draft, &Operation::unobserved())
            .await
            .expect_err("it does not work");
        assert_eq!(problem.code, code, "{address}: {problem:?}");
        assert!(problem.hint.is_some(), "{address}: {problem:?}");
        assert!(!format!("{problem:?}").contains("wrong\""), "{problem:?}");
    }
    assert!(berth.connections().await.expect("settings can be read").is_empty());
    assert_eq!(house.settings_text(), "");
}

#[tokio::test]
async fn a_folder_that_is_none_or_holds_other_things_than_layouts_is_refused() {
    let house = House::new();
    let berth = house.open();
    let letters = house.home().join("letters");
    std::fs::create_dir(&letters).expect("a folder");
    std::fs::write(letters.join("one.txt"), "hello").expect("a file");
    std::fs::write(house.home().join("text.txt"), "hello").expect("a file");
    for path in [letters, house.home().join("missing"), house.home().join("text.txt")] {
        let problem = berth
            .save_connection(draft("f", &path.display().to_string()), &Operation::unobserved())
            .await;
        let problem = problem.expect_err("it is no folder of layouts");
        assert!(
            problem.hint.is_some() && problem.message.contains(&path.display().to_string()),
            "{problem:?}"
        );
    }
    assert!(berth.connections().await.expect("settings can be read").is_empty());
}

#[tokio::test]
async fn the_secret_goes_to_the_keychain_and_nowhere_else() {
    let (house, server) = (
        House::new(),
        Server::start(Kind::Registry, Some(("ada", "s3cret-word"))),
    );
    let berth = house.open();
    let info = berth
        .save_connection(with_login("r", &server.url(), "s3cret-word"), &Operation::unobserved())
        .await
        .expect("the login is right");
    assert_eq!(info.login_state, LoginState::Stored);
    let kept = house
        .keychain
        .read(info.id.as_str())
        .expect("a keychain")
        .expect("an entry");
    assert_eq!(kept.expose(), "s3cret-word");
    assert!(!house.settings_text().contains("s3cret-word"));
    drop(berth);
    // Another process, with the same keychain.
    let report = house
        .open()
        .sync(&info.id, None, None, &Operation::unobserved())
        .await
        .expect("the login is used");
    assert_eq!(report.tags, 1);
}

#[tokio::test]
async fn names_and_places_are_used_once() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, None));
    let berth = house.open();
    add(&berth, "Lab", &server.url()).await;
    for (name, address) in [("lab", "http://127.0.0.1:1"), ("other", server.url().as_str())] {
        let problem = berth
            .save_connection(draft(name, address), &Operation::unobserved())
            .await;
        assert_eq!(
            problem.expect_err("it is taken").code,
            ErrorCode::Conflict,
            "{name} {address}"
        );
    }
    for name in ["", "a/b", "a:b", "a@b", " a", "a\nb"] {
        let problem = berth
            .save_connection(draft(name, "ghcr.io"), &Operation::unobserved())
            .await;
        assert_eq!(problem.expect_err("no name").code, ErrorCode::InvalidInput, "{name:?}");
    }
    let page = berth
        .save_connection(draft("x", "http://"), &Operation::unobserved())
        .await;
    assert_eq!(page.expect_err("no address").code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, Some(("ada", "right"))));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth
        .save_connection(with_login("r", &server.url(), "right"), &operation)
        .await
        .expect("added");
    berth
        .pin_repositories(&info.id, &[repository("team/model")])
        .await
        .expect("pinned");
    let before = berth.connection_info(&info.id).await.expect("there");
    let renamed = ConnectionDraft {
        name: "renamed".to_owned(),
        ..before.to_draft()
    };
    let after = berth
        .save_connection(renamed, &operation)
        .await
        .expect("the stored password still works");
    assert_eq!(
        (after.id.clone(), after.name.as_str(), after.pinned.len()),
        (info.id.clone(), "renamed", 1)
    );
    assert_eq!((after.plain_http, after.username.as_deref()), (true, Some("ada")));

    let wrong = ConnectionDraft {
        password: Some(Secret::from("wrong")),
        ..after.to_draft()
    };
    assert!(berth.save_connection(wrong, &operation).await.is_err());
    let kept = house
        .keychain
        .read(info.id.as_str())
        .expect("a keychain")
        .expect("an entry");
    assert_eq!(kept.expose(), "right", "a change that fails changes nothing");
    berth
        .sync(&info.id, None, None, &operation)
        .await
        .expect("the old password is still used");
}

#[tokio::test]
async fn removing_forgets_login_and_index() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, Some(("ada", "right"))));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth
        .save_connection(with_login("r", &server.url(), "right"), &operation)
        .await
        .expect("added");
    berth.sync(&info.id, None, None, &operation).await.expect("read");
    assert_eq!(berth.index_statistics().await.expect("statistics").tags, 1);
    berth.remove_connection(&info.id).await.expect("removed");
    assert!(house.keychain.read(info.id.as_str()).expect("a keychain").is_none());
    assert_eq!(berth.index_statistics().await.expect("statistics").tags, 0);
    assert!(berth.connections().await.expect("settings").is_empty());
    assert_eq!(
        berth.remove_connection(&info.id).await.expect_err("gone").code,
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn a_registry_that_does_not_list_is_used_by_pins() {
    let (house, server) = (House::new(), Server::start(Kind::Unlisted, None));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = add(&berth, "r", &server.url()).await;
    let diagnosis = berth.diagnose(&info.id, &operation).await.expect("a diagnosis");
    let steps = diagnosis.steps;
    let list = steps.iter().find(|step| step.step == CheckName::List).expect("a step");
    assert_eq!(list.ok, Some(false));
    assert!(list.hint.as_ref().is_some_and(|hint| hint.contains("pin")), "{list:?}");
    assert!(diagnosis.failure.is_none(), "it is of use all the same: {steps:?}");
    berth
        .pin_repositories(&info.id, &[repository("team/model")])
        .await
        .expect("pinned");
    let rows = berth.all_repositories(&info.id, None).await.expect("rows");
    assert!(
        rows.len() == 1 && rows[0].pinned && rows[0].synced.is_none(),
        "{rows:?}"
    );
    berth
        .sync(&info.id, None, None, &operation)
        .await
        .expect("the pinned one is read");
    let rows = berth.all_repositories(&info.id, None).await.expect("rows");
    assert!(rows.len() == 1 && rows[0].tags == 1, "{rows:?}");
    berth
        .unpin_repository(&info.id, &repository("team/model"))
        .await
        .expect("unpinned");
    assert!(berth.connection_info(&info.id).await.expect("there").pinned.is_empty());
}

#[tokio::test]
async fn a_draft_is_checked_before_anything_is_saved() {
    let house = House::new();
    let berth = house.open();
    let steps = berth
        .check_draft(
            draft("f", &sample_folder().display().to_string()),
            &Operation::unobserved(),
        )
        .await;
    let steps = steps.expect("a diagnosis");
    assert_eq!(steps.iter().map(|step| step.step).collect::<Vec<_>>(), CheckName::ALL);
    assert!(steps.iter().all(|step| step.ok != Some(false)), "{steps:?}");
    assert!(berth.connections().await.expect("settings").is_empty());
}

#[tokio::test]
async fn what_is_cancelled_leaves_nothing() {
    let (house, server) = (House::new(), Server::start(Kind::Registry, None));
    let berth = house.open();
    let operation = Operation::unobserved();
    operation.cancel.cancel();
    let problem = berth
        .save_connection(draft("r", &server.url()), &operation)
        .await
        .expect_err("cancelled");
    assert!(problem.is_cancelled(), "{problem:?}");
    assert_eq!(house.settings_text(), "");
}

#[tokio::test]
async fn a_kept_secret_goes_to_no_other_host() {
    let house = House::new();
    let server = Server::start(Kind::Registry, Some(("ada", "right")));
    let other = Server::start(Kind::Registry, Some(("ada", "right")));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth
        .save_connection(with_login("r", &server.url(), "right"), &operation)
        .await
        .expect("added");
    let moved = ConnectionDraft {
        address: other.url(),
        ..info.to_draft()
    };
    let problem = berth
        .save_connection(moved.clone(), &operation)
        .await
        .expect_err("the password was kept for another host");
    assert_eq!(problem.code, ErrorCode::LoginRequired, "{problem:?}");
    let hint = problem.hint.expect("a hint");
    assert!(hint.contains("again") && hint.contains(&server.host()), "{hint}");
    let steps = berth.check_draft(moved.clone(), &operation).await.expect("a diagnosis");
    let login = steps.iter().find(|step| step.step == CheckName::Login).expect("a step");
    assert_eq!(login.ok, Some(false), "{steps:?}");
    assert_eq!(other.count(), 0, "the other host was not even asked");

    let deeper = ConnectionDraft {
        address: format!("{}/team", server.url()),
        name: "deeper".to_owned(),
        ..info.to_draft()
    };
    let info = berth.save_connection(deeper, &operation).await.expect("the same host");
    let typed = ConnectionDraft {
        password: Some(Secret::from("right")),
        ..moved
    };
    let info = ConnectionDraft {
        id: Some(info.id),
        ..typed
    };
    berth.save_connection(info, &operation).await.expect("typed again");
    assert!(other.count() > 0);
}

#[tokio::test]
async fn a_secret_kept_for_an_encrypted_way_does_not_go_in_clear() {
    let house = House::new();
    let server = Server::start(Kind::Registry, Some(("ada", "right")));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth
        .save_connection(with_login("r", &server.url(), "right"), &operation)
        .await
        .expect("added");
    let path = house.data_folder().join("settings.toml");
    let encrypted = house.settings_text().replace("plain_http = true", "plain_http = false");
    std::fs::write(&path, encrypted).expect("the settings can be written");
    for draft in [
        ConnectionDraft {
            plain_http: true,
            address: server.host(),
            ..info.to_draft()
        },
        ConnectionDraft {
            plain_http: false,
            address: server.url(),
            ..info.to_draft()
        },
    ] {
        let before = server.count();
        let problem = berth
            .save_connection(draft, &operation)
            .await
            .expect_err("the password was kept for https");
        assert_eq!(problem.code, ErrorCode::LoginRequired, "{problem:?}");
        assert!(problem.hint.is_some_and(|hint| hint.contains("again")));
        assert_eq!(server.count(), before);
    }
}

#[tokio::test]
async fn a_scheme_that_is_typed_wins() {
    let house = House::new();
    let server = Server::start(Kind::Registry, None);
    let berth = house.open();
    for (address, before, after) in [
        ("https://registry.lab:5000", true, false),
        ("HTTPS://registry.lab:5000", true, false),
        ("http://registry.lab:5000", false, true),
        ("registry.lab:5000", true, true),
        ("registry.lab:5000", false, false),
    ] {
        let draft = ConnectionDraft {
            plain_http: before,
            ..draft("r", address)
        };
        let connection = berth.drafted(&draft).await.expect("a usable draft");
        assert_eq!(connection.plain_http, after, "{address} {before}");
    }
    let info = add(&berth, "r", &server.url()).await;
    let encrypted = ConnectionDraft {
        address: format!("https://{}", server.host()),
        ..info.to_draft()
    };
    let problem = berth.save_connection(encrypted, &Operation::unobserved()).await;
    problem.expect_err("nothing is encrypted there");
}

#[tokio::test]
async fn a_failure_of_the_server_is_no_trouble_with_certificate_or_login() {
    let house = House::new();
    let berth = house.open();
    berth.set_setting("tries", "1").await.expect("kept");
    let broken = Server::start(Kind::Broken, None);
    let hangs_up = Server::start(Kind::Registry, None);
    for (address, code) in [
        (broken.url(), ErrorCode::Unreachable),
        // It speaks no TLS: the handshake fails, and no certificate was ever seen.
        (format!("https://{}", hangs_up.host()), ErrorCode::Unreachable),
    ] {
        let problem = berth
            .save_connection(draft("r", &address), &Operation::unobserved())
            .await
            .expect_err("it does not work");
        assert_eq!(problem.code, code, "{address}: {problem:?}");
    }
}

#[tokio::test]
async fn a_change_keeps_pins_that_were_made_while_it_was_checked() {
    let (house, server) = (House::new(), Server::start(Kind::Slow, None));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = add(&berth, "r", &server.url()).await;
    let renamed = ConnectionDraft {
        name: "renamed".to_owned(),
        ..info.to_draft()
    };
    let before = server.count();
    let pinning = async {
        server.asked_more_than(before).await;
        let names = [repository("team/model")];
        berth.pin_repositories(&info.id, &names).await.expect("pinned");
    };
    let (saved, ()) = tokio::join!(berth.save_connection(renamed, &operation), pinning);
    assert_eq!(saved.expect("changed").pinned, [repository("team/model")]);
}

#[tokio::test]
async fn a_change_does_not_bring_back_what_was_removed_meanwhile() {
    let (house, server) = (House::new(), Server::start(Kind::Slow, Some(("ada", "right"))));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = berth
        .save_connection(with_login("r", &server.url(), "right"), &operation)
        .await
        .expect("added");
    let renamed = ConnectionDraft {
        name: "renamed".to_owned(),
        password: Some(Secret::from("right")),
        ..info.to_draft()
    };
    let before = server.count();
    let removing = async {
        server.asked_more_than(before).await;
        berth.remove_connection(&info.id).await.expect("removed");
    };
    let (saved, ()) = tokio::join!(berth.save_connection(renamed, &operation), removing);
    assert_eq!(saved.expect_err("it is gone").code, ErrorCode::NotFound);
    assert!(berth.connections().await.expect("settings").is_empty());
    assert!(house.keychain.read(info.id.as_str()).expect("a keychain").is_none());
}

#[tokio::test]
async fn the_sample_finds_a_name_whatever_its_case_and_leaves_no_folder_behind() {
    let house = House::new();
    let (berth, operation) = (house.open(), Operation::unobserved());
    add(&berth, "sample", &sample_folder().display().to_string()).await;
    let info = berth.sample(None, &operation).await.expect("another name is found");
    assert_eq!(info.name, "Sample 2");

    let cancelled = Operation::unobserved();
    cancelled.cancel.cancel();
    let folder = house.home().join("second");
    let problem = berth.sample(Some(&folder), &cancelled).await.expect_err("cancelled");
    assert!(problem.is_cancelled(), "{problem:?}");
    assert!(!folder.exists(), "the folder that nobody connected is gone");
}

#[tokio::test]
async fn a_connection_that_is_read_at_the_moment_can_be_removed() {
    let (house, server) = (House::new(), Server::start(Kind::Slow, None));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = add(&berth, "r", &server.url()).await;
    let before = server.count();
    let removing = async {
        server.asked_more_than(before + 1).await;
        berth.remove_connection(&info.id).await.expect("removed");
    };
    let (synced, ()) = tokio::join!(berth.sync(&info.id, None, None, &operation), removing);
    let problem = synced.expect_err("there is nothing to read any more");
    assert!(problem.is_cancelled(), "{problem:?}");
    assert!(!operation.cancel.is_cancelled(), "only this part of the operation ends");
    let rows = berth.ask(catalog::Index::connections).await.expect("rows");
    assert!(rows.is_empty(), "{rows:?}");
}

#[tokio::test]
async fn the_index_can_be_emptied_while_a_connection_is_read() {
    let (house, server) = (House::new(), Server::start(Kind::Slow, None));
    let (berth, operation) = (house.open(), Operation::unobserved());
    let info = add(&berth, "r", &server.url()).await;
    let before = server.count();
    let emptying = async {
        server.asked_more_than(before + 1).await;
        berth.clear_index().await.expect("emptied");
    };
    let (synced, ()) = tokio::join!(berth.sync(&info.id, None, None, &operation), emptying);
    let problem = synced.expect_err("it was ended");
    assert!(problem.is_cancelled(), "{problem:?}");
    assert_eq!(berth.index_statistics().await.expect("statistics").repositories, 0);
    berth
        .sync(&info.id, None, None, &operation)
        .await
        .expect("it is read again");
}
