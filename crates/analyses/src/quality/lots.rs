//! The slice dealt out by lot, as a table and a sentence of the section on the change.
//!
//! Invariant: what the slice tells has its own ids and moves no other part.

use report::{Finding, NotKnown, Refusal, Section, Unit};

use super::levels::Estimate;
use super::lot::{Lot, NoLot};
use super::sections::{Context, refusal, spread_rows};
use super::words;
use crate::columns::{DAY, by_lot};
use crate::evidence::from_tests;
use crate::figures::{About, house};

/// Whether an odds factor stands out, and which way.
fn known(of: Estimate) -> Option<bool> {
    if of.interval.lo90 > 1.0 {
        Some(true)
    } else if of.interval.hi90 < 1.0 {
        Some(false)
    } else {
        None
    }
}

impl Context<'_> {
    /// Adds what the slice tells, and takes back that leads and reps cannot be told apart.
    pub(super) fn lot(&self, told: Result<Lot, NoLot>, out: &mut Section) {
        out.caveats.push(words::BY_LOT.to_owned());
        match told {
            Err(why) => out.refusals.push(self.no_lot(why)),
            Ok(lot) => {
                let text = words::lot(&self.outcome(), known(lot.odds), known(lot.rest));
                out.answer = format!("{} {text}", out.answer);
                let n = lot.totals[0].0 + lot.totals[1].0;
                let evidence = Some(self.lot_rows(n));
                out.findings.push(Finding { code: "by_lot".to_owned(), text, evidence });
                out.tables.push(self.lot_table(&lot));
                let [text, settle] = words::MARKET.map(str::to_owned);
                out.not_known = vec![NotKnown { text, settle, evidence: None }];
            }
        }
    }

    fn no_lot(&self, why: NoLot) -> Refusal {
        let (code, words) = match why {
            NoLot::TooFew(totals) => ("lot_too_few", words::refuse_lot_few(totals.map(|(n, y)| (n as u64, y as u64)))),
            NoLot::Uneven(_) => ("lot_not_by_lot", words::refuse_uneven(&self.by())),
            NoLot::Changed(shares) => {
                ("lot_changed", words::refuse_lot_changed(shares.map(|s| (100.0 * s).round() as u64)))
            }
            NoLot::NotComputable => {
                ("not_computable", words::not_computable("the slice dealt out by lot has no estimate"))
            }
        };
        refusal(code, &words)
    }

    fn lot_tests(&self, period: usize) -> Vec<tallies::Test> {
        let p = if period == 0 { self.question.base() } else { self.question.period };
        let at = |day: i32| i64::from(day) * DAY / self.reading.plan.unit;
        let (lo, hi) = self.reading.stands;
        let between = self.reading.plan.between(at(p.first.0).max(lo), (at(p.last.0 + 1) - 1).min(hi));
        [vec![between, by_lot()], self.reading.plan.dealt()].concat()
    }

    fn lot_rows(&self, n: f64) -> report::Evidence {
        let either = tallies::Test::Any([0, 1].map(|p| crate::columns::all(self.lot_tests(p))).to_vec());
        from_tests(self.reading.plan.grain, &[either], n as u64)
    }

    fn lot_table(&self, lot: &Lot) -> report::Table {
        let n = (lot.totals[0].0 + lot.totals[1].0) as u64;
        let mut figures: Vec<report::Figure> = [0, 1]
            .map(|period: usize| {
                let p = if period == 0 { self.question.base() } else { self.question.period };
                let (n, y) = lot.totals[period];
                let evidence = Some(from_tests(self.reading.plan.grain, &self.lot_tests(period), n as u64));
                let id = ["quality.lot.from", "quality.lot.to"][period];
                let label = format!("Rate in the slice, {p} ({})", self.outcome());
                About::new(p.to_string(), "counted").share(id, &label, y as u64, n as u64, evidence)
            })
            .to_vec();
        let evidence = Some(self.lot_rows(n as f64));
        let about = About::new(
            format!("{} against {}", self.question.period, self.question.base()),
            "crossed effects within the slice; Student's t over sources",
        );
        for (id, label, of) in
            [("quality.lot.odds", words::LOT_ODDS, lot.odds), ("quality.lot.rest", words::LOT_REST, lot.rest)]
        {
            let interval = Some(house(of.interval));
            figures.push(about.estimated(id, label, Unit::Number, of.value, interval, n, evidence.clone()));
        }
        let even = About::new(about.period.clone(), "chi-square, both periods");
        figures.push(even.figure(
            "quality.lot.p",
            words::LOT_EVEN,
            Unit::Share,
            report::Value::Real(lot.even),
            report::Certainty::Counted,
            (n, None),
            evidence,
        ));
        spread_rows("quality.lots", "What the slice dealt out by lot tells", figures)
    }
}
