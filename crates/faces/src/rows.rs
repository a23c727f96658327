//! Aligned columns for the command line's lists.

/// How many terminal columns a text takes; wide East Asian characters count as one here, which only shifts a column.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// A text from someone's file in one harmless line: a control character, which could steer a terminal, becomes a space.
pub(crate) fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Cuts a text to so many columns, with an ellipsis where something is cut; control characters become spaces.
pub fn cut(text: &str, columns: usize) -> String {
    let text = tame(text);
    if width(&text) <= columns {
        return text;
    }
    let mut out: String = text.chars().take(columns.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// A table with a head: words left, numbers right (a column is of numbers if every cell starts like one), two spaces
/// between columns, no trailing spaces. Where it is wider than `columns`, word columns are narrowed, the widest first, to no
/// less than 12, and their cells wrapped; where that is not enough, as numbers are never cut, each row becomes a block of lines.
pub fn table(head: &[&str], rows: &[Vec<String>], columns: usize) -> String {
    let numeric: Vec<bool> =
        (0..head.len()).map(|i| !rows.is_empty() && rows.iter().all(|r| numeric(at(r, i)))).collect();
    let mut widths = natural(head, rows);
    while total(&widths) > columns {
        let words = widths.iter_mut().zip(&numeric).filter(|(w, numeric)| !**numeric && **w > LEAST);
        let Some((widest, _)) = words.max_by_key(|(w, _)| **w) else { return blocks(head, rows, columns) };
        *widest -= 1;
    }
    let mut out = String::new();
    let mut row = |cell: &dyn Fn(usize) -> String| {
        let cells: Vec<Vec<String>> = widths
            .iter()
            .zip(&numeric)
            .enumerate()
            .map(|(i, (w, n))| if *n { vec![tame(&cell(i))] } else { wrapped(&cell(i), *w) })
            .collect();
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let mut text = String::new();
            for (i, (w, numeric)) in widths.iter().zip(&numeric).enumerate() {
                let c = cells.get(i).and_then(|lines| lines.get(line)).map_or("", String::as_str);
                let pad = " ".repeat(w.saturating_sub(width(c)));
                text.push_str(if i > 0 { "  " } else { "" });
                text.push_str(&if *numeric { format!("{pad}{c}") } else { format!("{c}{pad}") });
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
    };
    row(&|i| head.get(i).map_or(String::new(), |h| (*h).to_owned()));
    for cells in rows {
        row(&|i| at(cells, i).to_owned());
    }
    out
}

/// A cell of words takes no more lines than this.
const MOST_LINES: usize = 8;

/// A text in lines of so many columns, broken between words; a word that is wider is cut, and so is what follows the
/// last line that there may be.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let text = tame(text);
    if width(&text) <= columns {
        return vec![text];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let full = lines.len() == MOST_LINES;
        let Some(line) = lines.last_mut() else { break };
        let needed = width(line) + usize::from(!line.is_empty()) + width(word);
        if !line.is_empty() && needed > columns && !full {
            lines.push(cut(word, columns));
            continue;
        }
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(word);
        if needed > columns {
            *line = cut(line, columns);
            if full {
                break;
            }
        }
    }
    lines
}

/// A word column is not cut below this.
const LEAST: usize = 12;

fn at(row: &[String], i: usize) -> &str {
    row.get(i).map_or("", String::as_str)
}

fn numeric(cell: &str) -> bool {
    cell.chars().next().is_none_or(|c| c.is_ascii_digit() || "+\u{2212}$€£¥₹".contains(c))
}

fn natural(head: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
    let cells = |i| rows.iter().map(move |r| width(at(r, i)));
    head.iter().enumerate().map(|(i, h)| cells(i).fold(width(h), usize::max)).collect()
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
}

/// Whether the table stands in so many columns without being cut.
pub(crate) fn fits(head: &[&str], rows: &[Vec<String>], columns: usize) -> bool {
    total(&natural(head, rows)) <= columns
}

/// Whether the table stands in so many columns with its word columns cut.
pub(crate) fn fits_cut(head: &[&str], rows: &[Vec<String>], columns: usize) -> bool {
    let widths = natural(head, rows);
    let cut =
        widths.iter().enumerate().map(|(i, w)| if rows.iter().all(|r| numeric(at(r, i))) { *w } else { LEAST.min(*w) });
    total(&cut.collect::<Vec<_>>()) <= columns
}

/// Each row as lines of its own: the first cell, then head and cell.
fn blocks(head: &[&str], rows: &[Vec<String>], columns: usize) -> String {
    let names = head.iter().skip(1).map(|h| width(h)).max().unwrap_or(0).min(columns / 2);
    let mut out = String::new();
    for row in rows {
        let first = cut(at(row, 0), columns);
        out.push_str(if first.is_empty() { "-" } else { &first });
        out.push('\n');
        for (i, name) in head.iter().enumerate().skip(1).filter(|(i, _)| !at(row, *i).is_empty()) {
            let name = cut(name, names);
            let pad = " ".repeat(names - width(&name));
            out.push_str(&format!("  {name}{pad}  {}\n", tame(at(row, i))));
        }
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

    #[test]
    fn a_sentence_in_a_cell_is_wrapped_and_no_word_of_it_is_lost() {
        let said = "From five minutes to thirty the odds are lower";
        let rows = vec![vec!["stated".to_owned(), said.to_owned(), "7".to_owned()]];
        let text = table(&["", "what", "n"], &rows, 34);
        assert!(text.lines().all(|l| width(l) <= 34), "{text}");
        assert!(said.split(' ').all(|word| text.contains(word)) && !text.contains('…'), "{text}");
        assert_eq!(wrapped(&"word ".repeat(100), 14).len(), MOST_LINES);
        assert!(wrapped(&"word ".repeat(100), 14).last().unwrap().ends_with('…'));
    }

    #[test]
    fn numbers_that_do_not_fit_become_blocks() {
        let wide = vec!["Webinar".to_owned(), "7.0% (4.5% to 10.3%)".to_owned(), "2,950".to_owned()];
        assert_eq!(
            table(&["source", "rate", "leads"], &[wide], 30),
            "Webinar\n  rate   7.0% (4.5% to 10.3%)\n  leads  2,950\n"
        );
    }

    #[test]
    fn a_table_without_rows_is_its_head() {
        assert_eq!(table(&["file", "rows"], &[], 40), "file  rows\n");
    }
}
