//! Words that were nearly written: the nearest of what is known.
//!
//! Not here: what is known. Invariant: same words, same order.

/// Names told where one is not known.
const NEAREST: usize = 3;

/// How many characters must be put in, left out or changed to make one of the other.
pub fn distance(a: &str, b: &str) -> usize {
    let other: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (y, above) in other.iter().zip(row.iter_mut().skip(1)) {
            let here = (corner + usize::from(x != *y)).min(left + 1).min(*above + 1);
            corner = *above;
            (*above, left) = (here, here);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The nearest of some names, case aside, at most three; ties by the alphabet.
pub fn nearest<'a>(to: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let to = to.to_lowercase();
    let mut all: Vec<(usize, &str)> = known.into_iter().map(|k| (distance(&to, &k.to_lowercase()), k)).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().take(NEAREST).map(|(_, k)| k).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (a, b, far) in [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2)]
        {
            assert_eq!((distance(a, b), distance(b, a)), (far, far), "{a} {b}");
        }
        assert_eq!(distance("saturday", "sunday"), 3);
    }

    #[test]
    fn the_nearest_come_first() {
        assert_eq!(nearest("webinr", ["Web", "Outbound", "Webinar", "Trade Show"]), ["Webinar", "Web", "Outbound"]);
    }
}
