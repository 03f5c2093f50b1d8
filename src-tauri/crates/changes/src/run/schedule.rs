//! Which step may start next. Pure: knows steps by their places, what they wait for, and how they ended.

use std::collections::{BTreeMap, VecDeque};

use catalog::ConnectionId;

use crate::{Step, journal::StepEnd};

/// The steps of a run, and how far they are.
#[derive(Debug)]
pub(super) struct Schedule {
    connections: Vec<ConnectionId>,
    /// How many prerequisites of each step are not done yet.
    missing: Vec<usize>,
    dependents: Vec<Vec<usize>>,
    ready: BTreeMap<ConnectionId, VecDeque<usize>>,
    ends: Vec<Option<StepEnd>>,
}

impl Schedule {
    /// `done`: which steps were done by an earlier run of the same change.
    pub(super) fn new(steps: &[Step], done: &[bool]) -> Self {
        let is_done = |place: usize| done.get(place).copied().unwrap_or(false);
        let mut schedule = Self {
            connections: steps.iter().map(|step| step.at.connection.clone()).collect(),
            missing: vec![0; steps.len()],
            dependents: vec![Vec::new(); steps.len()],
            ready: BTreeMap::new(),
            ends: (0..steps.len())
                .map(|place| is_done(place).then_some(StepEnd::Done))
                .collect(),
        };
        for (place, step) in steps.iter().enumerate() {
            for before in step.after.iter().filter(|before| !is_done(**before)) {
                schedule.missing[place] += 1;
                schedule.dependents[*before].push(place);
            }
            if schedule.missing[place] == 0 && !is_done(place) {
                schedule.make_ready(place);
            }
        }
        schedule
    }

    /// The next step that waits for nothing, of a connection that has room.
    pub(super) fn next(&mut self, has_room: impl Fn(&ConnectionId) -> bool) -> Option<usize> {
        let queues = self.ready.iter_mut();
        let mut roomy = queues.filter(|(connection, queue)| !queue.is_empty() && has_room(connection));
        roomy.next().and_then(|(_, queue)| queue.pop_front())
    }

    /// Notes how a step ended. Answers the steps that cannot start any more because of it, each with the reason.
    pub(super) fn ended(&mut self, place: usize, end: StepEnd) -> Vec<(usize, String)> {
        let done = end == StepEnd::Done;
        self.ends[place] = Some(end);
        if !done {
            return self.skip_dependents(place);
        }
        for dependent in self.dependents[place].clone() {
            self.missing[dependent] -= 1;
            if self.missing[dependent] == 0 && self.ends[dependent].is_none() {
                self.make_ready(dependent);
            }
        }
        Vec::new()
    }

    /// How each step ended; `None`: not at all.
    pub(super) fn ends(&self) -> &[Option<StepEnd>] {
        &self.ends
    }

    /// How many steps have ended.
    pub(super) fn ended_count(&self) -> u64 {
        self.ends.iter().flatten().count() as u64
    }

    fn skip_dependents(&mut self, place: usize) -> Vec<(usize, String)> {
        let mut skipped = Vec::new();
        let mut causes = VecDeque::from([place]);
        while let Some(cause) = causes.pop_front() {
            for dependent in self.dependents[cause].clone() {
                if self.ends[dependent].is_some() {
                    continue;
                }
                let reason = format!("step {cause}, which has to come before it, was not done");
                self.ends[dependent] = Some(StepEnd::Skipped { reason: reason.clone() });
                skipped.push((dependent, reason));
                causes.push_back(dependent);
            }
        }
        skipped
    }

    fn make_ready(&mut self, place: usize) {
        let connection = self.connections[place].clone();
        self.ready.entry(connection).or_default().push_back(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::double::step_after;

    fn any_room(_: &ConnectionId) -> bool {
        true
    }

    fn failed() -> StepEnd {
        StepEnd::Failed {
            code: "denied".to_owned(),
            message: "no".to_owned(),
            hint: None,
        }
    }

    #[test]
    fn a_step_waits_for_all_that_come_before_it() {
        let steps = [step_after(&[]), step_after(&[]), step_after(&[0, 1])];
        let mut schedule = Schedule::new(&steps, &[]);
        assert_eq!((schedule.next(any_room), schedule.next(any_room)), (Some(0), Some(1)));
        assert_eq!(schedule.next(any_room), None);
        assert!(schedule.ended(1, StepEnd::Done).is_empty());
        assert_eq!(schedule.next(any_room), None);
        schedule.ended(0, StepEnd::Done);
        assert_eq!(schedule.next(any_room), Some(2));
    }

    #[test]
    fn what_follows_a_failed_step_is_skipped_however_far_and_the_rest_goes_on() {
        let steps = [step_after(&[]), step_after(&[0]), step_after(&[1]), step_after(&[])];
        let mut schedule = Schedule::new(&steps, &[]);
        assert_eq!(schedule.next(any_room), Some(0));
        let skipped: Vec<usize> = schedule
            .ended(0, failed())
            .into_iter()
            .map(|(place, _)| place)
            .collect();
        assert_eq!(skipped, [1, 2]);
        assert_eq!((schedule.next(any_room), schedule.next(any_room)), (Some(3), None));
    }

    #[test]
    fn what_an_earlier_run_did_is_not_done_again() {
        let steps = [step_after(&[]), step_after(&[0]), step_after(&[1])];
        let mut schedule = Schedule::new(&steps, &[true, false, false]);
        assert_eq!((schedule.next(any_room), schedule.next(any_room)), (Some(1), None));
        assert_eq!(schedule.ended_count(), 1);
    }

    #[test]
    fn a_connection_without_room_waits() {
        let mut schedule = Schedule::new(&[step_after(&[])], &[]);
        assert_eq!(schedule.next(|_| false), None);
        assert_eq!(schedule.next(any_room), Some(0));
    }
}
