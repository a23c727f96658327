//! p-values of several questions asked together.
//!
//! Here: Holm's step-down adjustment: the chance of even one false alarm among all of them stays below the level,
//! however the questions hang together.
//!
//! Not here: false-discovery rates, and the p-values themselves.
//!
//! Invariant: adjusted values are in [0, 1], not below the raw ones, and in the same order of size.
//!
//! Source: Holm, Scandinavian Journal of Statistics 6 (1979).

use crate::error::{Error, Result, all_finite};

/// Holm's adjusted p-values, in the order given; none of none.
///
/// # Errors
/// Not finite, out of range (outside [0, 1]).
pub fn holm(p: &[f64]) -> Result<Vec<f64>> {
    all_finite(p, "p")?;
    if p.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return Err(Error::out_of_range("p", "0 to 1"));
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut highest = 0.0f64;
    for (rank, i) in order.into_iter().enumerate() {
        highest = highest.max(((p.len() - rank) as f64 * p[i]).min(1.0));
        adjusted[i] = highest;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// statsmodels 0.15.0 `multipletests(method="holm")`; the first also R 4.2.2 `p.adjust(, "holm")`.
    #[test]
    fn agrees_with_statsmodels_and_r() {
        for (p, truth) in [
            (
                vec![0.01, 0.04, 0.03, 0.005, 0.2, 0.04, 1.0, 0.0, 0.049],
                vec![0.07, 0.2, 0.18, 0.04, 0.4, 0.2, 1.0, 0.0, 0.2],
            ),
            (vec![0.5, 0.02, 0.6], vec![1.0, 0.06, 1.0]),
        ] {
            let got = holm(&p).unwrap();
            assert!(got.iter().zip(&truth).all(|(a, b)| (a - b).abs() < 1e-12), "{got:?}");
        }
    }

    #[test]
    fn has_nothing_to_say_of_nothing_and_no_answer_for_impossible_values() {
        assert_eq!(holm(&[]).unwrap(), Vec::<f64>::new());
        assert_eq!(holm(&[0.03]).unwrap(), [0.03]);
        assert_eq!(holm(&[1.1]).unwrap_err().code(), "stats.out_of_range");
        assert_eq!(holm(&[f64::NAN]).unwrap_err().code(), "stats.not_finite");
    }
}
