//! A tally's spec as SQL over tables named as the grains, with columns named as the facts' and NULL for what is not
//! recorded. In DuckDB's dialect; a count's missing value is NULL too.
//!
//! Invariant: the rows of the query, as a set, are the cells of the tally: labels first, then measures.

use tallies::{Column, Dim, Measure, Spec, Test, Width};
use terms::PeriodUnit;

/// The query of a spec.
pub fn of(spec: &Spec) -> String {
    let dims = spec.dims.iter().map(dim);
    let selected: Vec<String> = dims.chain(spec.measures.iter().map(measure)).collect();
    let filter = all(&spec.filter);
    let mut query = format!("SELECT {} FROM {} WHERE {filter}", selected.join(", "), spec.grain.word());
    if !spec.dims.is_empty() {
        let places: Vec<String> = (1..=spec.dims.len()).map(|n| n.to_string()).collect();
        query.push_str(&format!(" GROUP BY {}", places.join(", ")));
    }
    query
}

fn name(column: Column) -> String {
    format!("\"{}\"", column.name)
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Minutes; a day counts as its end.
fn minutes(column: Column) -> String {
    if column.width == Width::Days { format!("({} * 1440 + 1439)", name(column)) } else { name(column) }
}

fn all(tests: &[Test]) -> String {
    if tests.is_empty() {
        return "TRUE".to_owned();
    }
    tests.iter().map(test).collect::<Vec<_>>().join(" AND ")
}

/// Never NULL, so that NOT means what it says.
fn test(test: &Test) -> String {
    match test {
        Test::Has(c) => format!("{} IS NOT NULL", name(*c)),
        Test::Missing(c) => format!("{} IS NULL", name(*c)),
        Test::Between(c, lo, hi) => format!("coalesce({} BETWEEN {lo} AND {hi}, FALSE)", name(*c)),
        Test::Is(c, value) => format!("coalesce({} = {value}, FALSE)", name(*c)),
        Test::In(c, texts) => {
            let named: Vec<String> = texts.iter().flatten().map(|t| text(t)).collect();
            let mut either = Vec::new();
            if !named.is_empty() {
                either.push(format!("coalesce({} IN ({}), FALSE)", name(*c), named.join(", ")));
            }
            if texts.contains(&None) {
                either.push(format!("{} IS NULL", name(*c)));
            }
            if either.is_empty() { "FALSE".to_owned() } else { format!("({})", either.join(" OR ")) }
        }
        Test::Before(a, b) => format!("coalesce({} < {}, FALSE)", name(*a), name(*b)),
        Test::Elapsed(a, b, lo, hi) => {
            format!("coalesce({} - {} BETWEEN {lo} AND {hi}, FALSE)", name(*b), name(*a))
        }
        Test::Any(tests) if tests.is_empty() => "FALSE".to_owned(),
        Test::Any(tests) => {
            format!("({})", tests.iter().map(|t| format!("({})", self::test(t))).collect::<Vec<_>>().join(" OR "))
        }
        Test::Not(inner) => format!("NOT ({})", self::test(inner)),
    }
}

fn dim(dim: &Dim) -> String {
    match dim {
        Dim::Code(c) | Dim::Value(c) => name(*c),
        Dim::Period(c, unit, fiscal) => {
            let days = if c.width == Width::Minutes { format!("({} // 1440)", name(*c)) } else { name(*c) };
            let day = format!("(DATE '1970-01-01' + {days}::INTEGER)");
            // as `terms::FiscalYear` numbers them: months of the fiscal year named by the year it ends in
            let month = i32::from(fiscal.start_month());
            let shift = if month == 1 { 0 } else { 13 - month };
            let months = format!("(year({day}) * 12 + month({day}) - 1 + {shift})");
            match unit {
                PeriodUnit::Week => format!("(({days} + 3) // 7)"),
                PeriodUnit::Month => months,
                PeriodUnit::Quarter => format!("({months} // 3)"),
                PeriodUnit::Year => format!("({months} // 12)"),
            }
        }
        Dim::Bins(c, edges) => bins(&name(*c), edges),
        Dim::Every(c, width) => format!("floor({} / {}.0)::BIGINT", name(*c), (*width).max(1)),
        Dim::Elapsed(a, b, edges) => bins(&format!("({} - {})", name(*b), name(*a)), edges),
        Dim::Outcome { from, events, as_of } => {
            let (start, ends) = (minutes(*from), ends(*from, events, *as_of));
            let which: Vec<String> =
                ends.iter().zip(1..).map(|(end, n)| format!("WHEN {} = {end} THEN {n}", least(&ends))).collect();
            format!("CASE WHEN {start} IS NULL OR {start} > {as_of} THEN NULL {} ELSE 0 END", which.join(" "))
        }
        // leads that go apart are few, and left as they are
        Dim::Worked { from, events, as_of, spans, apart: _, edges } => {
            let (start, ends) = (minutes(*from), ends(*from, events, *as_of));
            let until = format!("coalesce({}, {as_of})", least(&ends));
            let all: Vec<String> = spans.iter().map(|(from, to)| format!("[{from}, {to}]")).collect();
            let before = |t: &str| {
                let list = all.join(", ");
                format!("coalesce(list_sum([greatest(0, least({t}, s[2]) - s[1]) for s in [{list}]]), 0)")
            };
            let worked = bins(&format!("({} - {})", before(&until), before(&start)), edges);
            format!("CASE WHEN {start} IS NULL OR {start} > {as_of} THEN NULL ELSE {worked} END")
        }
        Dim::Age { from, events, as_of, bin, bins } => {
            let (start, ends) = (minutes(*from), ends(*from, events, *as_of));
            let until = format!("coalesce({}, {as_of})", least(&ends));
            format!(
                "CASE WHEN {start} IS NULL OR {start} > {as_of} THEN NULL ELSE least(({until} - {start}) // {}, {}) END",
                (*bin).max(1),
                i64::from(*bins).saturating_sub(1)
            )
        }
    }
}

/// The place of a number among edges.
fn bins(number: &str, edges: &[i64]) -> String {
    let above: Vec<String> = edges.iter().map(|e| format!("({number} >= {e})::INTEGER")).collect();
    if above.is_empty() { format!("CASE WHEN {number} IS NOT NULL THEN 0 END") } else { above.join(" + ") }
}

/// When each event came, not before the start; NULL where it had not come.
fn ends(from: Column, events: &[Column], as_of: i64) -> Vec<String> {
    events
        .iter()
        .map(|e| {
            let (at, start) = (minutes(*e), minutes(from));
            format!(
                "(CASE WHEN {at} IS NOT NULL AND greatest({at}, {start}) <= {as_of} THEN greatest({at}, {start}) END)"
            )
        })
        .collect()
}

fn least(ends: &[String]) -> String {
    if ends.is_empty() { "NULL".to_owned() } else { format!("least({})", ends.join(", ")) }
}

fn measure(measure: &Measure) -> String {
    let real = |c: &Column, what: String, positive: bool, tests: &[Test]| {
        let sign = if positive { format!("{} > 0 AND ", name(*c)) } else { String::new() };
        format!("coalesce(sum({what}) FILTER (WHERE {sign}{}), 0)::DOUBLE", all(tests))
    };
    let log = |c: &Column| format!("ln(CASE WHEN {0} > 0 THEN {0} END)", name(*c));
    match measure {
        Measure::Count => "count(*)".to_owned(),
        Measure::CountIf(tests) => format!("count(*) FILTER (WHERE {})", all(tests)),
        Measure::Sum(c) => format!("coalesce(sum({}), 0)", name(*c)),
        Measure::SumIf(c, tests) => format!("coalesce(sum({}) FILTER (WHERE {}), 0)", name(*c), all(tests)),
        Measure::SumLog(c, tests) => real(c, log(c), true, tests),
        Measure::SumLogSquared(c, tests) => real(c, format!("{0} * {0}", log(c)), true, tests),
        Measure::SumSquared(c, tests) => real(c, format!("{0}::DOUBLE * {0}::DOUBLE", name(*c)), false, tests),
        Measure::Distinct(c) => format!("count(DISTINCT {})", name(*c)),
    }
}
