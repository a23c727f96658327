//! What a file is by its first bytes; the extension decides nothing.

use super::Kind;
use crate::Error;

/// How much of the start is looked at.
pub(super) const SAMPLE: usize = 1 << 16;

pub(super) enum Container {
    Gzip,
    Zip,
    Parquet,
    None,
}

pub(super) fn container(head: &[u8]) -> Container {
    match head {
        [0x1f, 0x8b, ..] => Container::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Container::Zip,
        [b'P', b'A', b'R', b'1', ..] => Container::Parquet,
        _ => Container::None,
    }
}

pub(super) fn kind(name: &str, head: &[u8]) -> Result<Kind, Error> {
    let not_data = |what: &str, hint: &str| Err(Error::new("not_data", name, what).with_hint(hint));
    if head.iter().all(|b| b.is_ascii_whitespace() || *b == 0) || head == [0xef, 0xbb, 0xbf] {
        return Err(Error::new("empty", name, "an empty file").with_hint("export it again, or leave it out"));
    }
    match container(head) {
        Container::Gzip | Container::Zip | Container::Parquet => {
            return Err(Error::new("nested", name, "an archive, workbook or Parquet file within an archive")
                .with_hint("unpack it first"));
        }
        Container::None => {}
    }
    match head {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            return not_data("an old Excel workbook (.xls) or another Office file", "save it as XLSX or CSV");
        }
        [b'%', b'P', b'D', b'F', ..] => return not_data("a PDF document", "export the table as CSV"),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => {
            return not_data("a picture", "export the table as CSV");
        }
        _ => {}
    }
    let wide = crate::table::wide_encoding(head).is_some();
    if !wide && head.iter().take(8_192).filter(|b| **b == 0 || (**b < 9) || (14..27).contains(*b)).count() > 8 {
        return not_data("a binary file", "export the table as CSV");
    }
    let text = crate::table::peek_text(head);
    let start = text.trim_start();
    let lower: String = start.chars().take(20).flat_map(char::to_lowercase).collect();
    if ["<!doctype", "<html", "<?xml", "<table"].iter().any(|mark| lower.starts_with(mark)) {
        return not_data("a web page or XML file", "export the table as CSV");
    }
    Ok(json_kind(start).unwrap_or(Kind::Csv))
}

fn json_kind(start: &str) -> Option<Kind> {
    let after = |open: char| start.strip_prefix(open).map(|rest| rest.trim_start().chars().next());
    if let Some(next) = after('[') {
        return matches!(next, Some('{' | ']')).then_some(Kind::JsonArray);
    }
    if let Some(next) = after('{')
        && matches!(next, Some('"' | '}'))
    {
        // one object a line, or one spread over lines
        let line = start.lines().next().unwrap_or("");
        let whole = line.trim_end().ends_with('}') || !start.contains('\n');
        return Some(if whole { Kind::JsonLines } else { Kind::JsonArray });
    }
    None
}

/// Whether a name is one of text that is no table.
pub(crate) fn looks_like_prose(file_name: &str) -> bool {
    const ENDS: [&str; 14] = [
        ".md", ".html", ".htm", ".pdf", ".sql", ".py", ".r", ".ipynb", ".toml", ".yml", ".yaml", ".xml", ".sh",
        ".license",
    ];
    ENDS.iter().any(|end| file_name.ends_with(end))
        || ["license", "readme", "notice", "copying"].iter().any(|name| file_name.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(head: &[u8]) -> String {
        match kind("f", head) {
            Ok(kind) => format!("{kind:?}"),
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn the_content_decides_what_a_file_is() {
        assert_eq!(of(b"a,b\n1,2\n"), "Csv");
        assert_eq!(of(b"{\"a\":1}\n{\"a\":2}\n"), "JsonLines");
        assert_eq!(of(b"  [ {\"a\":1} ]"), "JsonArray");
        assert_eq!(of(b"{\n \"a\": 1\n}"), "JsonArray");
        assert_eq!(of(b"[Campaign],b\n"), "Csv");
        assert_eq!(of(b"\xff\xfea\0,\0b\0\n\0"), "Csv");
        assert_eq!(of(b""), "empty");
        assert_eq!(of(b" \r\n"), "empty");
        assert_eq!(of(b"\xef\xbb\xbf"), "empty");
        assert_eq!(of(b"%PDF-1.4"), "not_data");
        assert_eq!(of(b"<!DOCTYPE html><html>"), "not_data");
        assert_eq!(of(b"\xd0\xcf\x11\xe0abc"), "not_data");
        assert_eq!(of(&[1u8; 64]), "not_data");
        assert_eq!(of(b"PK\x03\x04"), "nested");
    }
}
