//! The built-in mappings as a whole.

use lockstep_import::{Catalogue, builtin};

#[test]
fn every_built_in_mapping_is_a_good_one() {
    let mut wrong = Vec::new();
    for (file, toml) in builtin() {
        if let Err(error) = lockstep_import::Mapping::parse(toml, file) {
            wrong.push(format!("{error} ({})", error.hint().unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(Catalogue::builtin().unwrap().mappings().len(), builtin().len());
}
