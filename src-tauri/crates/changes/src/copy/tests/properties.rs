//! What holds of every copy of a whole artifact, in whatever order its steps are done and wherever they stop.

use proptest::{prelude::*, sample::Index};
use registry::Place;

use super::worlds::{World, carry_out, recipes, some_order};
use crate::{Action, ChangeKind, copy::plan_transfer, plan_copy};

/// More than any of these plans has steps.
const ENOUGH: usize = 200;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Broken off anywhere, no tag of the target points at anything incomplete, nor at the new version before what
    /// belongs to it is there. `carry_out` besides fails when a step comes before what it needs.
    #[test]
    fn no_tag_ever_points_at_anything_incomplete(recipe in recipes(), elsewhere: bool, choices in prop::collection::vec(any::<Index>(), 0..ENOUGH)) {
        runtime().block_on(async {
            let world = World::new(&recipe).await;
            let (source, mut target) = world.read().await;
            if elsewhere {
                target.at.connection = "another".into();
                target.place = Place::registry("elsewhere.test");
            }
            let plan = plan_copy(&source, &target);
            for place in some_order(&plan, &choices) {
                carry_out(&world.registry, &plan, &plan.steps[place]).await;
                prop_assert_eq!(world.incomplete_tag(&source, &target), None, "after step {} of {:#?}", place, plan.steps);
            }
            Ok(())
        })?;
    }

    /// Carried out in full, the tags hold the very digest of the source, and there is nothing left to do.
    #[test]
    fn a_whole_copy_keeps_its_digest_and_is_done_once(recipe in recipes(), choices in prop::collection::vec(any::<Index>(), ENOUGH)) {
        runtime().block_on(async {
            let world = World::new(&recipe).await;
            let (source, target) = world.read().await;
            prop_assert!(source.keeps_digest() && source.root == world.root);
            let plan = plan_transfer(ChangeKind::Promote, &source, &target);
            let order = some_order(&plan, &choices);
            prop_assert_eq!(order.len(), plan.steps.len(), "every step can be done");
            for place in order {
                carry_out(&world.registry, &plan, &plan.steps[place]).await;
            }
            let (_, after) = world.read().await;
            prop_assert!(after.tags.iter().all(|tag| tag.holds.as_ref() == Some(&source.root)));
            let again = plan_copy(&source, &after);
            prop_assert_eq!(again.steps, vec![]);
            prop_assert!(again.warnings.iter().any(|warning| warning.contains("already there")));
            Ok(())
        })?;
    }

    /// Steps wait for earlier ones only, blobs are brought once, and only tags come after a wanted tag.
    #[test]
    fn steps_stand_in_an_order_that_can_be_done(recipe in recipes()) {
        runtime().block_on(async {
            let world = World::new(&recipe).await;
            let (source, target) = world.read().await;
            let plan = plan_copy(&source, &target);
            let first_tag = plan.steps.iter().position(|step| step.tag.as_ref().is_some_and(|tag| !tag.is_referrer_name()));
            let mut blobs = std::collections::HashSet::new();
            for (place, step) in plan.steps.iter().enumerate() {
                prop_assert!(step.after.iter().all(|before| *before < place));
                let is_wanted_tag = step.tag.as_ref().is_some_and(|tag| !tag.is_referrer_name());
                prop_assert!(first_tag.is_none_or(|first| place < first || is_wanted_tag));
                match step.action {
                    Action::PutManifest => prop_assert!(plan.manifests.contains_key(&step.digest)),
                    _ => prop_assert!(blobs.insert(step.digest.clone()) && !target.blobs.contains(&step.digest)),
                }
            }
            Ok(())
        })?;
    }
}
