//! From a room's filter to the evidence of a figure and back: the same rows both ways.
//!
//! Not here: reading the rows. Invariant: `to_tests(from_tests(g, t))` is `(g, t)`.

use report::{Evidence, Predicate};
use tallies::{Column, Grain, Test, Width, columns};

use crate::Error;

/// The evidence that says: the rows of this grain that pass all tests, `rows` of them now.
pub fn from_tests(grain: Grain, tests: &[Test], rows: u64) -> Evidence {
    let grain = match grain {
        Grain::LeadCycle => report::Grain::LeadCycle,
        Grain::Opportunity => report::Grain::Opportunity,
        Grain::Account => report::Grain::Account,
        Grain::SpendDay => report::Grain::SpendDay,
        Grain::LeadTurn => report::Grain::LeadTurn,
    };
    Evidence { grain, filter: tests.iter().map(predicate).collect(), rows }
}

/// The filter behind a piece of evidence.
///
/// # Errors
/// `analyses.column` for a column the grain does not have, `analyses.predicate` for a test that does not fit it.
pub fn to_tests(evidence: &Evidence) -> Result<(Grain, Vec<Test>), Error> {
    let grain = match evidence.grain {
        report::Grain::LeadCycle => Grain::LeadCycle,
        report::Grain::Opportunity => Grain::Opportunity,
        report::Grain::Account => Grain::Account,
        report::Grain::SpendDay => Grain::SpendDay,
        report::Grain::LeadTurn => Grain::LeadTurn,
    };
    let tests = evidence.filter.iter().map(|p| test(grain, p)).collect::<Result<_, _>>()?;
    Ok((grain, tests))
}

fn predicate(test: &Test) -> Predicate {
    let name = |c: &Column| c.name.to_owned();
    match test {
        Test::Has(c) => Predicate::Has(name(c)),
        Test::Missing(c) => Predicate::Missing(name(c)),
        Test::Between(c, lo, hi) => Predicate::Between(name(c), *lo, *hi),
        Test::Is(c, value) => Predicate::Is(name(c), *value),
        Test::In(c, texts) => Predicate::In(name(c), texts.clone()),
        Test::Before(a, b) => Predicate::Before(name(a), name(b)),
        Test::Elapsed(a, b, lo, hi) => Predicate::Elapsed(name(a), name(b), *lo, *hi),
        Test::Any(tests) => Predicate::Any(tests.iter().map(predicate).collect()),
        Test::Not(inner) => Predicate::Not(Box::new(predicate(inner))),
    }
}

fn test(grain: Grain, predicate: &Predicate) -> Result<Test, Error> {
    let column = |name: &str| columns::column(grain, name).ok_or_else(|| Error::column(grain.word(), name));
    Ok(match predicate {
        Predicate::Has(c) => Test::Has(column(c)?),
        Predicate::Missing(c) => Test::Missing(column(c)?),
        Predicate::Between(c, lo, hi) => Test::Between(column(c)?, *lo, *hi),
        Predicate::Is(c, value) => match column(c)? {
            column if column.width == Width::Small => Test::Is(column, *value),
            _ => return Err(Error::predicate(c, "is")),
        },
        Predicate::In(c, texts) => match column(c)? {
            column if column.width == Width::Code => Test::In(column, texts.clone()),
            _ => return Err(Error::predicate(c, "in")),
        },
        Predicate::Before(a, b) => Test::Before(column(a)?, column(b)?),
        Predicate::Elapsed(a, b, lo, hi) => Test::Elapsed(column(a)?, column(b)?, *lo, *hi),
        Predicate::Any(all) => Test::Any(all.iter().map(|p| test(grain, p)).collect::<Result<_, _>>()?),
        Predicate::Not(inner) => Test::Not(Box::new(test(grain, inner)?)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tallies::columns::{lead_cycle as lead, opportunity as opp};

    #[test]
    fn a_filter_comes_back_as_it_went() {
        let tests = vec![
            Test::Has(lead::CREATED_AT),
            Test::Missing(lead::WON_AT),
            Test::Between(lead::CREATED_AT, -5, 10),
            Test::Is(lead::REACHED_WON, 1),
            Test::In(lead::SOURCE, vec![Some("Web".into()), None]),
            Test::Before(lead::WON_AT, lead::CREATED_AT),
            Test::Elapsed(lead::HANDOFF_AT, lead::FIRST_ATTEMPT_AT, 0, 60),
            Test::Any(vec![Test::Has(lead::MQL_AT), Test::Not(Box::new(Test::Is(lead::EXITED, 1)))]),
        ];
        let evidence = from_tests(Grain::LeadCycle, &tests, 7);
        assert_eq!(evidence.rows, 7);
        assert_eq!(to_tests(&evidence).unwrap(), (Grain::LeadCycle, tests));
    }

    #[test]
    fn a_column_of_another_grain_is_an_error() {
        let evidence = Evidence {
            grain: report::Grain::LeadCycle,
            filter: vec![Predicate::Has(opp::WON_ON.name.to_owned())],
            rows: 0,
        };
        let error = to_tests(&evidence).unwrap_err();
        assert_eq!(error.code(), "analyses.column");
        assert_eq!(error.to_string(), "`won_on`: no column of the grain lead_cycle");
        let evidence =
            Evidence { grain: report::Grain::LeadCycle, filter: vec![Predicate::Is("source".into(), 1)], rows: 0 };
        assert_eq!(to_tests(&evidence).unwrap_err().code(), "analyses.predicate");
    }
}
