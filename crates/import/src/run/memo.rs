//! A small memory of what a text meant: most columns repeat a few values.

use compact_str::CompactString;

const SLOTS: usize = 256;
/// Longer texts are rarely repeated.
const LONGEST: usize = 64;

/// The last meaning of each of a few hundred texts.
#[derive(Debug)]
pub(super) struct Memo<V> {
    slots: Vec<Option<(CompactString, V)>>,
}

impl<V: Clone> Memo<V> {
    pub(super) fn new() -> Memo<V> {
        Memo { slots: Vec::new() }
    }

    /// The meaning of a text, worked out only where it is not remembered. A failure is not remembered.
    pub(super) fn get<E>(&mut self, text: &str, work_out: impl FnOnce(&str) -> Result<V, E>) -> Result<V, E> {
        if text.len() > LONGEST {
            return work_out(text);
        }
        if self.slots.is_empty() {
            self.slots.resize_with(SLOTS, || None);
        }
        let slot = &mut self.slots[xxhash_rust::xxh3::xxh3_64(text.as_bytes()) as usize % SLOTS];
        if let Some((known, value)) = slot
            && known == text
        {
            return Ok(value.clone());
        }
        let value = work_out(text)?;
        *slot = Some((CompactString::from(text), value.clone()));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meaning_is_worked_out_once_and_never_mixed_up() {
        let (mut memo, mut times) = (Memo::new(), 0);
        for round in 0..3 {
            for n in 0..100 {
                let text = format!("value {n}");
                let got = memo.get(&text, |text| {
                    times += 1;
                    Ok::<_, ()>(text.len())
                });
                assert_eq!(got, Ok(text.len()), "{round}");
            }
        }
        assert!(times < 250, "{times}");
        assert_eq!(memo.get("bad", |_| Err::<usize, _>("no")), Err("no"));
    }
}
