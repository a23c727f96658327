//! Every sentence of this page. Numbers are placeholders.

pub const METHOD: &str = "Leads by bands of their score when they were handed over. Worth of a band: won share of those tried, with what waiting \
took given back, above that of those never tried, times the mean of what is won. Waiting takes worth at a constant rate. The team is a queue: \
Erlang's C where reps work leads in their turn however cold, Erlang's A where cold leads are let go. Intervals over drawn rates, amounts and decay. \
See docs/methods/scoring.md.";

pub const CANNOT: &str =
    "Cannot tell where the bar should stand: too few leads were won or tried, or all have one score.";

pub const TOO_FEW: [&str; 3] = [
    "where the bar should stand for this team",
    "fewer than 20 leads won or 100 tried that are old enough, or one score for all",
    "more leads with a hand-off, an attempt and an outcome, and rules that tell them apart",
];

pub fn answer(best: i64, works_cold: bool) -> String {
    let habit = if works_cold { "works leads in their turn however cold they are" } else { "lets cold leads go" };
    format!(
        "For this team, which {habit}, a bar at {best} points gives most: {{capacity.best.net}} a week above leads that nobody tries."
    )
}

pub fn flat(from: i64, to: i64) -> String {
    format!(
        "From {from} down to {to} points the bar gives within 2% of the most: between these it makes no difference that could be told."
    )
}

pub const OVERFULL: &str = "Below the best bar more leads give less: everybody waits longer, and what is left of their worth when their turn comes falls faster than more leads add.";

pub fn today(bar: i64) -> String {
    format!(
        "Today's bar of {bar} passes {{capacity.today.passed}} leads a week and gives {{capacity.today.net}}; the best gives {{capacity.best.net}}."
    )
}

pub const PRICE: &str =
    "One more hour of a rep's week, used on the best leads that are now left, is worth {capacity.price}.";
pub const ROOM: &str =
    "The team has more hours than leads above nothing take: one more hour of a rep's week is worth nothing now.";

pub fn habit(works_cold: bool) -> &'static str {
    if works_cold {
        "Of leads that had gone cold, {capacity.cold} were tried all the same: cold leads take the place of fresh ones, and the bar has to keep the team from filling up. Were they let go, the best bar would be at {capacity.other.points} points."
    } else {
        "Of leads that had gone cold, {capacity.cold} were tried: the team lets cold leads go, and a full week costs little. Were they worked in their turn, the best bar would be at {capacity.other.points} points."
    }
}

pub const CONFOUNDED: &str = "What a week of waiting costs is learned from which leads were tried late, and these were not drawn by lot: reps try the promising ones first. The true cost may be smaller or larger; `--decay` gives your own.";
pub const NO_DECAY: &str = "By the records leads lose nothing by waiting (confounded: who is tried late was not drawn by lot), so no lead goes cold and only the team's hours limit the bar.";
pub const PASSED_ONLY: &str = "Leads that were never handed over are not on the curve: what they are worth when they are worked nobody has tried.";
pub const UNTRIED: &str = "Worth is that of leads that were tried above that of leads that never were. Who is tried was not drawn by lot either.";
pub const QUEUE: &str = "Arrivals are taken as spread evenly over the week, and no lead goes before another; bursts make waits longer than these.";
