//! What was noticed in the records, and the tables of opportunities.
//!
//! Not here: sentences and which of them to say. Invariant: ids are unique in the report.

use super::sections::Context;
use report::{Certainty, Figure, Finding, Section, Table, Unit, Value};
use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Grain, Test};

use super::empty;
use super::judge::{Case, first_quarter, judge};
use super::measure::Line;
use super::settings::MOST_ROWS;
use super::words;
use crate::columns::{DAY, is};
use crate::evidence::from_tests;
use crate::figures::{cell, row, slugs, text};

impl Context<'_> {
    /// The figures that findings and caveats speak of.
    pub(super) fn traps_table(&self) -> Option<Table> {
        let reading = self.reading;
        let mut rows = Vec::new();
        let mut line = |name: &str, figure: Figure| rows.push(row(vec![text(name), cell(figure)]));
        let counted = self.about("counted");
        if reading.undated > 0 {
            let n = reading.undated;
            let evidence = self.evidence(&[Test::Missing(reading.flow.created)], n);
            line("without a date of creation", counted.count("funnel.undated", "Undated", n, evidence));
        }
        for case in judge(self.question, reading) {
            match case {
                Case::WonEarly => {
                    let n = reading.won_early;
                    let evidence = self.evidence(&[Test::Is(lead::WON_BEFORE_CREATED, 1)], n);
                    line("won before it was created", counted.count("funnel.won_early", "Won early", n, evidence));
                }
                Case::MissingWins => {
                    if let Some(m) = &reading.missing_wins {
                        let evidence = self.evidence(&self.before_wins(), m.leads_before);
                        let figure = counted.count("funnel.leads_before", "Leads before", m.leads_before, evidence);
                        line("begun before the month of the first win", figure);
                        let value = Value::Real(m.usual_days);
                        let about = self.about("P95 of wins since then");
                        let n = (m.wins, None);
                        let figure =
                            about.figure("funnel.usual_days", "Usual", Unit::Days, value, Certainty::Counted, n, None);
                        line("days within which 95 of 100 wins come", figure);
                    }
                }
                Case::AttributionGap { line: at, others } => {
                    let slug = self.slug_of(at);
                    let id = format!("funnel.gap.{slug}.others");
                    line(
                        "won, of all with another source",
                        self.about("so far, of all").share(&id, "Others", others.0, others.1, None),
                    );
                }
                Case::BunchedRates { last, other } => {
                    let about = self.about("won of closed");
                    line(
                        "won of closed, last month of a quarter",
                        about.share("funnel.closing.last", "Last month", last.0, last.1, None),
                    );
                    line(
                        "won of closed, first two months",
                        about.share("funnel.closing.other", "First two months", other.0, other.1, None),
                    );
                }
                Case::BunchedWins { last, all } => {
                    line(
                        "wins in the last month of a quarter",
                        counted.share("funnel.closing.share", "Share", last, all, None),
                    );
                }
                Case::FirstClosings => {}
                Case::ProductUnmatched => {
                    let n = reading.unmatched_products.iter().map(|p| p.1).sum();
                    let evidence = Some(from_tests(Grain::Opportunity, &[Test::Is(opp::PRODUCT_UNMATCHED, 1)], n));
                    line(
                        "opportunities with an unlisted product",
                        counted.count("funnel.unmatched.products", "Unlisted", n, evidence),
                    );
                }
                Case::AccountUnmatched => {
                    let n = reading.unmatched_accounts.0;
                    let tests = [Test::In(opp::ACCOUNT_RULE, vec![Some("unmatched".to_owned())])];
                    let evidence = Some(from_tests(Grain::Opportunity, &tests, n));
                    line(
                        "opportunities without a matched account",
                        counted.count("funnel.unmatched.accounts", "Unmatched", n, evidence),
                    );
                }
            }
        }
        (!rows.is_empty()).then(|| Table {
            id: "funnel.noticed".to_owned(),
            title: "Noticed in the records".to_owned(),
            columns: ["what", "how many"].map(str::to_owned).to_vec(),
            rows,
            note: String::new(),
        })
    }

    pub(super) fn slug_of(&self, line: usize) -> String {
        let (lines, rest) = self.shown();
        let name = &self.reading.lines[line];
        let all: Vec<&Line> = lines.into_iter().chain(&rest).collect();
        let ids = slugs(all.iter().map(|l| l.name.as_str()));
        all.iter().position(|l| *l == name).and_then(|i| ids.get(i).cloned()).unwrap_or_default()
    }

    /// Leads of the months before the first month with wins.
    pub(super) fn before_wins(&self) -> Vec<Test> {
        let Some(m) = &self.reading.missing_wins else { return vec![] };
        let until = self.question.fiscal.period(terms::PeriodUnit::Month, m.from_month - 1).first;
        vec![Test::Between(self.reading.flow.created, i64::from(i32::MIN) + 1, i64::from(until.0) * DAY - 1)]
    }

    pub(super) fn sentence(&self, case: &Case) -> Finding {
        let reading = self.reading;
        let (code, text, evidence) = match case {
            Case::WonEarly => {
                let tests = [Test::Is(lead::WON_BEFORE_CREATED, 1)];
                ("wins_before_creation", words::WON_EARLY.to_owned(), self.evidence(&tests, reading.won_early))
            }
            Case::MissingWins => {
                let text = reading.missing_wins.as_ref().map(|m| {
                    let month = self.question.fiscal.period(terms::PeriodUnit::Month, m.first_month);
                    let of = if reading.flow.grain == Grain::LeadCycle { "leads" } else { "opportunities" };
                    words::missing_wins(of, &month.to_string(), &m.first_win.to_string())
                });
                let n = reading.missing_wins.as_ref().map_or(0, |m| m.leads_before);
                ("missing_wins", text.unwrap_or_default(), self.evidence(&self.before_wins(), n))
            }
            Case::AttributionGap { line, .. } => {
                let row = &reading.lines[*line];
                let text = words::attribution_gap(&row.name, &self.slug_of(*line));
                ("attribution_gap", text, self.evidence(&self.inside(row), row.reach[0]))
            }
            Case::BunchedRates { .. } => ("quarter_end", words::BUNCHING.to_owned(), None),
            Case::BunchedWins { .. } => ("quarter_end", words::BUNCHING_COUNT.to_owned(), None),
            Case::FirstClosings => {
                let quarter = first_quarter(self.question, reading).map(|q| q.to_string()).unwrap_or_default();
                let day = reading.first_closing.map(|d| d.to_string()).unwrap_or_default();
                ("first_closings", words::first_closings(&quarter, &day), None)
            }
            Case::ProductUnmatched => {
                let names: Vec<String> = reading
                    .unmatched_products
                    .iter()
                    .take(5)
                    .map(|p| format!("`{}`", crate::columns::said(&p.0)))
                    .collect();
                let n = reading.unmatched_products.iter().map(|p| p.1).sum();
                let evidence = Some(from_tests(Grain::Opportunity, &[Test::Is(opp::PRODUCT_UNMATCHED, 1)], n));
                ("product_unmatched", words::product_unmatched(&names.join(", ")), evidence)
            }
            Case::AccountUnmatched => {
                let tests = [Test::In(opp::ACCOUNT_RULE, vec![Some("unmatched".to_owned())])];
                let evidence = Some(from_tests(Grain::Opportunity, &tests, reading.unmatched_accounts.0));
                ("account_unmatched", words::ACCOUNT_UNMATCHED.to_owned(), evidence)
            }
        };
        Finding { code: code.to_owned(), text, evidence }
    }

    /// Opportunities by product, team and source.
    pub fn opportunities(&self) -> Option<Section> {
        let reading = self.reading;
        if reading.opportunities.is_empty() {
            return None;
        }
        let mut out = empty("funnel.opportunities", "From opportunity to win");
        let money = Unit::Money(self.question.currency);
        for (column, lines) in &reading.opportunities {
            let names: Vec<String> = lines.iter().map(|l| crate::columns::said(&l.0)).collect();
            let ids = slugs(names.iter().map(String::as_str));
            let mut rows = Vec::new();
            for (((label, opened, won, lost, amount), name), id) in lines.iter().zip(&names).zip(&ids).take(MOST_ROWS) {
                let base = format!("funnel.opportunity.{}.{id}", column.name);
                let rows_of = |more: Option<Test>, n: u64| {
                    let tests: Vec<Test> = std::iter::once(is(*column, label)).chain(more).collect();
                    Some(from_tests(Grain::Opportunity, &tests, n))
                };
                let counted = self.about("counted");
                let (w, l) = (Test::Has(opp::WON_ON), Test::Has(opp::LOST_ON));
                let closed = Test::Any(vec![w.clone(), l.clone()]);
                rows.push(row(vec![
                    text(name.clone()),
                    cell(counted.count(&format!("{base}.opened"), name, *opened, rows_of(None, *opened))),
                    cell(counted.count(&format!("{base}.won"), name, *won, rows_of(Some(w.clone()), *won))),
                    cell(counted.count(&format!("{base}.lost"), name, *lost, rows_of(Some(l), *lost))),
                    cell(self.about("won of closed").share(
                        &format!("{base}.rate"),
                        name,
                        *won,
                        won + lost,
                        rows_of(Some(closed), won + lost),
                    )),
                    cell(counted.counted(
                        &format!("{base}.amount"),
                        name,
                        money,
                        *amount,
                        *won,
                        rows_of(Some(w), *won),
                    )),
                ]));
            }
            out.tables.push(Table {
                id: format!("funnel.opportunities_by_{}", column.name),
                title: format!("Opportunities by {}", column.name),
                columns: [column.name, "opened", "won", "lost", "won of closed", "won amount"]
                    .map(str::to_owned)
                    .to_vec(),
                rows,
                note: "In the order of the alphabet; the rate is of what closed, whenever it was opened.".to_owned(),
            });
        }
        let names: Vec<&str> = reading.opportunities.iter().map(|o| o.0.name).collect();
        out.answer =
            format!("What was opened, won and lost by {}, counted over all closings on record.", names.join(", "));
        Some(out)
    }
}
