//! Mails, phones and domains in one spelling, so that the same person and company are known again.
//!
//! Invariant: what does not look like one is treated as absent, never as a key.

/// A mail address in one spelling: trimmed, lower case, without `mailto:`, brackets and a name before them.
/// `None` where it does not look like one.
pub fn mail<'a>(text: &str, out: &'a mut String) -> Option<&'a str> {
    out.clear();
    let mut text = text.trim();
    if let (Some(open), true) = (text.rfind('<'), text.ends_with('>')) {
        text = &text[open + 1..text.len() - 1];
    } else if let (Some(open), true) = (text.rfind('('), text.ends_with(')')) {
        text = &text[open + 1..text.len() - 1];
    }
    let text = text.trim_matches(|c: char| c == '<' || c == '>' || c == '"' || c == '\'' || c.is_whitespace());
    let text = match text.get(..7) {
        Some(head) if head.eq_ignore_ascii_case("mailto:") => text[7..].split('?').next().unwrap_or(""),
        _ => text,
    };
    if text.is_ascii() { ascii_mail(text, out) } else { any_mail(text, out) }
}

fn any_mail<'a>(text: &str, out: &'a mut String) -> Option<&'a str> {
    let (local, domain) = text.split_once('@')?;
    let fine = !local.is_empty()
        && local.len() <= 64
        && text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || ",;:<>()[]\\\"".contains(c))
        && is_domain(domain);
    if !fine {
        return None;
    }
    out.extend(text.chars().flat_map(char::to_lowercase));
    Some(out)
}

/// The same for what is ASCII, as nearly every address is: byte by byte, in a third of the time.
fn ascii_mail<'a>(text: &str, out: &'a mut String) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|b| *b == b'@')?;
    let (local, domain) = (&bytes[..at], &bytes[at + 1..]);
    let forbidden = |b: &u8| {
        matches!(b, 0..=32 | 127 | b',' | b';' | b':' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'\\' | b'"')
    };
    let fine = !local.is_empty()
        && local.len() <= 64
        && bytes.len() <= 254
        && !local.iter().any(forbidden)
        && is_ascii_domain(domain);
    if !fine {
        return None;
    }
    out.push_str(text);
    out.make_ascii_lowercase();
    Some(out)
}

/// As [`is_domain`], for ASCII.
fn is_ascii_domain(bytes: &[u8]) -> bool {
    if bytes.len() > 253 || !bytes.contains(&b'.') {
        return false;
    }
    let mut is_number = true;
    for part in bytes.split(|b| *b == b'.') {
        let fine = !part.is_empty()
            && part.len() <= 63
            && part[0] != b'-'
            && part.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if !fine {
            return false;
        }
        is_number = part.iter().all(u8::is_ascii_digit);
    }
    !is_number
}

/// The domain of a mail address, lower case.
pub fn mail_domain<'a>(text: &str, out: &'a mut String) -> Option<&'a str> {
    mail(text, out)?;
    out.split_once('@').map(|(_, domain)| domain)
}

/// The domain of a web address, lower case, without `www.`: `https://www.Acme.com/about` is `acme.com`.
pub fn web_domain<'a>(text: &str, out: &'a mut String) -> Option<&'a str> {
    out.clear();
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next().unwrap_or("");
    let text = text.rsplit('@').next().unwrap_or("");
    let text = text.split(':').next().unwrap_or("").trim_end_matches('.');
    out.extend(text.chars().flat_map(char::to_lowercase));
    let start = if out.starts_with("www.") { 4 } else { 0 };
    let domain = &out[start..];
    is_domain(domain).then_some(domain)
}

fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(|part| {
            !part.is_empty()
                && part.len() <= 63
                && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
                && !part.starts_with('-')
        })
        && !text.rsplit('.').next().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()))
}

/// A phone number in one spelling: digits, with a leading `+` (also for a leading `00`); an extension is cut.
/// `None` below 7 digits or above 15 (ITU-T E.164).
pub fn phone<'a>(text: &str, out: &'a mut String) -> Option<&'a str> {
    out.clear();
    let text = text.trim();
    let text = match text.get(..4) {
        Some(head) if head.eq_ignore_ascii_case("tel:") => &text[4..],
        _ => text,
    };
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '0'..='9' => {
                out.push(c);
                digits += 1;
            }
            '+' if digits == 0 && out.is_empty() => out.push('+'),
            'x' | 'X' | '#' | 'e' | 'E' | ';' | ',' if digits >= 7 => break,
            _ if c.is_alphabetic() => return None,
            _ => {}
        }
    }
    if out.starts_with("00") {
        out.replace_range(..2, "+");
        digits -= 2;
    }
    (7..=15).contains(&digits).then_some(out.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(read: fn(&str, &mut String) -> bool, text: &str) -> String {
        let mut out = String::new();
        if read(text, &mut out) { out } else { "absent".into() }
    }

    #[test]
    fn a_mail_has_one_spelling() {
        let read = |text: &str| one(|t, o| mail(t, o).is_some(), text);
        for text in [" Ann@Example.COM ", "mailto:ann@example.com", "Ann B <ann@example.com>", "<ann@example.com>"] {
            assert_eq!(read(text), "ann@example.com", "{text}");
        }
        for text in ["", "ann", "ann@", "@example.com", "ann@example", "a b@example.com", "a@b.c, d@e.f", "a@@b.co"] {
            assert_eq!(read(text), "absent", "{text}");
        }
    }

    #[test]
    fn an_ascii_address_reads_as_any_address_does() {
        let parts = [
            "", "a", "A", "ann.b", "-x", "x-", "_", "1", "10", ".", "..", "@", " ", "\t", "\u{7f}", ",", "\\", "\"",
            "[", "com", "co.uk", "a b", "%",
        ];
        let long = "l".repeat(65);
        for local in parts.into_iter().chain([long.as_str()]) {
            for middle in parts.into_iter().chain([long.as_str()]) {
                for end in parts {
                    for text in [
                        format!("{local}@{middle}.{end}"),
                        format!("{local}{middle}@{end}"),
                        format!("{local}@{middle}@{end}"),
                    ] {
                        let (mut one, mut other) = (String::new(), String::new());
                        assert_eq!(ascii_mail(&text, &mut one), any_mail(&text, &mut other), "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_phone_is_digits_with_its_plus() {
        let read = |text: &str| one(|t, o| phone(t, o).is_some(), text);
        assert_eq!(read("+1 (415) 555-0100"), "+14155550100");
        assert_eq!(read("0049 30 1234567"), "+49301234567");
        assert_eq!(read("030/123 45 67 ext. 8"), "0301234567");
        for text in ["", "12345", "n/a", "call me 1234567", "1234567890123456789"] {
            assert_eq!(read(text), "absent", "{text}");
        }
    }

    #[test]
    fn a_domain_is_what_remains_of_an_address() {
        let mut out = String::new();
        assert_eq!(web_domain("https://www.Acme.com/about?x=1", &mut out), Some("acme.com"));
        assert_eq!(web_domain("acme.co.uk:8080", &mut out), Some("acme.co.uk"));
        assert_eq!(web_domain("n/a", &mut out), None);
        assert_eq!(web_domain("10.0.0.1", &mut out), None);
        assert_eq!(mail_domain("Ann@Acme.com", &mut out), Some("acme.com"));
    }
}
