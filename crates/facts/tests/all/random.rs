//! Random tables and random questions, from a seed.

use tallies::{Apart, Column, Course, Data, Dim, Extract, Grain, Measure, Spans, Spec, Table, Test, Width};
use terms::{FiscalYear, PeriodUnit};

/// A small generator (splitmix64): tests only need variety that a seed brings back.
pub struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

pub fn table(draw: &mut Draw, grain: Grain, rows: usize) -> Table {
    let mut table = Table::new(grain, rows);
    for column in grain.columns() {
        let spread = draw.pick(&[1u64, 3, 40, 5_000]);
        let far = draw.one_in(8);
        for row in 0..rows {
            if column.index > 0 && draw.one_in(4) {
                continue;
            }
            let n = draw.below(spread) as i64;
            match column.width {
                Width::Code => table.set_text(*column, row, &format!("t{}", n % 40)),
                Width::Small => table.set(*column, row, n % 10),
                Width::Minutes => {
                    table.set(*column, row, if far { n * 400_000 - 900_000_000 } else { n * 700 + 29_000_000 })
                }
                Width::Days => table.set(*column, row, if far { n * 300_000 - 1_000_000_000 } else { n + 20_000 }),
                Width::Count => table.set(*column, row, if far { n * 1_000_003 - 2_000_000_000 } else { n - 2 }),
                Width::Money => table.set(*column, row, if far { n * 1_000_000_007 - 4_000 } else { n * 100 - 200 }),
                Width::Key => table.set(*column, row, n * 7_919 + 1),
                Width::Number => table.set(*column, row, n),
            }
        }
    }
    table
}

fn column(draw: &mut Draw, grain: Grain) -> Column {
    let grain = if draw.one_in(60) { draw.pick(&Grain::ALL) } else { grain };
    draw.pick(grain.columns())
}

fn of_width(draw: &mut Draw, grain: Grain, widths: &[Width]) -> Column {
    for _ in 0..200 {
        let c = column(draw, grain);
        if widths.contains(&c.width) {
            return c;
        }
    }
    column(draw, grain)
}

fn value(draw: &mut Draw, table: &Table, c: Column) -> i64 {
    if table.rows == 0 || c.grain != table.grain {
        return 5;
    }
    let row = draw.below(table.rows as u64) as usize;
    table.number(c, row).unwrap_or(0).saturating_add(draw.below(3) as i64 - 1)
}

pub fn test(draw: &mut Draw, table: &Table, depth: u32) -> Test {
    let grain = table.grain;
    match draw.below(if depth == 0 { 6 } else { 8 }) {
        0 => Test::Has(column(draw, grain)),
        1 => Test::Missing(column(draw, grain)),
        2 => {
            let c = column(draw, grain);
            let (a, b) = (value(draw, table, c), value(draw, table, c));
            match draw.below(6) {
                0 => Test::Between(c, a.max(b), a.min(b)),
                1 => Test::Between(c, i64::MIN, a),
                2 => Test::Between(c, a, i64::MAX),
                _ => Test::Between(c, a.min(b), a.max(b)),
            }
        }
        3 => {
            let c = of_width(draw, grain, &[Width::Small]);
            let value = value(draw, table, c) as u8;
            Test::Is(c, if draw.one_in(20) { 255 } else { value })
        }
        4 => {
            let c = if draw.one_in(10) { column(draw, grain) } else { of_width(draw, grain, &[Width::Code]) };
            let texts = (0..draw.below(5))
                .map(|_| if draw.one_in(4) { None } else { Some(format!("t{}", draw.below(45))) })
                .collect();
            Test::In(c, texts)
        }
        5 => {
            let a = column(draw, grain);
            let b = if draw.one_in(4) { column(draw, grain) } else { of_width(draw, grain, &[a.width]) };
            Test::Before(a, b)
        }
        6 => {
            let a = column(draw, grain);
            let b = of_width(draw, grain, &[a.width]);
            let (lo, hi) = (draw.below(9) as i64 - 4, draw.below(200_000) as i64);
            Test::Elapsed(a, b, lo, hi)
        }
        7 => Test::Any((0..draw.below(4)).map(|_| test(draw, table, depth - 1)).collect()),
        _ => Test::Not(Box::new(test(draw, table, depth - 1))),
    }
}

fn tests(draw: &mut Draw, table: &Table, most: u64) -> Vec<Test> {
    (0..draw.below(most + 1)).map(|_| test(draw, table, 2)).collect()
}

fn race(draw: &mut Draw, table: &Table) -> (Column, Vec<Column>, i64) {
    let from = of_width(draw, table.grain, &[Width::Minutes, Width::Days]);
    let events = (0..draw.below(4)).map(|_| of_width(draw, table.grain, &[Width::Minutes, Width::Days])).collect();
    let at = value(draw, table, from);
    (from, events, if from.width == Width::Days { at * 1_440 } else { at } + draw.below(2_000_000) as i64)
}

