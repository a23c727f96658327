//! Yes and no, as files write them.

/// Reads a flag: `1`, `true`, `yes`, `y`, `t`, `on`, `x` and their opposites in any case, also in German, French,
/// Spanish, Portuguese and Dutch. `None` for anything else.
pub fn parse_flag(text: &str) -> Option<bool> {
    let text = text.trim();
    if let [byte] = text.as_bytes() {
        return match byte.to_ascii_lowercase() {
            b'1' | b't' | b'y' | b'j' | b'x' | b's' => Some(true),
            b'0' | b'f' | b'n' => Some(false),
            _ => None,
        };
    }
    const YES: [&str; 11] = ["true", "yes", "on", "ja", "wahr", "oui", "vrai", "si", "sí", "sim", "1.0"];
    const NO: [&str; 11] = ["false", "no", "off", "nein", "falsch", "non", "faux", "nee", "não", "nao", "0.0"];
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    match text {
        _ if YES.iter().any(|word| is(word)) => Some(true),
        _ if NO.iter().any(|word| is(word)) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_usual_words_and_nothing_else() {
        for yes in ["1", "true", "TRUE", "Yes", " y ", "ja", "1.0"] {
            assert_eq!(parse_flag(yes), Some(true), "{yes}");
        }
        for no in ["0", "false", "FALSE", "No", "n", "nein"] {
            assert_eq!(parse_flag(no), Some(false), "{no}");
        }
        for other in ["", "2", "maybe", "truee", "-"] {
            assert_eq!(parse_flag(other), None, "{other}");
        }
    }
}
