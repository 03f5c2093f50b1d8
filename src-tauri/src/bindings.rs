//! The list of commands, once: what the window may invoke, and the types that its bindings are generated from.

use tauri::Runtime;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::commands::{
    changes, comparison, connections, files, journal, lists, policies, settings, start, system, version,
};

/// All commands with their types. `ui/src/ipc/bindings.ts` is what this exports.
pub fn bindings<R: Runtime>() -> Builder<R> {
    Builder::<R>::new()
        .error_handling(ErrorHandlingMode::Throw)
        .dangerously_cast_bigints_to_number()
        // Nothing crosses in both directions with two shapes: one type each, in which what may be absent is null.
        .disable_serde_phases()
        .commands(collect_commands![
            start::start,
            start::cancel,
            start::revision,
            connections::connections,
            connections::guess_provider,
            connections::new_place,
            connections::check_draft,
            connections::check_connection,
            connections::save_connection,
            connections::remove_connection,
            connections::import_docker_logins,
            connections::pin_repositories,
            connections::unpin_repository,
            connections::create_sample,
            connections::sync,
            lists::repositories,
            lists::versions,
            lists::series,
            lists::selection,
            lists::search,
            version::version,
            version::refresh_referrers,
            version::raw_manifest,
            version::document,
            version::pull_commands,
            files::files_cost,
            files::files,
            files::file_children,
            files::icicle,
            comparison::compare,
            comparison::comparison_markdown,
            comparison::comparison_cost,
            comparison::compare_contents,
            comparison::compared_files,
            changes::preview_change,
            changes::plan_change,
            changes::execute_change,
            changes::fitting_routes,
            policies::policies,
            policies::covered_repositories,
            policies::save_policy,
            policies::remove_policy,
            policies::export_policies,
            policies::import_policies,
            changes::channel_history,
            journal::journal,
            journal::journal_detail,
            journal::journal_manifest,
            journal::unsettled_changes,
            journal::journal_size,
            journal::export_journal,
            settings::settings,
            settings::default_settings,
            settings::public_key_file,
            settings::update_settings,
            settings::index_statistics,
            settings::clear_contents,
            settings::clear_index,
            settings::keychain_state,
            settings::protected_count,
            settings::trusted_files,
            system::open_settings_file,
            system::open_address,
            system::pick_file,
            system::pick_new_file,
            system::pick_folder,
        ])
}
