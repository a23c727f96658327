//! Any byte that is changed is found and located.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::{Broken, Filter, Ledger, Verdict};
use terms::Entity;

use crate::company::{import, lead_named, touch_number, verified};

fn example(root: &Path) -> Ledger {
    let mut ledger = Ledger::create(root).unwrap();
    let leads: Vec<_> = (0..400).map(|n| lead_named(&format!("L{n}"), i64::from(n % 7), n)).collect();
    import(&mut ledger, 1, "c1", &leads);
    import(&mut ledger, 2, "c2", &(0..40_000).map(touch_number).collect::<Vec<_>>());
    import(&mut ledger, 3, "c3", &[lead_named("L1", 8, 1)]);
    ledger
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for found in fs::read_dir(root).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else if !path.ends_with("writer.lock") {
            out.push(path);
        }
    }
    out.sort();
    out
}

fn broken(root: &Path) -> Broken {
    match Ledger::verify_folder(root).unwrap() {
        Verdict::Broken(broken) => broken,
        Verdict::Verified(_) => panic!("not seen"),
    }
}

/// Numbers that look random and are the same in every run.
fn scatter(n: u64) -> u64 {
    let x = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^ x >> 27
}

/// Runs with one byte of a file changed, for many files and bytes, and puts it back.
fn with_flips(root: &Path, flips: u64, mut check: impl FnMut(&str, u64)) {
    let files = files(root);
    for n in 0..flips {
        let path = &files[n as usize % files.len()];
        let whole = fs::read(path).unwrap();
        let at = scatter(n) as usize % whole.len();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (scatter(n + 1_000) % 8);
        fs::write(path, &bytes).unwrap();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        check(&name, at as u64);
        fs::write(path, &whole).unwrap();
    }
}

#[test]
fn each_of_200_changed_bytes_is_found_and_located() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    let whole = verified(folder.path());
    assert_eq!((whole.batches, whole.files), (3, 7));
    let (mut named, mut parts) = (0, 0);
    with_flips(folder.path(), 200, |name, at| {
        let broken = broken(folder.path());
        assert_eq!(broken.file, name, "byte {at}: {broken}");
        let place = broken.at.as_ref().unwrap();
        assert!((place.from..place.to).contains(&at), "byte {at} of {name}: {broken}");
        if name.ends_with(".parquet") {
            parts += 1;
            assert!(place.to - place.from <= 65_536);
            assert!(!place.holds.is_empty(), "{broken}");
            named += usize::from(place.holds.iter().any(|h| h.contains("column") || h.contains("footer")));
        }
    });
    assert_eq!(named, parts);
    assert_eq!(verified(folder.path()), whole);
}

#[test]
fn reading_changed_bytes_never_ends_the_process() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    let mut refused = 0;
    with_flips(folder.path(), 70, |_, _| {
        let Ok(ledger) = Ledger::open(folder.path()) else {
            refused += 1;
            return;
        };
        for entity in [Entity::Lead, Entity::Touch] {
            let read = ledger.head().entries(entity, Filter::default()).unwrap().find_map(Result::err);
            refused += usize::from(read.is_some());
        }
    });
    assert!(refused > 0);
}

#[test]
fn the_first_of_several_faults_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = example(folder.path());
    let part = |seq: u64| ledger.head().manifest(seq).unwrap().parts[0].path.clone();
    fs::remove_file(folder.path().join(part(3))).unwrap();
    assert_eq!((broken(folder.path()).seq, broken(folder.path()).file), (3, part(3)));
    let second = folder.path().join(part(2));
    let bytes = fs::read(&second).unwrap();
    fs::write(&second, &bytes[..bytes.len() - 10]).unwrap();
    assert_eq!((broken(folder.path()).seq, broken(folder.path()).file), (2, part(2)));
    assert!(broken(folder.path()).why.contains("was written with"));
    fs::remove_file(folder.path().join("manifests/00000002.json")).unwrap();
    assert_eq!(broken(folder.path()).file, "manifests/00000002.json");
}

#[test]
fn a_manifest_replaced_as_a_whole_breaks_the_chain_after_it() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    example(folder.path());
    let mut ledger = Ledger::create(other.path()).unwrap();
    import(&mut ledger, 1, "forged", &[lead_named("L1", 1, 1)]);
    let name = "manifests/00000001.json";
    fs::copy(other.path().join(name), folder.path().join(name)).unwrap();
    for part in &ledger.head().manifest(1).unwrap().parts {
        let target = folder.path().join(&part.path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(other.path().join(&part.path), target).unwrap();
    }
    let broken = broken(folder.path());
    assert_eq!((broken.seq, broken.file.as_str()), (2, "manifests/00000002.json"));
    assert!(broken.why.contains("does not follow on the manifest before it"), "{broken}");
    assert_eq!(Ledger::open(folder.path()).unwrap_err().code(), "damaged");
}
