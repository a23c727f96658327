//! A series with its 90% band. Young periods stand hollow on hatched ground, joined by dashes; the numbers stand beside.

use maud::{Markup, html};
use report::{Band, BandPoint, Unit};

use super::marks::Key;
use super::{Page, aloud, marks, number};
use crate::format::{self, Sign};
use crate::scale::Scale;
use crate::words::{self, young};

/// Up to so many points their numbers stand beside the drawing; more are folded away below it.
const BESIDE: usize = 14;

pub(super) fn draw(page: &Page<'_>, b: &Band) -> Markup {
    let projected = b.points.iter().any(|p| young(&p.figure));
    let intervals = b.points.iter().any(|p| format::limits(&p.figure).is_some());
    let beside = b.points.len() <= BESIDE;
    html! {
        figure.series {
            figcaption { span.title { (page.say(&b.title)) } (marks::key(Key { band: intervals, young: projected, ..Key::default() })) }
            div.pair[beside] {
                div { (plot(page, b)) }
                @if beside { (numbers(page, b)) } @else { details.numbers { summary { "The numbers" } (numbers(page, b)) } }
            }
        }
    }
}

fn plot(page: &Page<'_>, b: &Band) -> Markup {
    let scale = Scale::of(b.points.iter().map(|p| &p.figure).chain(&b.reference)).with_air();
    let unit = b.points.first().map_or(Unit::Number, |p| p.figure.unit);
    let ticks = scale.ticks(unit);
    let step = ticks.windows(2).next().map_or(1.0, |w| w.iter().rev().copied().reduce(|z, a| z - a).unwrap_or(1.0));
    let y = |v: f64| marks::percent(1.0 - scale.place(v));
    let reference = b.reference.as_ref().and_then(|f| format::raw(f).map(|x| (f, x)));
    html! {
        div.plot {
            svg.yl height="220" aria-hidden="true" {
                @for t in &ticks {
                    text x="100%" dx="-8" y=(y(*t)) dy="0.32em" text-anchor="end" { (format::tick(*t, step, unit, Sign::Plain)) }
                }
            }
            svg.area height="220" role="img" aria-label=(summary(page, b)) {
                @for t in &ticks { line.rule.zero[*t == 0.0] x1="0" x2="100%" y1=(y(*t)) y2=(y(*t)) {} }
                @for (x0, x1) in young_ground(&b.points) {
                    rect.young x=(marks::percent(x0)) width=(marks::percent(x1 - x0)) y="0" height="100%" {}
                }
                svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%" { (lines(&b.points, &scale)) }
                @if let Some((_, x)) = reference { line.reference x1="0" x2="100%" y1=(y(x)) y2=(y(x)) {} }
                @for (i, p) in b.points.iter().enumerate() {
                    @if let Some(v) = format::raw(&p.figure) {
                        circle.dot.open[young(&p.figure)] cx=(marks::percent(across(i, b.points.len()))) cy=(y(v)) r="4" {
                            title { (aloud(&p.label, &p.figure, Sign::Plain)) }
                        }
                    }
                }
            }
            svg.rl height="220" aria-hidden="true" {
                @if let Some((f, x)) = reference {
                    text x="8" y=(y(x)) dy="0.32em" { (format::value(f, Sign::Plain)) }
                }
            }
            svg.xl height="20" aria-hidden="true" { (names(&b.points)) }
        }
        @if let Some((f, _)) = reference {
            p.note {
                "Dashed line: " (page.figure_link(f, &f.label)) ", " (number(&format::value(f, Sign::Plain)))
                " (" (number(&format::certainty(f, Sign::Plain))) ")."
            }
        }
    }
}

/// Where a point stands across the plot; a single one in the middle.
fn across(i: usize, n: usize) -> f64 {
    if n < 2 { 0.5 } else { i as f64 / (n - 1) as f64 }
}

/// The stretches of young periods, from halfway before each to halfway behind it.
fn young_ground(points: &[BandPoint]) -> Vec<(f64, f64)> {
    let half = if points.len() < 2 { 0.5 } else { 0.5 / (points.len() - 1) as f64 };
    let mut ground: Vec<(f64, f64)> = Vec::new();
    let mut before = false;
    for (i, p) in points.iter().enumerate() {
        let is = young(&p.figure);
        if is {
            let x = across(i, points.len());
            let end = (x + half).min(1.0);
            match ground.last_mut().filter(|_| before) {
                Some(last) => last.1 = end,
                None => ground.push(((x - half).max(0.0), end)),
            }
        }
        before = is;
    }
    ground
}

