//! Crossed effects on public data sets beside lme4's figures. Skipped, and said so, where either is absent: the data
//! and figures by name of real people stay outside the project.

#![allow(clippy::disallowed_methods, reason = "these tests read reference files")]
#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use lockstep_stats::crossed::{Cells, Factor, Fit, Model};
use serde_json::Value;

fn read(variable: &str, folder: &str, path: &str) -> Option<String> {
    let root = std::env::var_os(variable)
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder), PathBuf::from);
    let text = std::fs::read_to_string(root.join(path)).ok();
    if text.is_none() {
        println!("skipped: no reference data at {path} ({variable})");
    }
    text
}

/// Whether each row was a success, and the names of its levels, one column per factor.
struct Rows {
    hits: Vec<bool>,
    names: Vec<Vec<String>>,
}

impl Rows {
    /// Level names in ascending order per factor, and the model on cells of equal levels with an intercept.
    fn model(&self) -> (Vec<Vec<String>>, Model) {
        let levels: Vec<Vec<String>> = self
            .names
            .iter()
            .map(|column| column.iter().cloned().collect::<BTreeSet<String>>().into_iter().collect())
            .collect();
        let mut cells: BTreeMap<Vec<u32>, (f64, f64)> = BTreeMap::new();
        for (i, hit) in self.hits.iter().enumerate() {
            let key = self.names.iter().zip(&levels).map(|(column, l)| l.binary_search(&column[i]).unwrap() as u32);
            let cell = cells.entry(key.collect()).or_default();
            cell.0 += 1.0;
            cell.1 += f64::from(u8::from(*hit));
        }
        let n: Vec<f64> = cells.values().map(|c| c.0).collect();
        let y: Vec<f64> = cells.values().map(|c| c.1).collect();
        let index: Vec<Vec<u32>> = (0..levels.len()).map(|k| cells.keys().map(|key| key[k]).collect()).collect();
        let factors: Vec<Factor> =
            index.iter().zip(&levels).map(|(i, l)| Factor { levels: i, size: l.len() }).collect();
        let x = vec![1.0; n.len()];
        let model = Model::new(&Cells { n: &n, y: &y, x: &x, columns: 1, factors: &factors }).unwrap();
        (levels, model)
    }
}

fn near(got: f64, expected: &Value, tolerance: f64) {
    let expected = expected.as_f64().unwrap();
    assert!((got - expected).abs() < tolerance, "{got} against {expected}");
}

/// The constant is that of single trials in the figures.
fn log_likelihood(fit: &Fit) -> f64 {
    fit.log_likelihood_of_trials
}

#[test]
fn agrees_with_lme4_on_6711_closed_deals_where_the_people_do_not_differ() {
    let (Some(text), Some(figures)) = (
        read("LOCKSTEP_DATA", "data", "maven-crm-opportunities/sales_pipeline.csv"),
        read("LOCKSTEP_FIXTURES", "fixtures", "glmm_real_data.json"),
    ) else {
        return;
    };
    let f = &serde_json::from_str::<Value>(&figures).unwrap()["maven_crm"];
    let lines: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split(',').collect()).collect();
    let closed: Vec<&Vec<&str>> = lines.iter().filter(|l| l[4] == "Won" || l[4] == "Lost").collect();
    let column = |get: &dyn Fn(&[&str]) -> String| closed.iter().map(|l| get(l)).collect::<Vec<String>>();
    let (agent, month) = (column(&|l| l[1].into()), column(&|l| l[6][..7].into()));
    let product = column(&|l| if l[2] == "GTXPro" { "GTX Pro".into() } else { l[2].into() });
    let hits: Vec<bool> = closed.iter().map(|l| l[4] == "Won").collect();
    assert_eq!(hits.len() as u64, f["n"].as_u64().unwrap());

    let (levels, model) = Rows { hits: hits.clone(), names: vec![agent.clone(), month.clone()] }.model();
    let fit = model.fit().unwrap();
    near(log_likelihood(&fit), &f["loglik"], 1e-6);
    near(fit.beta[0], &f["beta0"], 1e-4);
    near(fit.se[0], &f["se"], 1e-4);
    near(fit.sigma[0], &f["sd_agent"], 1e-4);
    near(fit.sigma[1], &f["sd_month"], 1e-4);
    for (i, name) in levels[0].iter().enumerate() {
        near(fit.effects[0][i], &f["agent_effect"][name], 1e-3);
        near(fit.effect_sd[0][i], &f["agent_effect_sd"][name], 1e-3);
    }
    let test = model.test_spread(&fit, 0).unwrap();
    let constant = fit.log_likelihood - fit.log_likelihood_of_trials;
    near(test.log_likelihood_without - constant, &f["loglik_without_agent"], 1e-6);
    near(test.statistic, &f["lrt"], 2e-6);
    near(test.p, &f["lrt_p_half_chi2"], 1e-4);

    let (_, model) = Rows { hits, names: vec![agent, product, month] }.model();
    let fit = model.fit().unwrap();
    let g = &f["glmer_3factor"];
    println!(
        "deals: {} evaluations, off by {:e}",
        fit.evaluations,
        log_likelihood(&fit) - g["loglik"].as_f64().unwrap()
    );
    near(log_likelihood(&fit), &g["loglik"], 1e-6);
    near(fit.beta[0], &g["intercept"], 1e-4);
    for (k, key) in ["sd_agent", "sd_product", "sd_close_month"].iter().enumerate() {
        near(fit.sigma[k], &g[*key], 1e-4);
    }
}

#[test]
fn agrees_with_lme4_on_8000_first_contacts_with_many_small_levels() {
    let folder = "olist-marketing-funnel";
    let (Some(text), Some(deals), Some(figures)) = (
        read("LOCKSTEP_DATA", "data", &format!("{folder}/olist_marketing_qualified_leads_dataset.csv")),
        read("LOCKSTEP_DATA", "data", &format!("{folder}/olist_closed_deals_dataset.csv")),
        read("LOCKSTEP_FIXTURES", "fixtures", "glmm_real_data.json"),
    ) else {
        return;
    };
    let f = &serde_json::from_str::<Value>(&figures).unwrap()["olist"];
    let won: BTreeSet<&str> = deals.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
    let lines: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split(',').collect()).collect();
    let column = |get: &dyn Fn(&[&str]) -> String| lines.iter().map(|l| get(l)).collect::<Vec<String>>();
    let rows = Rows {
        hits: lines.iter().map(|l| won.contains(l[0])).collect(),
        names: vec![
            column(&|l| if l[3].is_empty() { "missing".into() } else { l[3].into() }),
            column(&|l| l[2].into()),
            column(&|l| l[1][..7].into()),
        ],
    };
    let (levels, model) = rows.model();
    let fit = model.fit().unwrap();
    println!(
        "contacts: {} evaluations, off by {:e}",
        fit.evaluations,
        log_likelihood(&fit) - f["glmer"]["loglik"].as_f64().unwrap()
    );
    near(log_likelihood(&fit), &f["loglik"], 1e-6);
    near(log_likelihood(&fit), &f["glmer"]["loglik"], 1e-6);
    near(fit.beta[0], &f["beta0"], 1e-4);
    near(fit.se[0], &f["glmer"]["se"], 1e-4);
    for (k, key) in ["origin", "landing_page", "month"].iter().enumerate() {
        near(fit.sigma[k], &f["sd"][*key], 1e-4);
    }
    for (i, name) in levels[0].iter().enumerate() {
        near(fit.effects[0][i], &f["origin_effect"][name], 1e-3);
    }
}
