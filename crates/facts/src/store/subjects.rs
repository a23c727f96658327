//! Finding subjects among all: one by one, and very many in the order of their keys.
//!
//! Invariant: subjects are sorted by their hashes, and each belongs to one journey.

use arrow::buffer::ScalarBuffer;

/// A number for each subject whose journey has one.
#[derive(Clone, Debug)]
pub struct Numbered {
    subjects: ScalarBuffer<u64>,
    /// One for each subject; [`NONE`] where its journey has none.
    numbers: Vec<u32>,
}

/// No number.
const NONE: u32 = u32::MAX;

/// So many subjects after the last one found are looked at one by one.
const NEAR: usize = 16;

impl Numbered {
    /// Asks for each journey once; `by_journey` holds the places of subjects in the order of their journeys.
    pub(super) fn of(
        (subjects, journeys): (&ScalarBuffer<u64>, &ScalarBuffer<u64>),
        by_journey: &ScalarBuffer<u32>,
        mut of: impl FnMut(u64) -> Option<u32>,
    ) -> Numbered {
        let mut numbers = vec![NONE; subjects.len()];
        let mut last = None;
        for place in by_journey.iter().map(|place| *place as usize) {
            let (Some(journey), Some(number)) = (journeys.get(place), numbers.get_mut(place)) else { continue };
            *number = match last {
                Some((of_last, number)) if of_last == *journey => number,
                _ => of(*journey).unwrap_or(NONE),
            };
            last = Some((*journey, *number));
        }
        Numbered { subjects: subjects.clone(), numbers }
    }

    /// The number of a subject. `near` is the place of the last one that was looked for, and takes the place of this one: who asks in
    /// the order of the subjects finds each near the one before.
    pub fn find(&self, subject: u64, near: &mut usize) -> Option<u32> {
        let after = self.subjects.get(*near..).unwrap_or(&[]);
        let place = match after.first() {
            Some(first) if *first <= subject => after.iter().take(NEAR).position(|at| *at >= subject),
            _ => None,
        };
        let place = match place {
            Some(step) => Some(*near + step).filter(|place| self.subjects.get(*place) == Some(&subject)),
            None => place_of_hash(&self.subjects, subject),
        }?;
        *near = place;
        self.numbers.get(place).copied().filter(|number| *number != NONE)
    }
}

/// The place of a hash among sorted hashes. They are spread evenly, so that the search begins near its end; whatever they are, it
/// takes no more than twice the steps of halving.
pub(super) fn place_of_hash(sorted: &[u64], hash: u64) -> Option<usize> {
    /// From the first guess mostly not farther away than this, of some hundred thousand.
    const NEAR: usize = 256;
    let guess = ((u128::from(hash) * sorted.len() as u128) >> 64) as usize;
    let is_before = |place: usize| sorted.get(place).is_some_and(|at| *at < hash);
    let (mut from, mut to, mut step) = (guess, guess, NEAR);
    if is_before(guess) {
        while is_before(to) {
            (from, to, step) = (to, (to + step).min(sorted.len()), step * 2);
        }
        to = (to + 1).min(sorted.len());
    } else {
        while from > 0 && !is_before(from) {
            (to, from, step) = (from, from.saturating_sub(step), step * 2);
        }
        to = (to + 1).min(sorted.len());
    }
    sorted.get(from..to)?.binary_search(&hash).ok().map(|place| from + place)
}

#[cfg(test)]
mod tests {
    use super::Numbered;

    #[test]
    fn a_subject_has_the_number_of_its_journey_however_it_is_looked_for() {
        let subjects: Vec<u64> = (0..3_000).map(|n| n * 6_148_914_691_236_517 + n % 7).collect();
        // journeys of one to four subjects, in another order than these; every third has no number
        let journeys: Vec<u64> = (0..3_000_u64).map(|n| (n * 977) % 1_000).collect();
        let mut by_journey: Vec<u32> = (0..3_000).collect();
        by_journey.sort_by_key(|n| (journeys[*n as usize], subjects[*n as usize]));
        let mut asked = Vec::new();
        let number = |journey: u64| (!journey.is_multiple_of(3)).then_some(journey as u32 + 7);
        let numbered = Numbered::of((&subjects.clone().into(), &journeys.clone().into()), &by_journey.into(), |j| {
            asked.push(j);
            number(j)
        });
        assert_eq!(asked, (0..1_000).collect::<Vec<_>>());
        let told = |subject: u64| subjects.binary_search(&subject).ok().and_then(|n| number(journeys[n]));
        // upwards with gaps, downwards, back and forth, and what is none of them
        let upwards = subjects.iter().copied().step_by(3);
        let apart = (0..500).flat_map(|n| [subjects[n * 5], subjects[2_999 - n], subjects[n] + 1]);
        let order: Vec<u64> = upwards.chain(subjects.iter().rev().copied()).chain(apart).chain([0, u64::MAX]).collect();
        let mut near = 0;
        for subject in order {
            assert_eq!(numbered.find(subject, &mut near), told(subject), "{subject}");
        }
        assert_eq!(
            Numbered::of((&vec![].into(), &vec![].into()), &vec![].into(), |_| Some(1)).find(7, &mut near),
            None
        );
    }

    #[test]
    fn a_hash_is_found_wherever_it_lies() {
        let mut chance = 1_u64;
        let mut draw = || {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            chance
        };
        let spread: Vec<u64> = (0..5_000).map(|_| draw()).collect();
        let low: Vec<u64> = (0..5_000).map(|n| n * 3 + 1).collect();
        let high: Vec<u64> = (0..5_000).map(|n| u64::MAX - n * 3).collect();
        for mut all in [spread, low, high, vec![], vec![7], vec![0, u64::MAX]] {
            all.sort_unstable();
            let near = all.iter().flat_map(|h| [*h, h.wrapping_add(1), h.wrapping_sub(1)]);
            for hash in near.chain([0, 5, u64::MAX, u64::MAX / 2]) {
                assert_eq!(super::place_of_hash(&all, hash), all.binary_search(&hash).ok(), "{hash}");
            }
        }
    }
}
