//! Marks: what is drawn of one estimate, of a team, of an axis. Percent across, so that words never shrink with the page.
//!
//! Not here: rows and words. Invariant: colours come from classes; no mark is the only sign of what it says.

use maud::{Markup, PreEscaped, html};
use report::{Figure, Owner, Unit};
use terms::Team;

use super::number;
use crate::format::{self, Sign};
use crate::scale::Scale;
use crate::words;

/// A share of the width.
pub(super) fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Where a value lies on the scale.
pub(super) fn at(scale: &Scale, x: f64) -> String {
    percent(scale.place(x))
}

/// The hatch of young periods; referred to by address within the page.
pub(super) fn patterns() -> Markup {
    html! {
        svg.defs width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern #young width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    line.hatch x1="0" y1="0" x2="0" y2="7" {}
                }
            }
        }
    }
}

/// Two bars in step and one that follows.
pub(super) fn brand() -> Markup {
    PreEscaped(
        "<svg width=\"18\" height=\"18\" viewBox=\"0 0 18 18\" aria-hidden=\"true\"><rect x=\"1\" y=\"2\" width=\"5\" height=\"14\" rx=\"1\"/><rect x=\"8\" y=\"2\" width=\"5\" height=\"14\" rx=\"1\"/><rect x=\"15\" y=\"2\" width=\"2\" height=\"14\" rx=\"1\"/></svg>"
            .to_owned(),
    )
}

/// The mark of who can change a factor, with the word: square, circle, half and half, diamond, dashed square.
pub(super) fn owner(owner: Owner) -> Markup {
    html! { span.owner { (owner_mark(owner)) (words::owner(owner)) } }
}

fn owner_mark(owner: Owner) -> Markup {
    html! {
        svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" {
            @match owner {
                Owner::Team(Team::Sales) => rect.sales x="0.5" y="0.5" width="9" height="9" rx="1.5" {},
                Owner::Team(Team::Marketing) => circle.mkt cx="5" cy="5" r="4.7" {},
                Owner::Both => {
                    path.sales d="M5 .5H2A1.5 1.5 0 0 0 .5 2v6A1.5 1.5 0 0 0 2 9.5h3z" {}
                    path.mkt d="M5 .5a4.5 4.5 0 0 1 0 9z" {}
                }
                Owner::Others => path.others d="M5 0l5 5-5 5-5-5z" {},
                Owner::Unknown => rect.unknown x="1" y="1" width="8" height="8" {},
            }
        }
    }
}

/// Thin for 90%, thick for 50%, a dot for the value: drawn at `from` plus the figure. Open where it is a projection or,
/// for a change, where the direction is not known.
pub(super) fn estimate(scale: &Scale, figure: &Figure, from: f64, sign: Sign) -> Markup {
    let limits = format::limits(figure);
    let unsure = sign == Sign::Change && limits.is_some_and(|i| !i.direction_known());
    html! {
        @if let Some(i) = limits {
            line.iv90 x1=(at(scale, from + i.lo90)) x2=(at(scale, from + i.hi90)) y1="50%" y2="50%" {}
            line.iv50 x1=(at(scale, from + i.lo50)) x2=(at(scale, from + i.hi50)) y1="50%" y2="50%" {}
        }
        @if let Some(x) = format::raw(figure) {
            circle.dot.open[unsure || words::young(figure)] cx=(at(scale, from + x)) cy="50%" r="4" {}
        }
    }
}

/// Which marks a chart has, to be explained beside its title.
#[derive(Clone, Copy, Default)]
pub(super) struct Key {
    /// Estimates as dot and whisker.
    pub intervals: bool,
    /// A line with its band.
    pub band: bool,
    /// A bar whose direction is not known.
    pub unknown: bool,
    /// A projection.
    pub young: bool,
}

/// What the marks mean; only those that the chart has.
pub(super) fn key(has: Key) -> Markup {
    html! {
        span.key {
            @if has.band {
                span {
                    svg width="30" height="12" aria-hidden="true" {
                        rect.band x="0" y="0" width="30" height="12" {}
                        line.ln x1="0" x2="30" y1="50%" y2="50%" {}
                        circle.dot cx="50%" cy="50%" r="4" {}
                    }
                    "estimate, 90% band"
                }
            }
            @if has.intervals {
                span {
                    svg width="38" height="12" aria-hidden="true" {
                        line.iv90 x1="1" x2="37" y1="50%" y2="50%" {}
                        line.iv50 x1="11" x2="27" y1="50%" y2="50%" {}
                        circle.dot cx="50%" cy="50%" r="4" {}
                    }
                    "estimate, 50% and 90% interval"
                }
            }
            @if has.unknown {
                span {
                    svg width="30" height="12" aria-hidden="true" { rect.bar.unknown x="1" y="1" width="28" height="10" {} }
                    (words::DIRECTION_NOT_KNOWN)
                }
            }
            @if has.young {
                span {
                    svg width="30" height="12" aria-hidden="true" {
                        rect.young x="0" y="0" width="30" height="12" {}
                        circle.dot.open cx="50%" cy="50%" r="4" {}
                    }
                    (words::TOO_YOUNG)
                }
            }
        }
    }
}

