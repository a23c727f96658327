//! Cells to fit: the study's, and invented ones.
#![allow(dead_code)] // Each test file uses its part.
use lockstep_stats::crossed::{Cells, Factor, Model};
use rand::{RngExt, SeedableRng};
use rand_distr::{Binomial, Distribution, Normal};
use rand_pcg::Pcg64;
use serde_json::Value;

/// Cells that own their columns.
#[derive(Clone, Debug)]
pub struct Owned {
    pub n: Vec<f64>,
    pub y: Vec<f64>,
    pub x: Vec<f64>,
    pub columns: usize,
    pub levels: Vec<Vec<u32>>,
    pub sizes: Vec<usize>,
    /// Effects that the outcomes were drawn with.
    pub truth: Vec<Vec<f64>>,
}

impl Owned {
    pub fn factors(&self) -> Vec<Factor<'_>> {
        self.levels.iter().zip(&self.sizes).map(|(levels, size)| Factor { levels, size: *size }).collect()
    }

    pub fn cells<'a>(&'a self, factors: &'a [Factor<'a>]) -> Cells<'a> {
        Cells { n: &self.n, y: &self.y, x: &self.x, columns: self.columns, factors }
    }

    pub fn model(&self) -> Model {
        Model::new(&self.cells(&self.factors())).unwrap()
    }
}

pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// The study's cells with columns 1, x, fast and factors source, rep, month.
pub fn fixture() -> (Owned, Value) {
    let all: Value = serde_json::from_str(include_str!("../fixtures/glmm_cells.json")).unwrap();
    let cells: Vec<Vec<f64>> = all["cells"].as_array().unwrap().iter().map(numbers).collect();
    let column = |j: usize| cells.iter().map(|c| c[j]).collect::<Vec<f64>>();
    let level = |j: usize| cells.iter().map(|c| c[j] as u32).collect::<Vec<u32>>();
    let data = Owned {
        n: column(5),
        y: column(6),
        x: cells.iter().flat_map(|c| [1.0, c[3], c[4]]).collect(),
        columns: 3,
        levels: vec![level(0), level(1), level(2)],
        sizes: vec![6, 8, 4],
        truth: Vec::new(),
    };
    (data, all)
}

/// Cells of 1 to 3 trials, an intercept and one column, and normal effects of the given spreads.
pub fn simulated(seed: u64, cells: usize, sizes: &[usize], beta: &[f64], sigma: &[f64]) -> Owned {
    let mut world = Pcg64::seed_from_u64(seed);
    let normal = Normal::new(0.0, 1.0).unwrap();
    let truth: Vec<Vec<f64>> = sizes
        .iter()
        .zip(sigma)
        .map(|(size, sd)| (0..*size).map(|_| sd * normal.sample(&mut world)).collect())
        .collect();
    let mut out = Owned {
        n: Vec::new(),
        y: Vec::new(),
        x: Vec::new(),
        columns: 2,
        levels: vec![Vec::new(); sizes.len()],
        sizes: sizes.to_vec(),
        truth,
    };
    for _ in 0..cells {
        let x = f64::from(world.random_range(-2i32..=2));
        let mut eta = beta[0] + beta[1] * x;
        for (k, size) in sizes.iter().enumerate() {
            let level = world.random_range(0..*size);
            out.levels[k].push(level as u32);
            eta += out.truth[k][level];
        }
        let n = world.random_range(1u64..=3);
        let y = Binomial::new(n, 1.0 / (1.0 + (-eta).exp())).unwrap().sample(&mut world);
        out.n.push(n as f64);
        out.y.push(y as f64);
        out.x.extend([1.0, x]);
    }
    out
}
