//! How far a filter's rate stands out: the signed root of a Bernoulli likelihood ratio.
//!
//! Not here: p-values.
//!
//! Invariant: grows with `k` for fixed `n`.

/// `sign * sqrt(2 [l(k, n) + l(K - k, N - n) - l(K, N)])`, where `l` is the Bernoulli log-likelihood at its maximum:
/// `k` of `n` inside, `K` of `N` in all. 0 where inside or outside is empty; counts that contradict each other
/// (`k` above `n`, ...) are taken at the nearest possible.
pub fn strength(k: u64, n: u64, all_k: u64, all_n: u64) -> f64 {
    let n = n.min(all_n);
    let all_k = all_k.min(all_n);
    let k = k.min(n).min(all_k).max((all_k + n).saturating_sub(all_n));
    if n == 0 || n == all_n {
        return 0.0;
    }
    let ratio = two_sided(k as f64, n as f64) + two_sided((all_k - k) as f64, (all_n - n) as f64)
        - two_sided(all_k as f64, all_n as f64);
    let root = (2.0 * ratio.max(0.0)).sqrt();
    // k / n against K / N without rounding.
    if u128::from(k) * u128::from(all_n) < u128::from(all_k) * u128::from(n) { -root } else { root }
}

fn two_sided(k: f64, n: f64) -> f64 {
    let part = |x: f64| if x > 0.0 { x * (x / n).ln() } else { 0.0 };
    part(k) + part(n - k)
}

/// Smallest `k` of `n` as strong as `bar`; `None` when no possible `k` is.
pub(super) fn least(bar: f64, n: u64, all_k: u64, all_n: u64) -> Option<u64> {
    let (mut lo, mut hi) = ((all_k + n).saturating_sub(all_n), n.min(all_k));
    if strength(hi, n, all_k, all_n) < bar {
        return None;
    }
    while lo < hi {
        let middle = lo + (hi - lo) / 2;
        if strength(middle, n, all_k, all_n) >= bar {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    Some(lo)
}
