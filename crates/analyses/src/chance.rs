//! Probabilities in fixed words. Not here: the probabilities.

/// The words, explained once for the reader.
pub const EXPLAINED: &str = "Almost certainly: 95% or more. Probably: 75 to 95%. More likely than not: 55 to 75%. \
About even: 45 to 55%. Under 45% the opposite direction is named with the same words.";

/// The words for a probability, 0 to 1.
pub fn probability_words(p: f64) -> &'static str {
    match p {
        p if p >= 0.95 => "almost certainly",
        p if p >= 0.75 => "probably",
        p if p >= 0.55 => "more likely than not",
        p if p > 0.45 => "about even whether",
        p if p > 0.25 => "more likely not",
        p if p > 0.05 => "probably not",
        _ => "almost certainly not",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mirror_around_even() {
        assert_eq!(probability_words(0.95), "almost certainly");
        assert_eq!(probability_words(0.05), "almost certainly not");
        assert_eq!(probability_words(0.8), "probably");
        assert_eq!(probability_words(0.2), "probably not");
        assert_eq!(probability_words(0.6), "more likely than not");
        assert_eq!(probability_words(0.5), "about even whether");
        assert_eq!(probability_words(0.3), "more likely not");
    }
}
