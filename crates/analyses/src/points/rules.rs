//! A fitted card as rules of the agreement's own form.
//!
//! Invariant: for a lead whose values were all seen, the points of the rules that fire add up to the card's total (up to the
//! constant that touches leave out).

use stats::interval::Interval;
use stats::scorecard::{Bin, Feature, POINTS_PER_LOGIT, Places};

use super::columns::{Looks, Named, Values};

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is called.
    pub name: String,
    /// `lead` or `touch`.
    pub of: &'static str,
    /// Its condition.
    pub when: String,
    /// Its points.
    pub points: i64,
    /// The bin it stands for.
    pub bin: usize,
    /// The bin that its points are counted from; none where from a lead like all.
    pub beside: Option<usize>,
}

impl Rule {
    /// The interval of its points: of a touch, of the difference between those that did and those that did not.
    pub fn interval(&self, feature: &Feature) -> Option<Interval> {
        let Some(beside) = self.beside else { return feature.points_interval(self.bin) };
        let (with, without) = (feature.binning.bins.get(self.bin)?, feature.binning.bins.get(beside)?);
        let (good, bad) = (with.good + without.good, with.bad + without.bad);
        let rate = good / (good + bad);
        let of = |b: &Bin| 1.0 / (b.good + rate) + 1.0 / (b.bad + 1.0 - rate);
        let apart = with.weight - without.weight;
        let variance =
            (apart * feature.standard_error).powi(2) + feature.coefficient.powi(2) * (of(with) + of(without));
        Interval::normal(POINTS_PER_LOGIT * feature.coefficient * apart, POINTS_PER_LOGIT * variance.sqrt())
    }
}

/// Texts from which on a pooled bin is told by what it is not.
const MANY: usize = 12;

/// The rules of one column of a card.
pub fn rules(column: &Named, feature: &Feature) -> Vec<Rule> {
    if let Looks::Touch(when) = &column.of {
        return touch(column, when, feature);
    }
    let name = quoted(&column.name);
    let bins = feature.points.len();
    let mut out = Vec::new();
    for bin in 0..bins {
        let points = feature.points[bin];
        let Some((said, when)) = told(column, feature, bin, &name) else { continue };
        if points != 0 {
            out.push(Rule { name: format!("{}: {said}", column.name), of: "lead", when, points, bin, beside: None });
        }
    }
    out
}

/// A bin in words, and as a condition.
fn told(column: &Named, feature: &Feature, bin: usize, name: &str) -> Option<(String, String)> {
    match (&feature.binning.places, &column.values) {
        (Places::Cuts(cuts), Values::Numbers(values)) if bin <= cuts.len() => {
            // between whole numbers the whole part says the same
            let whole = values.iter().flatten().all(|v| v.fract() == 0.0);
            let cut = |c: &f64| if whole { c.floor() } else { *c };
            let above = bin.checked_sub(1).and_then(|b| cuts.get(b)).map(cut);
            let most = cuts.get(bin).map(cut);
            Some(match (above, most) {
                (None, Some(most)) => (format!("{most} or less"), format!("{name} <= {most}")),
                (Some(above), Some(most)) => {
                    (format!("above {above}, {most} or less"), format!("{name} > {above} and {name} <= {most}"))
                }
                (Some(above), None) => (format!("above {above}"), format!("{name} > {above}")),
                (None, None) => ("known".to_owned(), format!("{name} is known")),
            })
        }
        (Places::Levels(places), Values::Levels { labels, .. }) => {
            let texts = |is_here: bool| -> Vec<&String> {
                let all = labels.iter().zip(places);
                all.filter(|(_, place)| place.is_some() && (**place == Some(bin)) == is_here).map(|(l, _)| l).collect()
            };
            let here = texts(true);
            match here.len() {
                0 => Some(("not known".to_owned(), format!("{name} is not known"))),
                1 => Some((here[0].clone(), format!("{name} = {}", quoted(here[0])))),
                n if n < MANY => Some((joined(&here, false), format!("{name} in ({})", joined(&here, true)))),
                _ => Some(("any other".to_owned(), format!("{name} not in ({})", joined(&texts(false), true)))),
            }
        }
        _ => Some(("not known".to_owned(), format!("{name} is not known"))),
    }
}

/// Whether it did: the points of those that did beside those that did not.
fn touch(column: &Named, when: &str, feature: &Feature) -> Vec<Rule> {
    let (Places::Levels(places), Values::Levels { labels, .. }) = (&feature.binning.places, &column.values) else {
        return vec![];
    };
    let bin = |text: &str| labels.iter().position(|l| l == text).and_then(|l| places.get(l).copied().flatten());
    let (Some(yes), Some(no)) = (bin("yes"), bin("no")) else { return vec![] };
    let points = feature.points[yes] - feature.points[no];
    let rule =
        Rule { name: column.name.clone(), of: "touch", when: when.to_owned(), points, bin: yes, beside: Some(no) };
    if points == 0 { vec![] } else { vec![rule] }
}

fn joined(texts: &[&String], is_quoted: bool) -> String {
    texts.iter().map(|t| if is_quoted { quoted(t) } else { (*t).clone() }).collect::<Vec<_>>().join(", ")
}

/// A column or value as a condition takes it.
pub fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '-')
        && text.parse::<f64>().is_err()
        && !["and", "in", "not", "is", "contains"].contains(&text.to_lowercase().as_str());
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// The rules as the part of a document.
pub fn document(rules: &[Rule], head: &[String]) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut out: String = head.iter().map(|line| format!("# {line}\n")).collect();
    for rule in rules {
        let group = if rule.of == "lead" { "fit" } else { "engagement" };
        out.push_str(&format!(
            "\n[[scoring.rule]]\nname = \"{}\"\ngroup = \"{group}\"\nof = \"{}\"\nwhen = \"{}\"\npoints = {}\n",
            escaped(&rule.name),
            rule.of,
            escaped(&rule.when),
            rule.points
        ));
    }
    out
}
