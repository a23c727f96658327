use std::collections::BTreeMap;

use import::{Readers, survey};

use crate::memory::{data, import};

/// Rows of every connector file: used, rejected, ignored; nothing unknown, nothing lost.
#[test]
fn every_connector_file_is_imported_or_ignored_with_a_reason() {
    let Some(root) = data("export-formats") else { return };
    let mut used: BTreeMap<String, u64> = BTreeMap::new();
    let mut files = 0;
    for folder in ["salesforce", "hubspot", "marketo", "google-ads", "linkedin-ads", "facebook-ads"] {
        for piece in survey(&[root.join(format!("fivetran-{folder}"))], &Readers::default()).unwrap() {
            let (count, memory) = import(&piece);
            assert_eq!(count.rows, count.used + count.rejected + count.ignored_rows(), "{}", piece.name());
            assert_eq!(memory.rejects, [], "{}", piece.name());
            assert!(count.ignored.iter().all(|i| !i.reason.is_empty()));
            assert!(count.rows > 0, "{}", piece.name());
            *used.entry(folder.to_owned()).or_default() += count.used;
            files += 1;
        }
    }
    assert_eq!(files, 14 + 56 + 13 + 11 + 9 + 12);
    assert!(used.values().all(|n| *n > 0), "{used:?}");
}
