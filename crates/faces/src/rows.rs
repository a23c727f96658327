//! Aligned columns for the command line's lists.

/// How many terminal columns a text takes; wide East Asian characters count as one here, which only shifts a column.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// Cuts a text to so many columns, with an ellipsis where something is cut.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(columns.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// A table with a head: words left, numbers right (a column is of numbers if every cell starts like one), two spaces
/// between columns, no trailing spaces, cut to `columns` by shortening its widest word column.
pub fn table(head: &[&str], rows: &[Vec<String>], columns: usize) -> String {
    let n = head.len();
    let cell = |row: &[String], i: usize| row.get(i).map_or("", String::as_str).to_owned();
    let mut widths: Vec<usize> = head.iter().map(|h| width(h)).collect();
    let mut numeric = vec![!rows.is_empty(); n];
    for row in rows {
        for i in 0..n {
            let text = cell(row, i);
            if let Some(w) = widths.get_mut(i) {
                *w = (*w).max(width(&text));
            }
            let starts = text.chars().next().is_none_or(|c| c.is_ascii_digit() || "+\u{2212}$€£¥₹".contains(c));
            if let Some(flag) = numeric.get_mut(i) {
                *flag &= starts;
            }
        }
    }
    let total: usize = widths.iter().sum::<usize>() + 2 * n.saturating_sub(1);
    if total > columns {
        let widest = (0..n).filter(|i| !numeric.get(*i).copied().unwrap_or(false)).max_by_key(|i| widths.get(*i).copied());
        if let Some(w) = widest.and_then(|i| widths.get_mut(i)) {
            *w = w.saturating_sub(total - columns).max(12);
        }
    }
    let mut out = String::new();
    let mut line = |cells: Vec<String>| {
        let mut text = String::new();
        for (i, c) in cells.iter().enumerate() {
            let w = widths.get(i).copied().unwrap_or(0);
            let c = cut(c, w);
            let pad = " ".repeat(w.saturating_sub(width(&c)));
            if i > 0 {
                text.push_str("  ");
            }
            if numeric.get(i).copied().unwrap_or(false) {
                text.push_str(&pad);
                text.push_str(&c);
            } else {
                text.push_str(&c);
                text.push_str(&pad);
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(head.iter().map(|h| (*h).to_owned()).collect());
    for row in rows {
        line((0..n).map(|i| cell(row, i)).collect());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let rows = vec![vec!["Lead.csv".to_owned(), "1,200".to_owned()], vec!["a".to_owned(), "7".to_owned()]];
        assert_eq!(table(&["file", "rows"], &rows, 80), "file       rows\nLead.csv  1,200\na             7\n");
    }

    #[test]
    fn a_wide_word_column_is_cut_and_numbers_never_are() {
        let rows = vec![vec!["x".repeat(60), "123,456".to_owned()]];
        let text = table(&["file", "rows"], &rows, 40);
        assert!(text.lines().all(|l| width(l) <= 40), "{text}");
        assert!(text.contains("123,456") && text.contains('…'));
    }
}
