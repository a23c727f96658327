//! The words that stand the same on every face: who can change a factor, how likely, what a refusal says.
//!
//! Not here: numbers (`format`), sentences of the rooms. Invariant: both teams get the same shape of words.

use report::{Certainty, Figure, Owner, Refusal, Waterfall};
use terms::Team;

/// Who can change a factor.
pub(crate) const fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Team(Team::Marketing) => "Marketing",
        Owner::Team(Team::Sales) => "Sales",
        Owner::Both => "Both",
        Owner::Others => "Both, with Finance",
        Owner::Unknown => "Not known",
    }
}

/// The fixed word for a chance from 0 to 1.
pub(crate) fn likelihood(chance: f64) -> &'static str {
    if chance >= 0.95 {
        "almost certainly"
    } else if chance >= 0.75 {
        "probably"
    } else if chance >= 0.55 {
        "more likely than not"
    } else if chance >= 0.45 {
        "about even whether"
    } else if chance >= 0.25 {
        "more likely not"
    } else if chance >= 0.05 {
        "probably not"
    } else {
        "almost certainly not"
    }
}

/// The step that is more likely than not the largest, by its place, with the words for it; `None` where no step is.
pub(crate) fn largest(waterfall: &Waterfall) -> Option<(usize, String)> {
    let (place, chance) = waterfall
        .steps
        .iter()
        .enumerate()
        .filter_map(|(i, s)| s.largest.map(|p| (i, p)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, p)| *p >= 0.55)?;
    Some((
        place,
        format!(
            "{} the largest factor beyond chance ({} of re-runs)",
            likelihood(chance),
            crate::format::share(chance)
        ),
    ))
}

/// A refusal in the order of its three parts.
pub(crate) fn refusal(r: &Refusal) -> String {
    format!("Cannot tell: {}. There is: {}. Needed: {}.", stop(&r.asked), stop(&r.had), stop(&r.needed))
}

/// Whether the figure rests in part on projection.
pub(crate) const fn young(figure: &Figure) -> bool {
    matches!(figure.certainty, Certainty::Projected(_))
}

/// A sentence without its closing full stop, to be set within another.
pub(crate) fn stop(sentence: &str) -> &str {
    sentence.trim_end_matches('.')
}

/// Said wherever the data cannot say whether something helped or hurt.
pub(crate) const DIRECTION_NOT_KNOWN: &str = "direction not known";
/// Said of a period whose cohort is not yet mature.
pub(crate) const TOO_YOUNG: &str = "too young: projected";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chance_has_its_fixed_word() {
        let words: Vec<_> = [0.97, 0.8, 0.6, 0.5, 0.3, 0.1, 0.01].map(likelihood).into();
        assert_eq!(
            words,
            [
                "almost certainly",
                "probably",
                "more likely than not",
                "about even whether",
                "more likely not",
                "probably not",
                "almost certainly not"
            ]
        );
    }
}
