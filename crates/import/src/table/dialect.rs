//! Which sign parts the columns, and on which record the header stands.
//!
//! The delimiter is the one whose records agree most on their number of cells, quotes respected. The header is the
//! first record that has at least half as many cells with text as most records have cells: what stands above it
//! (a report's title, its range of days) is preamble.

use csv_core::{ReadRecordResult, ReaderBuilder};

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
const RECORDS: usize = 200;
/// No report has a longer preamble.
const PREAMBLE: usize = 30;

pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// The preamble and the header, the header last.
    pub(super) top: Vec<Vec<String>>,
}

/// Looks at a sample; `cut` when the file goes on after it. `None` where no record ends within the sample.
pub(super) fn look(sample: &[u8], cut: bool) -> Option<Dialect> {
    let named = sample.strip_prefix(b"sep=").and_then(|rest| rest.first().copied()).filter(|b| b.is_ascii());
    let candidates: &[u8] = match &named {
        Some(delimiter) => std::slice::from_ref(delimiter),
        None => &CANDIDATES,
    };
    let mut best: Option<(u64, usize, u8, Vec<Vec<String>>)> = None;
    for delimiter in candidates {
        let records = records(sample, *delimiter, cut);
        if records.is_empty() {
            continue;
        }
        let (cells, times) = most_common(&records);
        let agree = if cells < 2 { 0 } else { times as u64 * 1_000 / records.len() as u64 };
        if best.as_ref().is_none_or(|(a, c, ..)| (agree, cells) > (*a, *c)) {
            best = Some((agree, cells, *delimiter, records));
        }
    }
    let (.., delimiter, records) = best?;
    let at = header_at(&records, usize::from(named.is_some()))?;
    Some(Dialect { delimiter, top: records.into_iter().take(at + 1).collect() })
}

/// The place of the header among the first records, `from` on.
pub(super) fn header_at(records: &[Vec<String>], from: usize) -> Option<usize> {
    let (cells, _) = most_common(records);
    let needed = if cells < 2 { 1 } else { cells.div_ceil(2).max(2) };
    let full = |record: &Vec<String>| record.iter().filter(|cell| !cell.trim().is_empty()).count();
    let found = records.iter().take(PREAMBLE).skip(from).position(|record| full(record) >= needed);
    let at = found.unwrap_or(0) + from;
    (at < records.len()).then_some(at)
}

fn most_common(records: &[Vec<String>]) -> (usize, usize) {
    let mut counts: Vec<usize> = records.iter().map(Vec::len).filter(|n| *n >= 2).collect();
    counts.sort_unstable();
    let mut best = (1, 0);
    for run in counts.chunk_by(|a, b| a == b) {
        if run.len() >= best.1 {
            best = (run[0], run.len());
        }
    }
    best
}

/// The first records of a sample.
fn records(sample: &[u8], delimiter: u8, cut: bool) -> Vec<Vec<String>> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let (mut out, mut ends) = (vec![0; sample.len() + 1], vec![0; super::MAX_COLUMNS + 2]);
    let (mut records, mut pos) = (Vec::new(), 0);
    while records.len() < RECORDS {
        let (mut used, mut cells) = (0, 0);
        let ended = loop {
            let input = &sample[pos..];
            if input.is_empty() && cut {
                return records; // what the sample cuts off is no record
            }
            let (result, n_in, n_out, n_ends) = reader.read_record(input, &mut out[used..], &mut ends[cells..]);
            pos += n_in;
            used += n_out;
            cells += n_ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::OutputEndsFull => break true,
                ReadRecordResult::End | ReadRecordResult::OutputFull => break false,
            }
        };
        if !ended {
            break;
        }
        let mut start = 0;
        let record = ends[..cells].iter().map(|end| {
            let cell = String::from_utf8_lossy(&out[start..*end]).into_owned();
            start = *end;
            cell
        });
        records.push(record.collect());
        if cells > super::MAX_COLUMNS {
            break;
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_at(text: &str) -> (char, Vec<String>, usize) {
        let mut found = look(text.as_bytes(), false).unwrap();
        let header = found.top.pop().unwrap();
        (char::from(found.delimiter), header, found.top.len())
    }

    #[test]
    fn the_delimiter_is_the_one_on_which_records_agree() {
        assert_eq!(look_at("a,b\n1,2\n").0, ',');
        assert_eq!(look_at("a;b\n1,5;2,5\n1,6;2,6\n").0, ';');
        assert_eq!(look_at("a\tb\n1,5\t\"x\ty\"\n").0, '\t');
        assert_eq!(look_at("a|b\n1|2\n").0, '|');
        assert_eq!(look_at("name\nAnn\nBob, Jr\n").0, ',');
        assert_eq!(look_at("sep=;\na;b\n1;2\n"), (';', vec!["a".into(), "b".into()], 1));
    }

    #[test]
    fn the_header_is_found_below_a_preamble() {
        let (_, header, above) = look_at("Campaign report\n\"July 8, 2025 - July 31, 2025\"\na,b,c,d\n1,2,3,4\n");
        assert_eq!((header.join(","), above), ("a,b,c,d".into(), 2));
        let (_, header, above) = look_at(
            "Report (in UTC)\n\"Start: 1/1/2026, End: 1/31/2026\"\n\nStart Date,Name,Cost\n1/1/2026,x,2\n1/2/2026,y,3\n",
        );
        assert_eq!((header.join(","), above), ("Start Date,Name,Cost".into(), 2));
        let (_, header, above) = look_at("a,b,c\n1,2,3,\n1,2,3,\n");
        assert_eq!((header.join(","), above), ("a,b,c".into(), 0));
    }
}