pub fn dim(draw: &mut Draw, table: &Table) -> Dim {
    let grain = table.grain;
    match draw.below(10) {
        9 => {
            let (from, events, as_of) = race(draw, table);
            let mut at = value(draw, table, from) * if from.width == Width::Days { 1_440 } else { 1 };
            let spans = Spans::new((0..draw.below(40)).map(|_| {
                at += draw.below(3_000) as i64;
                let span = (at, at + draw.below(1_500) as i64);
                at = span.1;
                span
            }));
            let edges = (0..draw.below(4)).map(|_| draw.below(9_000) as i64).collect();
            // in half of them some rows go apart, from one calendar to another and standing still
            let of = (0..if draw.one_in(2) { 0 } else { 12 }).map(|n| {
                let mut at = |by: u64| {
                    at += draw.below(by) as i64;
                    at
                };
                let legs = if n % 3 == 0 { vec![] } else { vec![(at(9), 0), (at(900), 1), (at(900), n % 2)] };
                (u64::from(n) * 7_919 + 1, Course { legs, stills: vec![(at(5), at(90)), (at(400), at(90))] })
            });
            let apart = Apart::new(vec![spans.clone(), Spans::new([(0, i64::from(i32::MAX))])], of.collect());
            Dim::Worked { from, events, as_of, spans, apart, edges }
        }
        7 => Dim::Every(column(draw, grain), 1 + draw.below(2_000) as i64),
        8 => {
            let a = column(draw, grain);
            let edges = (0..draw.below(5)).map(|_| draw.below(100_000) as i64 - 1_000).collect();
            Dim::Elapsed(a, of_width(draw, grain, &[a.width]), edges)
        }
        0 | 1 => Dim::Code(if draw.one_in(20) { column(draw, grain) } else { of_width(draw, grain, &[Width::Code]) }),
        2 => {
            let unit = draw.pick(&[PeriodUnit::Week, PeriodUnit::Month, PeriodUnit::Quarter, PeriodUnit::Year]);
            let fiscal = FiscalYear::starting_in(1 + draw.below(12) as u8).unwrap_or_default();
            Dim::Period(of_width(draw, grain, &[Width::Minutes, Width::Days]), unit, fiscal)
        }
        3 => Dim::Value(column(draw, grain)),
        4 => {
            let c = column(draw, grain);
            Dim::Bins(c, (0..draw.below(5)).map(|_| value(draw, table, c)).collect())
        }
        5 => {
            let (from, events, as_of) = race(draw, table);
            Dim::Outcome { from, events, as_of }
        }
        _ => {
            let (from, events, as_of) = race(draw, table);
            Dim::Age {
                from,
                events,
                as_of,
                bin: draw.pick(&[0, 1, 1_440, 10_080, 1 << 40]),
                bins: draw.pick(&[0, 1, 12, 500]),
            }
        }
    }
}

pub fn measure(draw: &mut Draw, table: &Table) -> Measure {
    let c = column(draw, table.grain);
    // sums of squares of plain numbers: of keys they exceed what a real number holds to twelve digits times anything
    match draw.below(8) {
        0 => Measure::Count,
        1 => Measure::CountIf(tests(draw, table, 3)),
        2 => Measure::Sum(c),
        3 => Measure::SumIf(c, tests(draw, table, 2)),
        4 => Measure::SumLog(c, tests(draw, table, 2)),
        5 => Measure::SumLogSquared(c, tests(draw, table, 2)),
        6 => Measure::SumSquared(c, tests(draw, table, 2)),
        _ => Measure::Distinct(c),
    }
}

pub fn spec(draw: &mut Draw, table: &Table) -> Spec {
    Spec {
        name: "random",
        grain: table.grain,
        filter: tests(draw, table, 2),
        dims: (0..draw.below(4)).map(|_| dim(draw, table)).collect(),
        measures: (0..draw.below(8)).map(|_| measure(draw, table)).collect(),
    }
}

pub fn extract(draw: &mut Draw, table: &Table) -> Extract {
    Extract {
        grain: table.grain,
        filter: tests(draw, table, 2),
        skip: draw.pick(&[0, 0, 1, 7, 300]),
        limit: draw.pick(&[0, 1, 5, 100, 1_000_000, usize::MAX]),
        columns: (draw.below(2) == 0)
            .then(|| table.grain.columns().iter().copied().filter(|_| draw.below(3) == 0).collect()),
    }
}

/// The same rows in another order.
pub fn shuffled(draw: &mut Draw, table: &Table) -> Table {
    let mut order: Vec<usize> = (0..table.rows).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, draw.below(i as u64 + 1) as usize);
    }
    rows(table, &order)
}

/// Some rows of a table.
pub fn rows(table: &Table, order: &[usize]) -> Table {
    fn take<T: Copy>(v: &[T], order: &[usize]) -> Vec<T> {
        order.iter().map(|r| v[*r]).collect()
    }
    let columns = table
        .columns
        .iter()
        .map(|data| match data {
            Data::Code(v, d) => Data::Code(take(v, order), d.clone()),
            Data::Small(v) => Data::Small(take(v, order)),
            Data::I32(v) => Data::I32(take(v, order)),
            Data::I64(v) => Data::I64(take(v, order)),
            Data::Key(v) => Data::Key(take(v, order)),
            Data::U32(v) => Data::U32(take(v, order)),
        })
        .collect();
    Table { grain: table.grain, rows: order.len(), columns }
}
