//! What the specs of a question share: each distinct test, set of tests, axis, race and grouping once.

use hashbrown::HashMap;
use tallies::{Column, Grain, Measure, Spec, Test};

use super::axis::{Axis, Race};
use super::cells::Cells;
use super::test::Node;
use crate::Error;
use crate::store::Mapped;

/// Cells are an array up to this many, a hash table beyond.
const DENSE: u128 = 1_000_000;

/// One question over one grain, made ready.
pub(super) struct Plan {
    pub grain: Grain,
    /// Each test after its parts.
    pub tests: Vec<Node>,
    /// Sets of tests that must all hold; the first is empty: every row that counts.
    pub sets: Vec<Vec<usize>>,
    pub axes: Vec<Axis>,
    pub races: Vec<Race>,
    pub groupings: Vec<Grouping>,
    pub specs: Vec<SpecPlan>,
    /// For each column, how many texts its dictionary has.
    pub dictionary_sizes: Vec<usize>,
    test_places: HashMap<Test, usize>,
    set_places: HashMap<Vec<usize>, usize>,
}

/// Axes together: a cell's number is the sum of code × stride.
#[derive(Debug)]
pub(super) struct Grouping {
    pub axes: Vec<usize>,
    pub strides: Vec<u128>,
    pub cells: u128,
    pub dense: bool,
}

/// One spec made ready.
pub(super) struct SpecPlan {
    pub grouping: usize,
    pub filter: usize,
    /// Sets whose rows are counted; the first is the filter.
    pub counts: Vec<usize>,
    pub sums: Vec<(usize, usize)>,
    pub logs: Vec<(usize, usize)>,
    pub log_squares: Vec<(usize, usize)>,
    pub squares: Vec<(usize, usize)>,
    pub distinct: Vec<(usize, usize)>,
    /// For each measure, where its numbers are.
    pub outputs: Vec<Output>,
}

/// Where a measure's numbers are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Output {
    Count(usize),
    Sum(usize),
    Log(usize),
    LogSquare(usize),
    Square(usize),
    Distinct(usize),
    /// A whole number that is 0 everywhere: the column belongs to another grain.
    Zero,
    /// The same as a real number.
    ZeroReal,
}

impl Plan {
    /// Makes the specs ready; all are of this grain.
    pub fn of(facts: &Mapped, grain: Grain, specs: &[&Spec]) -> Result<Plan, Error> {
        let mut plan = Plan::empty(grain);
        plan.dictionary_sizes =
            grain.columns().iter().map(|c| facts.dictionary(*c).map_or(0, |d| d.texts.len())).collect();
        let rows = facts.segments(grain).iter().map(|s| s.rows as u128).sum::<u128>();
        let mut axis_places = HashMap::new();
        let mut grouping_places: HashMap<Vec<usize>, usize> = HashMap::new();
        for spec in specs {
            let mut axes = Vec::new();
            for dim in &spec.dims {
                let place = match axis_places.get(dim) {
                    Some(place) => *place,
                    None => {
                        let races = &mut plan.races;
                        let axis = Axis::of(facts, grain, dim, |race| {
                            races.iter().position(|r| *r == race).unwrap_or_else(|| {
                                races.push(race);
                                races.len() - 1
                            })
                        });
                        plan.axes.push(axis);
                        axis_places.insert(dim.clone(), plan.axes.len() - 1);
                        plan.axes.len() - 1
                    }
                };
                axes.push(place);
            }
            let grouping = match grouping_places.get(&axes) {
                Some(place) => *place,
                None => {
                    plan.groupings.push(Grouping::of(&axes, &plan.axes, rows)?);
                    grouping_places.insert(axes, plan.groupings.len() - 1);
                    plan.groupings.len() - 1
                }
            };
            let spec = plan.spec(facts, spec, grouping);
            plan.specs.push(spec);
        }
        Ok(plan)
    }

    /// A plan without specs.
    pub fn empty(grain: Grain) -> Plan {
        Plan {
            grain,
            tests: Vec::new(),
            sets: vec![Vec::new()],
            axes: Vec::new(),
            races: Vec::new(),
            groupings: Vec::new(),
            specs: Vec::new(),
            dictionary_sizes: Vec::new(),
            test_places: HashMap::new(),
            set_places: HashMap::from([(Vec::new(), 0)]),
        }
    }

