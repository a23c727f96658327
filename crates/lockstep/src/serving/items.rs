//! What a program pushes: which of its items can be taken, and what is wrong with the others.
//!
//! Invariant: what is taken in was read once as it will be read again on its way to the ledger.

use import::Item;
use serde_json::Value as Json;
use terms::{Currency, Instant};
use web::{RejectedItem, TakenItems};

use crate::failure::Failure;

/// Items of one push at most.
const MOST: usize = 10_000;

fn bad(message: impl Into<String>) -> Failure {
    Failure::new("bad_items", message)
        .hint("send { \"entries\": [ { \"entity\": \"activity\", \"id\": ..., \"at\": ..., ... } ] }; docs/api.md has each field")
}

/// The items that can be taken, one a line, and what is told to the sender.
///
/// # Errors
/// `bad_items` where it is no list of items.
pub fn sorted(sent: &[u8], received: Instant, usual: Option<Currency>) -> Result<(String, TakenItems), Failure> {
    let json: Json = serde_json::from_slice(sent).map_err(|e| bad(format!("the body is no JSON: {e}")))?;
    let items = match &json {
        Json::Object(of) if of.len() == 1 => of.get("entries").and_then(Json::as_array),
        _ => None,
    };
    let items = items.ok_or_else(|| bad("the body is not an object with `entries`, a list, alone"))?;
    if items.len() > MOST {
        return Err(bad(format!("{} items are too many at once: {MOST} at most", items.len())));
    }
    let (mut body, mut answer) = (String::new(), TakenItems::default());
    for (index, item) in items.iter().enumerate() {
        match Item::read(item, received, usual) {
            Ok(_) => {
                // as JSON writes it there is no line break in it
                body.push_str(&item.to_string());
                body.push('\n');
                answer.taken += 1;
            }
            Err(wrong) => answer.rejected.push(RejectedItem {
                index,
                part: wrong.part,
                read: wrong.read,
                expected: wrong.expected,
            }),
        }
    }
    Ok((body, answer))
}

/// What tells one push from another.
pub fn digest(sent: &[u8]) -> String {
    blake3::hash(sent).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_taken_is_and_the_rest_is_told_by_its_place() {
        let sent = br#"{"entries": [
            {"entity": "touch", "id": "t1", "subject": {"lead": "L\n1"}, "at": "2026-10-05T10:00:00Z"},
            {"entity": "touch", "id": "t2"},
            7
        ]}"#;
        let (body, answer) = sorted(sent, Instant(0), None).unwrap();
        assert_eq!((body.lines().count(), answer.taken), (1, 1));
        let places: Vec<(usize, &str)> = answer.rejected.iter().map(|r| (r.index, r.part.as_str())).collect();
        assert_eq!(places, [(1, "subject"), (2, "")]);
        for wrong in ["", "[]", "{}", r#"{"entries": {}}"#, r#"{"entries": [], "more": 1}"#, "{\"entries\": [1"] {
            assert_eq!(sorted(wrong.as_bytes(), Instant(0), None).unwrap_err().code, "bad_items", "{wrong}");
        }
    }
}
