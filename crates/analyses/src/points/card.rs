//! The page of a fitted card: its rules, how good they are on leads that it has not seen, and what was refused.

use report::{Cell, Certainty, Refusal, Table, Unit, Value};

use super::columns::{Named, Refused};
use super::fit::{Fitted, Held};
use super::rules::{Rule, rules};
use super::words;
use crate::Answer;
use crate::answer::empty_section;
use crate::figures::{About, cell, house, plain, row, slugs, text};

/// What is shown.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// All columns that there are.
    pub columns: &'a [Named],
    /// What a lead came to, such as `became an opportunity`.
    pub outcome: &'a str,
    /// Over which time, in words.
    pub period: &'a str,
    /// What must be known to read it rightly.
    pub notes: &'a [String],
}

/// The page, and the rules of the card.
pub fn page(shown: &Shown<'_>, fitted: &Result<Fitted, (usize, usize)>) -> (Answer, Vec<Rule>) {
    let mut section = empty_section("score.fit", "Points fitted to the own records", words::FIT_METHOD);
    section.caveats = shown.notes.iter().map(|n| plain(n)).collect();
    let fitted = match fitted {
        Err((good, bad)) => {
            section.answer = words::CANNOT_FIT.to_owned();
            let [asked, had, needed] = words::no_card(*good, *bad);
            section.refusals.push(Refusal { code: "too_few".to_owned(), asked, had, needed });
            return (Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }, vec![]);
        }
        Ok(fitted) => fitted,
    };
    let own = |place: usize| &shown.columns[fitted.from[place]];
    let found: Vec<Rule> = fitted.card.features.iter().flat_map(|f| rules(own(f.column), f)).collect();
    section.answer = match (found.is_empty(), &fitted.later, &fitted.halves) {
        (true, ..) => words::NO_RULE.to_owned(),
        (_, Some(_), _) => words::fitted_later(shown.outcome),
        (_, None, Some(_)) => words::fitted_halves(shown.outcome),
        _ => words::UNCHECKED.to_owned(),
    };
    if fitted.card.selected_by == stats::scorecard::SelectedBy::Ridge {
        section.caveats.push(words::RIDGE.to_owned());
    }
    section.caveats.push(words::ASSOCIATION.to_owned());
    section.tables.push(table_of_rules(shown, fitted, &found));
    section.tables.extend(table_of_quality(shown, fitted));
    section.tables.extend(table_of_refused(shown, fitted));
    (Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }, found)
}

fn table_of_rules(shown: &Shown<'_>, fitted: &Fitted, found: &[Rule]) -> Table {
    let ids = slugs(found.iter().map(|r| r.name.as_str()));
    let mut ids = ids.iter();
    let mut rows = Vec::new();
    let about = |method: &str| About::new(shown.period, method);
    for feature in &fitted.card.features {
        let column = &shown.columns[fitted.from[feature.column]];
        for rule in rules(column, feature) {
            let Some(id) = ids.next().map(|id| format!("score.fit.{id}")) else { continue };
            let bin = feature.binning.bins[rule.bin];
            let n = (bin.good + bin.bad) as u64;
            let interval = rule.interval(feature).map(house);
            let (value, certainty) =
                (Value::Whole(rule.points), interval.map_or(Certainty::Counted, Certainty::Estimated));
            let points = about("points, delta method");
            rows.push(row(vec![
                text(&rule.name),
                cell(points.figure(&id, &rule.name, Unit::Number, value, certainty, (n, None), None)),
                cell(about("counted").count(&format!("{id}.n"), &rule.name, n, None)),
                cell(about("of leads").share(&format!("{id}.rate"), &rule.name, bin.good as u64, n, None)),
            ]));
        }
    }
    Table {
        id: "score.fit.rules".to_owned(),
        title: "The rules".to_owned(),
        columns: ["rule", "points", "leads", "had the outcome"].map(str::to_owned).to_vec(),
        rows,
        note: "20 points double the odds.".to_owned(),
    }
}

fn table_of_quality(shown: &Shown<'_>, fitted: &Fitted) -> Option<Table> {
    let about = About::new(shown.period, "leads not fitted on, rows resampled");
    let mut rows = Vec::new();
    let mut line = |id: &str, name: &str, held: &Held| {
        let n = held.quality.rows as u64;
        let figure = |what: &str, unit, value: f64, interval| {
            let id = format!("score.fit.{id}.{what}");
            cell(about.estimated(&id, name, unit, value, Some(house(interval)), n, None))
        };
        let (q, i) = (&held.quality, &held.intervals);
        rows.push(row(vec![
            text(name),
            cell(about.count(&format!("score.fit.{id}.n"), name, n, None)),
            figure("area", Unit::Share, q.auc, i.auc),
            figure("calibration", Unit::ShareDifference, q.calibration_error, i.calibration_error),
            q.slope.map_or(Cell::Empty, |slope| {
                let id = format!("score.fit.{id}.slope");
                cell(about.figure(&id, name, Unit::Number, Value::Real(slope), Certainty::Counted, (n, None), None))
            }),
        ]));
    };
    if let Some(later) = &fitted.later {
        line("later", "the latest 30% of leads, by the card of the 70% before", later);
    }
    if let Some(halves) = &fitted.halves {
        line("halves", "each half, by the card of the other", halves);
    }
    let heads = ["leads that it has not seen", "leads", "area", "calibration error", "slope"];
    (!rows.is_empty()).then(|| Table {
        id: "score.fit.quality".to_owned(),
        title: "How good it is on leads that it has not seen".to_owned(),
        columns: heads.map(str::to_owned).to_vec(),
        rows,
        note: "Area: of pairs, in how many the lead with the outcome had more points; half is a coin. Calibration error: how far chances lie from rates on average. Slope below 1: chances too far apart."
            .to_owned(),
    })
}

fn table_of_refused(shown: &Shown<'_>, fitted: &Fitted) -> Option<Table> {
    let rows: Vec<_> = fitted
        .refused
        .iter()
        .filter(|(_, why)| *why != Refused::Asked)
        .map(|(place, why)| row(vec![text(&shown.columns[*place].name), text(words::refused(why))]))
        .collect();
    (!rows.is_empty()).then(|| Table {
        id: "score.fit.refused".to_owned(),
        title: "Columns that are not fitted on".to_owned(),
        columns: ["column", "why"].map(str::to_owned).to_vec(),
        rows,
        note: "`--with COLUMN` takes one that was refused for its name or for how well it tells; never one that was written later."
            .to_owned(),
    })
}
