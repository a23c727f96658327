//! Every sentence of this page. Numbers are placeholders.

pub const METHOD: &str = "Leads of a year that are old enough to have been won. Each segment wins its usual share of the goal; customers = goal / amount, \
opportunities = customers / win rate, leads = opportunities / opportunity rate, worth of a lead = amount x win rate x opportunity rate. \
Intervals over drawn rates (Jeffreys) and mean amounts. See docs/methods/scoring.md.";

pub const CANNOT: &str =
    "Cannot tell what it takes: fewer than 20 leads with an amount were won among those that are old enough.";

pub const TOO_FEW: [&str; 3] = [
    "what it takes to reach a goal",
    "fewer than 20 leads with an amount that were won and are old enough",
    "wins tied to the leads they came of, with their amounts; import opportunities with their contacts or leads",
];

pub fn answer(spend: bool) -> String {
    let spend = if spend { ", at {goal.all.spend} of spend as it was" } else { "" };
    format!(
        "By the company's own rates it takes {{goal.all.leads}} leads, {{goal.all.opportunities}} opportunities and {{goal.all.customers}} customers{spend}. \
A usual quarter brought {{goal.quarter}} leads."
    )
}

pub const SAME: &str = "This is more of the same: leads of the same kind, worked in the same way, sold at the same prices. Whether so many more can be had at all, and at this price, is not \
in these records.";
pub const SPEND: &str = "Spend is that of the same year over all its leads, whatever brought them: what one more lead costs is usually more.";
