//! Whether an attempt to sign in may be looked at, by those that were made before and beside it.
//!
//! An attempt that is being looked at counts as a failure until it is known to be none, so as many
//! guesses at a time as one likes are no more than a limit allows. Where only such attempts fill
//! it, others wait for them, in the order in which they came: right ones at a time all succeed.
//!
//! An attempt says that it is being looked at before it counts, and takes that back if there were
//! too many. So of two that come at the same time one at least sees the other, on whichever servers
//! they are. As failures count from the last success on, one that a success has overtaken says it
//! anew: it would be neither seen nor see any other.

use crate::sign_in::login_attempt::LoginAttempt;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Why an attempt failed that had a wrong password.
pub(crate) const WRONG: &str = "invalid credentials";
/// What stands there while it is looked at.
pub(crate) const CHECKING: &str = "being checked";
/// What stands there while it waits for others.
pub(crate) const WAITING: &str = "waiting for others";
/// An attempt that is not over by then was given up: it counts as failed if it was looked at.
const GIVEN_UP: SignedDuration = SignedDuration::from_secs(30);

/// How far an attempt has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Failed,
    Checking,
    Waiting,
    /// It counts for nothing: it was right, or was not looked at.
    Over,
}

/// An attempt as others see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    id: Uuid,
    at: Timestamp,
    state: State,
}

impl Seen {
    /// An attempt as a row says.
    pub(crate) fn of(attempt: &LoginAttempt) -> Self {
        let state = match attempt.failure_reason.as_deref() {
            _ if attempt.success => State::Over,
            Some(WRONG) => State::Failed,
            Some(CHECKING) => State::Checking,
            Some(WAITING) => State::Waiting,
            _ => State::Over,
        };
        Self { id: attempt.id.uuid(), at: attempt.attempted_at, state }
    }

    /// The same for one that nobody works on any more.
    fn at(self, now: Timestamp) -> Self {
        let state = match self.state {
            State::Checking if self.at + GIVEN_UP <= now => State::Failed,
            State::Waiting if self.at + GIVEN_UP <= now => State::Over,
            state => state,
        };
        Self { state, ..self }
    }
}

/// What an attempt may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may be looked at.
    Free,
    /// It may be when enough of so many others turn out to be right.
    Crowded(usize),
    /// It must say anew, and later than all others, that it is being looked at: it is not among
    /// those that count.
    Overtaken,
    /// There were too many failures.
    Refused(Failures),
}

/// Failures that count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: usize,
    /// When the last one was; none if there is none.
    pub(crate) last: Option<Timestamp>,
}

impl Failures {
    fn with(self, attempt: Seen) -> Self {
        Self { count: self.count + 1, last: self.last.max(Some(attempt.at)) }
    }
}

/// What an attempt may do beside those that count, the latest first. One that has said that it is
/// being looked at counts all that have said so too; one that waits those before it.
pub(crate) fn standing(
    own: Uuid,
    is_checking: bool,
    attempts: &[Seen],
    now: Timestamp,
    is_full: impl Fn(Failures) -> bool,
) -> Standing {
    let (mut failed, mut beside) = (Failures::default(), Vec::new());
    let mut is_earlier = false;
    for attempt in attempts.iter().map(|attempt| attempt.at(now)) {
        match attempt.state {
            _ if attempt.id == own => is_earlier = true,
            State::Failed => failed = failed.with(attempt),
            State::Checking if is_checking || is_earlier => beside.push(attempt),
            State::Waiting if !is_checking && is_earlier => beside.push(attempt),
            _ => {}
        }
    }
    if is_full(failed) {
        return Standing::Refused(failed);
    }
    if !is_earlier {
        return Standing::Overtaken;
    }
    let all = beside.iter().fold(failed, |all, attempt| all.with(*attempt));
    if is_full(all) { Standing::Crowded(beside.len()) } else { Standing::Free }
}

#[cfg(test)]
mod tests {
    use super::{Failures, GIVEN_UP, Seen, Standing, State, standing};
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
    use proptest::{collection, prop_assert, prop_assert_eq};
    use std::cmp::Reverse;
    use uuid::Uuid;

    const LIMIT: usize = 6;

    fn is_full(failures: Failures) -> bool {
        failures.count >= LIMIT
    }

    /// Somebody who signs in.
    #[derive(Clone, Copy, Debug)]
    struct Person {
        is_right: bool,
        /// What their server's clock says: rows come in another order than that of their times.
        at: u8,
    }