/// The band, its edges and the line; broken where a value cannot be told.
fn lines(points: &[BandPoint], scale: &Scale) -> Markup {
    let spot =
        |i: usize, v: f64| format!("{:.2},{:.2}", across(i, points.len()) * 100.0, (1.0 - scale.place(v)) * 100.0);
    let mut runs: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    let mut joined = false;
    for (i, p) in points.iter().enumerate() {
        let limits = format::limits(&p.figure);
        if let Some(l) = limits {
            if !joined {
                runs.push((Vec::new(), Vec::new()));
            }
            if let Some((upper, lower)) = runs.last_mut() {
                upper.push(spot(i, l.hi90));
                lower.push(spot(i, l.lo90));
            }
        }
        joined = limits.is_some();
    }
    let strokes = points.windows(2).enumerate().filter_map(|(i, pair)| {
        let [a, b] = pair else { return None };
        let (from, to) = (format::raw(&a.figure)?, format::raw(&b.figure)?);
        Some((format!("M{}L{}", spot(i, from), spot(i + 1, to)), young(&a.figure) || young(&b.figure)))
    });
    html! {
        @for (upper, lower) in &runs {
            @let back: Vec<&str> = lower.iter().rev().map(String::as_str).collect();
            path.band d={ "M" (upper.join("L")) "L" (back.join("L")) "Z" } {}
            path.edge d={ "M" (upper.join("L")) } {}
            path.edge d={ "M" (lower.join("L")) } {}
        }
        @for (d, dashed) in strokes { path.ln.dashed[dashed] d=(d) {} }
    }
}

/// At most six names of periods, three on a phone.
fn names(points: &[BandPoint]) -> Markup {
    let every = points.len().div_ceil(6).max(1);
    let shown = points.iter().enumerate().step_by(every);
    html! {
        @for (k, (i, p)) in shown.enumerate() {
            @let place = across(i, points.len());
            text.odd[k % 2 == 1] x=(marks::percent(place)) y="14" text-anchor=(marks::anchor(place)) { (p.label) }
        }
    }
}

fn numbers(page: &Page<'_>, b: &Band) -> Markup {
    html! {
        table.numbers role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    th scope="col" role="columnheader" { "Period" }
                    th.num scope="col" role="columnheader" { "Estimate" }
                    th.num scope="col" role="columnheader" { "90% interval" }
                    th.num scope="col" role="columnheader" { "Cases" }
                }
            }
            tbody role="rowgroup" {
                @for p in &b.points {
                    tr role="row" {
                        th scope="row" role="rowheader" { (page.figure_link(&p.figure, &p.label)) }
                        td.num.v role="cell" { (format::value(&p.figure, Sign::Plain)) }
                        td.num.iv role="cell" {
                            (number(&format::certainty(&p.figure, Sign::Plain)))
                            @if young(&p.figure) { " " span.vh { (words::TOO_YOUNG) } span.star aria-hidden="true" { "projected" } }
                        }
                        td.num.cases role="cell" { (format::count(i64::try_from(p.figure.n).unwrap_or(i64::MAX))) }
                    }
                }
            }
        }
    }
}

/// The series in one sentence.
fn summary(page: &Page<'_>, b: &Band) -> String {
    let told: Vec<&BandPoint> = b.points.iter().filter(|p| format::raw(&p.figure).is_some()).collect();
    let ends = match (told.first(), told.last()) {
        (Some(first), Some(last)) => {
            format!(
                "From {} to {}.",
                aloud(&first.label, &first.figure, Sign::Plain),
                aloud(&last.label, &last.figure, Sign::Plain)
            )
        }
        _ => "No period can be told.".to_owned(),
    };
    let young = b.points.iter().filter(|p| young(&p.figure)).count();
    let young =
        if young > 0 { format!(" {young} of {} periods are projected.", b.points.len()) } else { String::new() };
    format!("{}. {ends}{young}", page.plain(words::stop(&b.title)))
}