    /// Empty cells for each spec.
    pub fn cells(&self) -> Vec<Cells> {
        self.specs.iter().map(|s| Cells::new(self, s)).collect()
    }

    fn spec(&mut self, facts: &Mapped, spec: &Spec, grouping: usize) -> SpecPlan {
        let filter = self.set(facts, &[&spec.filter]);
        let mut made = SpecPlan {
            grouping,
            filter,
            counts: vec![filter],
            sums: Vec::new(),
            logs: Vec::new(),
            log_squares: Vec::new(),
            squares: Vec::new(),
            distinct: Vec::new(),
            outputs: Vec::new(),
        };
        let place = |c: &Column| (c.grain == spec.grain && c.index < spec.grain.columns().len()).then_some(c.index);
        for measure in &spec.measures {
            let set = match measure {
                Measure::CountIf(tests)
                | Measure::SumIf(_, tests)
                | Measure::SumLog(_, tests)
                | Measure::SumLogSquared(_, tests)
                | Measure::SumSquared(_, tests) => self.set(facts, &[&spec.filter, tests]),
                Measure::Count | Measure::Sum(_) | Measure::Distinct(_) => filter,
            };
            let output = match measure {
                Measure::Count => Output::Count(0),
                Measure::CountIf(_) => Output::Count(once(&mut made.counts, set)),
                Measure::Sum(c) | Measure::SumIf(c, _) => {
                    place(c).map_or(Output::Zero, |c| Output::Sum(once(&mut made.sums, (c, set))))
                }
                Measure::SumLog(c, _) => {
                    place(c).map_or(Output::ZeroReal, |c| Output::Log(once(&mut made.logs, (c, set))))
                }
                Measure::SumLogSquared(c, _) => {
                    place(c).map_or(Output::ZeroReal, |c| Output::LogSquare(once(&mut made.log_squares, (c, set))))
                }
                Measure::SumSquared(c, _) => {
                    place(c).map_or(Output::ZeroReal, |c| Output::Square(once(&mut made.squares, (c, set))))
                }
                Measure::Distinct(c) => {
                    place(c).map_or(Output::Zero, |c| Output::Distinct(once(&mut made.distinct, (c, set))))
                }
            };
            made.outputs.push(output);
        }
        made
    }

    /// The place of the set of all these tests.
    pub fn set(&mut self, facts: &Mapped, tests: &[&[Test]]) -> usize {
        let mut places: Vec<usize> = tests.iter().flat_map(|t| t.iter()).map(|t| self.test(facts, t)).collect();
        places.sort_unstable();
        places.dedup();
        if let Some(place) = self.set_places.get(&places) {
            return *place;
        }
        self.sets.push(places.clone());
        self.set_places.insert(places, self.sets.len() - 1);
        self.sets.len() - 1
    }

    fn test(&mut self, facts: &Mapped, test: &Test) -> usize {
        if let Some(place) = self.test_places.get(test) {
            return *place;
        }
        let node = match test {
            Test::Any(parts) => Node::Any(parts.iter().map(|p| self.test(facts, p)).collect()),
            Test::Not(part) => Node::Not(self.test(facts, part)),
            leaf => Node::leaf(self.grain, leaf, |c| facts.dictionary(c)).unwrap_or(Node::Never),
        };
        self.tests.push(node);
        self.test_places.insert(test.clone(), self.tests.len() - 1);
        self.tests.len() - 1
    }
}

impl Grouping {
    fn of(places: &[usize], axes: &[Axis], rows: u128) -> Result<Grouping, Error> {
        let mut strides = vec![0u128; places.len()];
        let mut cells = 1u128;
        for (stride, place) in strides.iter_mut().zip(places).rev() {
            *stride = cells;
            cells = cells
                .checked_mul(u128::from(axes[*place].size))
                .ok_or(Error::too_many("cells of one tally", u64::MAX))?;
        }
        let dense = cells <= DENSE.min(4_096.max(rows.saturating_mul(4)));
        Ok(Grouping { axes: places.to_vec(), strides, cells, dense })
    }
}

fn once<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|x| *x == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}
