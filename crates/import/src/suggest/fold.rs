//! Labels in one spelling, so that `Währungscode`, `waehrungscode` and `WAHRUNGSCODE` meet.
//!
//! Invariant: only ASCII lower-case letters, digits and single spaces come out.

/// The words of a label: split at case changes and punctuation, lower case, without accents, joined by one space.
pub(super) fn words(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    let mut before = ' ';
    let chars: Vec<char> = label.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        let next_is_lower = chars.get(i + 1).is_some_and(|n| n.is_lowercase());
        let starts_word = c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower));
        if starts_word && !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
        match c {
            '%' => push_word(&mut out, "percent"),
            '#' => push_word(&mut out, "number"),
            _ if c.is_alphanumeric() => plain(c, &mut out),
            _ if !out.ends_with(' ') && !out.is_empty() => out.push(' '),
            _ => {}
        }
        before = c;
    }
    out.truncate(out.trim_end().len());
    out
}

fn push_word(out: &mut String, word: &str) {
    if !out.ends_with(' ') && !out.is_empty() {
        out.push(' ');
    }
    out.push_str(word);
    out.push(' ');
}

fn plain(c: char, out: &mut String) {
    for c in c.to_lowercase() {
        let text = match c {
            'a'..='z' | '0'..='9' => {
                out.push(c);
                continue;
            }
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => "a",
            'ç' | 'ć' | 'č' => "c",
            'è' | 'é' | 'ê' | 'ë' | 'ę' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ñ' | 'ń' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
            'ù' | 'ú' | 'û' | 'ü' => "u",
            'ý' | 'ÿ' => "y",
            'š' | 'ś' => "s",
            'ž' | 'ź' | 'ż' => "z",
            'ł' => "l",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            _ => "",
        };
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_meet_whatever_their_case_accents_and_separators() {
        for label in ["CloseDate", "close_date", "Close Date", "CLOSE-DATE", "closeDate"] {
            assert_eq!(words(label), "close date", "{label}");
        }
        assert_eq!(words("Währungscode"), "wahrungscode");
        assert_eq!(words("Discount %"), "discount percent");
        assert_eq!(words("Größe"), "grosse");
        assert_eq!(words("ROI2024Value"), "roi2024value");
        assert_eq!(words("CRMLeadID"), "crm lead id");
        assert_eq!(words("客户"), "");
    }
}
