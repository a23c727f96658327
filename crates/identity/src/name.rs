//! When two company names are the same name.

/// Trimmed, lower case, each run of white space one space. Nothing else: the legal form stays, exact means exact.
pub fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    normalise_into(name, &mut out);
    out
}

/// The same into a buffer that is kept.
pub fn normalise_into(name: &str, out: &mut String) {
    out.clear();
    for word in name.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            out.extend(word.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        } else {
            out.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_spaces_do_not_matter_and_everything_else_does() {
        assert_eq!(normalised("  Acme \t  GmbH "), "acme gmbh");
        assert_eq!(normalised("ÄRZTE  Ag"), "ärzte ag");
        assert_ne!(normalised("Acme"), normalised("Acme Inc"));
        assert_ne!(normalised("GTX Pro"), normalised("GTXPro"));
        assert_eq!(normalised(" \u{a0} "), "");
    }
}