    /// Where somebody stands.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Place {
        Begins,
        /// Has said to be looked at, and has not counted yet.
        Claims,
        Waits,
        LookedAt,
        In,
        Out,
        Refused,
    }

    /// Some people and one account, moved on step by step.
    struct World {
        people: Vec<Person>,
        places: Vec<Place>,
        rows: Vec<(Seen, bool)>,
        tried: usize,
    }

    impl World {
        fn of(people: Vec<Person>) -> Self {
            let places = vec![Place::Begins; people.len()];
            Self { people, places, rows: Vec::new(), tried: 0 }
        }

        fn id(who: usize) -> Uuid {
            Uuid::from_u128(who as u128 + 1)
        }

        fn set(&mut self, who: usize, state: State, is_success: bool) {
            let row = self.rows.iter_mut().find(|(seen, _)| seen.id == Self::id(who)).unwrap();
            (row.0.state, row.1) = (state, is_success);
        }

        /// Says anew, and later than all others, that somebody is looked at.
        fn claim(&mut self, who: usize) -> Place {
            let newest = self.rows.iter().map(|(seen, _)| seen.at).max().unwrap();
            self.set(who, State::Checking, false);
            let row = self.rows.iter_mut().find(|(seen, _)| seen.id == Self::id(who)).unwrap();
            row.0.at = newest + SignedDuration::from_micros(1);
            Place::Claims
        }

        fn standing(&self, who: usize, is_checking: bool) -> Standing {
            let mut rows = self.rows.clone();
            rows.sort_by_key(|(seen, _)| Reverse((seen.at, seen.id)));
            let seen: Vec<Seen> =
                rows.iter().take_while(|(_, success)| !success).map(|(seen, _)| *seen).collect();
            standing(Self::id(who), is_checking, &seen, Timestamp::UNIX_EPOCH, is_full)
        }

        fn step(&mut self, who: usize) {
            let person = self.people[who];
            self.places[who] = match self.places[who] {
                Place::Begins => {
                    let at = Timestamp::from_millisecond(i64::from(person.at)).unwrap();
                    let seen = Seen { id: Self::id(who), at, state: State::Checking };
                    self.rows.push((seen, false));
                    Place::Claims
                }
                Place::Claims => match self.standing(who, true) {
                    Standing::Overtaken => self.claim(who),
                    Standing::Free => {
                        self.tried += usize::from(!person.is_right);
                        Place::LookedAt
                    }
                    Standing::Crowded(_) => {
                        self.set(who, State::Waiting, false);
                        Place::Waits
                    }
                    Standing::Refused(_) => {
                        self.set(who, State::Over, false);
                        Place::Refused
                    }
                },
                Place::Waits => match self.standing(who, false) {
                    Standing::Free => {
                        self.set(who, State::Checking, false);
                        Place::Claims
                    }
                    Standing::Overtaken => self.claim(who),
                    Standing::Crowded(_) => Place::Waits,
                    Standing::Refused(_) => {
                        self.set(who, State::Over, false);
                        Place::Refused
                    }
                },
                Place::LookedAt if person.is_right => {
                    self.set(who, State::Over, true);
                    Place::In
                }
                Place::LookedAt => {
                    self.set(who, State::Failed, false);
                    Place::Out
                }
                end => end,
            };
        }

        /// Goes on in an order that is given, and then turn by turn until everybody is done.
        fn run(&mut self, order: &[usize]) {
            for who in order {
                self.step(who % self.people.len());
            }
            let is_done = |place: &Place| matches!(place, Place::In | Place::Out | Place::Refused);
            for _ in 0..1_000 {
                for who in 0..self.people.len() {
                    self.step(who);
                }
                if self.places.iter().all(is_done) {
                    return;
                }
            }
        }
    }

    fn people(is_right: impl Strategy<Value = bool>) -> impl Strategy<Value = Vec<Person>> {
        let person = (is_right, 0_u8..4).prop_map(|(is_right, at)| Person { is_right, at });
        collection::vec(person, 1..40)
    }

    proptest! {
        #[test]
        fn guesses_at_once_are_never_more_than_the_limit(
            people in people(Just(false)),
            order in collection::vec(any::<usize>(), 0..400),
        ) {
            let count = people.len();
            let mut world = World::of(people);
            world.run(&order);
            prop_assert_eq!(world.tried, count.min(LIMIT), "{:?}", world.places);
            let out = world.places.iter().filter(|place| **place == Place::Out).count();
            let refused = world.places.iter().filter(|place| **place == Place::Refused).count();
            prop_assert_eq!((out, refused), (world.tried, count - world.tried));
        }

        #[test]
        fn right_ones_at_once_all_succeed(
            people in people(Just(true)),
            order in collection::vec(any::<usize>(), 0..400),
        ) {
            let mut world = World::of(people);
            world.run(&order);
            prop_assert!(world.places.iter().all(|place| *place == Place::In), "{:?}", world.places);
        }

        /// Whoever is right between wrong ones lets at most so many more be tried.
        #[test]
        fn everybody_gets_an_answer(
            people in people(prop_oneof![Just(true), Just(false)]),
            order in collection::vec(any::<usize>(), 0..400),
        ) {
            let right = people.iter().filter(|person| person.is_right).count();
            let mut world = World::of(people);
            world.run(&order);
            let is_done = |place: &Place| matches!(place, Place::In | Place::Out | Place::Refused);
            prop_assert!(world.places.iter().all(is_done), "{:?}", world.places);
            prop_assert!(world.tried <= LIMIT * (right + 1), "{} tried", world.tried);
        }
    }

    #[test]
    fn what_was_given_up_counts_as_failed_if_it_was_looked_at() {
        let at = Timestamp::UNIX_EPOCH;
        let of = |id: u128, state| Seen { id: Uuid::from_u128(id), at, state };
        let own = Uuid::from_u128(9);
        let beside = |state| -> Vec<Seen> {
            std::iter::once(of(9, state)).chain((0..6).map(|id| of(id, state))).collect()
        };
        let (looked_at, waiting) = (beside(State::Checking), beside(State::Waiting));
        let soon = at + SignedDuration::from_secs(1);
        let late = at + GIVEN_UP;
        let all = |attempts: &[Seen], now| standing(own, true, attempts, now, is_full);
        assert_eq!(all(&looked_at, soon), Standing::Crowded(6));
        let failures = Failures { count: 6, last: Some(at) };
        assert_eq!(all(&looked_at, late), Standing::Refused(failures));
        let turn = |now| standing(own, false, &waiting, now, is_full);
        assert_eq!(turn(soon), Standing::Crowded(6));
        assert_eq!(turn(late), Standing::Free);
    }
}
