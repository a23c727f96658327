//! The fast scan beside the plain one.

use facts::{Made, Mapped, Overlay};
use lockstep_facts as facts;
use proptest::prelude::*;
use tallies::{Facts, Grain, Measured, Tally, plain};

use crate::random::{self, Draw};

fn same(fast: &Tally, plain: &Tally, spec: &tallies::Spec) {
    assert_eq!(fast.axes, plain.axes, "{spec:?}");
    assert_eq!((fast.cells, &fast.at), (plain.cells, &plain.at), "{spec:?}");
    assert_eq!(fast.measured.len(), plain.measured.len());
    for (i, (a, b)) in fast.measured.iter().zip(&plain.measured).enumerate() {
        match (a, b) {
            (Measured::Int(a), Measured::Int(b)) => assert_eq!(a, b, "{:?} {spec:?}", spec.measures[i]),
            (Measured::Real(a), Measured::Real(b)) => {
                assert_eq!(a.len(), b.len());
                for (a, b) in a.iter().zip(b) {
                    assert!((a - b).abs() <= 1e-12 * b.abs(), "{a} {b} {:?} {spec:?}", spec.measures[i]);
                }
            }
            _ => panic!("a measure has another type: {:?}", spec.measures[i]),
        }
    }
}

fn written(tables: &[tallies::Table]) -> (tempfile::TempDir, Mapped) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("facts");
    facts::write(&folder, &Made::default(), tables, &[]).unwrap();
    let mapped = Mapped::open(&folder).unwrap();
    (home, mapped)
}

fn rows(draw: &mut Draw) -> usize {
    draw.pick(&[0, 1, 2, 30, 300, 5_000])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_tallies_equal_the_plain_ones(seed: u64) {
        let mut draw = Draw(seed);
        let tables: Vec<_> = Grain::ALL.iter().map(|g| { let n = rows(&mut draw); random::table(&mut draw, *g, n) }).collect();
        let specs: Vec<_> = (0..12).map(|i| random::spec(&mut draw, &tables[i % 4])).collect();
        let (_home, mapped) = written(&tables);
        let fast = mapped.answer(&specs).unwrap();
        for (spec, fast) in specs.iter().zip(&fast) {
            let table = tables.iter().find(|t| t.grain == spec.grain).unwrap();
            same(fast, &plain::answer(table, spec), spec);
        }
    }

    #[test]
    fn random_extracts_equal_the_plain_ones(seed: u64) {
        let mut draw = Draw(seed);
        let n = rows(&mut draw);
        let grain = draw.pick(&Grain::ALL);
        let table = random::table(&mut draw, grain, n);
        let (_home, mapped) = written(std::slice::from_ref(&table));
        for _ in 0..6 {
            let ask = random::extract(&mut draw, &table);
            assert_eq!(mapped.extract(&ask).unwrap(), plain::extract(&table, &ask));
        }
    }

    #[test]
    fn rows_replaced_by_an_overlay_count_no_more_and_its_rows_do(seed: u64) {
        let mut draw = Draw(seed);
        let (n, more) = (rows(&mut draw), rows(&mut draw));
        // the overlay's dictionary begins with the base's texts: one table of both, cut in two
        let both = random::table(&mut draw, Grain::LeadCycle, n + more);
        let base = random::rows(&both, &(0..n).collect::<Vec<_>>());
        let (home, first) = written(std::slice::from_ref(&base));
        let replaced: Vec<u32> = (0..n as u32).filter(|_| draw.one_in(3)).collect();
        let stays: Vec<usize> = (0..n + more).filter(|r| *r >= n || !replaced.contains(&(*r as u32))).collect();
        let overlay = Overlay { table: random::rows(&both, &(n..n + more).collect::<Vec<_>>()), replaced };
        let folder = home.path().join("next");
        facts::write_overlay(&folder, &Made::default(), &first, &[(Grain::LeadCycle, facts::Layer::Over(overlay))], &[]).unwrap();
        let mapped = Mapped::open(&folder).unwrap();
        let expected = random::rows(&both, &stays);
        assert_eq!(mapped.rows(Grain::LeadCycle), expected.rows as u64);
        let specs: Vec<_> = (0..4).map(|_| random::spec(&mut draw, &expected)).collect();
        for (spec, fast) in specs.iter().zip(&mapped.answer(&specs).unwrap()) {
            same(fast, &plain::answer(&expected, spec), spec);
        }
        let ask = random::extract(&mut draw, &expected);
        assert_eq!(mapped.extract(&ask).unwrap(), plain::extract(&expected, &ask));
    }
}

proptest! {
    // tables of more than one chunk are large: few of them
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_and_the_number_of_threads_change_no_bit(seed: u64) {
        let mut draw = Draw(seed);
        let table = random::table(&mut draw, Grain::Opportunity, 70_000);
        let specs: Vec<_> = (0..3).map(|_| random::spec(&mut draw, &table)).collect();
        let (_a, mapped) = written(std::slice::from_ref(&table));
        let (_b, other) = written(&[random::shuffled(&mut draw, &table)]);
        let answers = |facts: &Mapped, threads| {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| facts.answer(&specs).unwrap())
        };
        let one = answers(&mapped, 1);
        let bits = |tallies: &[Tally]| -> Vec<u64> {
            tallies.iter().flat_map(|t| &t.measured).flat_map(|m| match m {
                Measured::Int(v) => v.iter().map(|n| *n as u64).collect::<Vec<_>>(),
                Measured::Real(v) => v.iter().map(|x| x.to_bits()).collect(),
            }).collect()
        };
        for answer in [answers(&mapped, 4), answers(&other, 3)] {
            assert_eq!(one, answer);
            assert_eq!(bits(&one), bits(&answer));
        }
    }
}