/// The narrowest drawing at a desk, and the width of a letter of an axis with the air between words, in pixels.
const NARROW: f64 = 300.0;
const LETTER: f64 = 7.0;
const AIR: f64 = 8.0;

/// The words of an axis under the marks; one that would touch another gives way, and every second does on a phone.
pub(super) fn axis(scale: &Scale, unit: Unit, sign: Sign) -> Markup {
    html! {
        svg.ax height="20" aria-hidden="true" {
            @for (i, (place, words)) in spaced(scale, unit, sign).into_iter().enumerate() {
                text.odd[i % 2 == 1] x=(percent(place)) y="14" text-anchor=(anchor(place)) { (words) }
            }
        }
    }
}

/// The words that do not touch, from zero to both ends, with their places.
fn spaced(scale: &Scale, unit: Unit, sign: Sign) -> Vec<(f64, String)> {
    let ticks = scale.ticks(unit);
    let step = ticks.windows(2).next().map_or(1.0, |w| w.iter().rev().copied().reduce(|b, a| b - a).unwrap_or(1.0));
    let words = |tick: f64| (scale.place(tick), format::tick(tick, step, unit, sign));
    let span = |(place, words): &(f64, String)| {
        let width = words.chars().count() as f64 * LETTER;
        let left =
            place * NARROW - width * [0.0, 0.5, 1.0][usize::from(*place >= EDGE) + usize::from(*place > 1.0 - EDGE)];
        (left, left + width)
    };
    let mut kept: Vec<(f64, String)> = Vec::with_capacity(ticks.len());
    let zero = ticks.iter().position(|t| *t >= 0.0).unwrap_or(0);
    for tick in ticks[zero..].iter().chain(ticks[..zero].iter().rev()) {
        let new = words(*tick);
        let (left, right) = span(&new);
        if kept.iter().map(span).all(|(l, r)| right + AIR <= l || r + AIR <= left) {
            kept.push(new);
        }
    }
    kept.sort_by(|a, b| a.0.total_cmp(&b.0));
    kept
}

/// The light rules that stand at the ticks, zero stronger than the others.
pub(super) fn rules(scale: &Scale, unit: Unit) -> Markup {
    html! {
        @for tick in scale.ticks(unit) {
            @let x = at(scale, tick);
            line.rule.zero[tick == 0.0] x1=(x) x2=(x) y1="0" y2="100%" {}
        }
    }
}

/// So near to an end a word stands beside its point.
const EDGE: f64 = 0.06;

/// On which side of its point a word stands, so that it is not cut at the ends.
pub(super) fn anchor(place: f64) -> &'static str {
    if place < EDGE {
        "start"
    } else if place > 1.0 - EDGE {
        "end"
    } else {
        "middle"
    }
}

/// The cell of an interval: the limits as numbers, "counted", or "cannot tell"; with what must be said of them.
pub(super) fn interval(figure: &Figure, sign: Sign) -> Markup {
    let unsure = sign == Sign::Change && format::limits(figure).is_some_and(|i| !i.direction_known());
    html! {
        (number(&format::certainty(figure, sign)))
        @if unsure { small { (words::DIRECTION_NOT_KNOWN) } }
        @if words::young(figure) { small { (words::TOO_YOUNG) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_an_axis_do_not_touch() {
        let unit = Unit::Money(terms::Currency::parse("USD").unwrap());
        let words = |lo: f64, hi: f64| -> Vec<String> {
            spaced(&Scale { lo, hi }, unit, Sign::Change).into_iter().map(|(_, words)| words).collect()
        };
        // a word at the end stands beside its point, where it would touch the next
        assert_eq!(words(-31_000_000.0, 19_000_000.0), ["\u{2212}$200k", "\u{2212}$100k", "0", "+$100k"]);
        assert_eq!(words(0.0, 400.0), ["0", "+$1", "+$2", "+$3", "+$4"]);
        assert_eq!(words(0.0, 1.0).first().map(String::as_str), Some("0"));
    }
}
