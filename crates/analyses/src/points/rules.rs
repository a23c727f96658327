//! A fitted card as rules of the agreement's own form.
//!
//! Invariant: for a lead whose values were all seen, the points of the rules that fire add up to the card's total (up to the
//! constant that touches leave out).

use stats::scorecard::{Feature, Places};

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
            out.push(Rule { name: format!("{}: {said}", column.name), of: "lead", when, points, bin });
        }
    }
    out
}

/// A bin in words, and as a condition.
fn told(column: &Named, feature: &Feature, bin: usize, name: &str) -> Option<(String, String)> {
    match (&feature.binning.places, &column.values) {
        (Places::Cuts(cuts), _) if bin <= cuts.len() => {
            let above = bin.checked_sub(1).and_then(|b| cuts.get(b));
            let most = cuts.get(bin);
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
    let rule = Rule { name: column.name.clone(), of: "touch", when: when.to_owned(), points, bin: yes };
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
