use lockstep_desk::{Desk, FORMAT};

use crate::{Home, person};

fn code_and_hint(home: &Home) -> (&'static str, bool) {
    let error = Desk::open(home.file()).unwrap_err();
    let name = home.file().display().to_string();
    assert!(error.to_string().starts_with(&format!("`{name}`: ")), "{error}");
    (error.code(), error.hint().is_some())
}

#[test]
fn a_desk_of_a_newer_version_is_left_alone() {
    let home = Home::new();
    drop(home.desk());
    let other = rusqlite::Connection::open(home.file()).unwrap();
    other.pragma_update(None, "user_version", FORMAT + 1).unwrap();
    drop(other);
    let before = std::fs::read(home.file()).unwrap();
    assert_eq!(code_and_hint(&home), ("newer_format", true));
    assert_eq!(std::fs::read(home.file()).unwrap(), before);
}

#[test]
fn another_programs_database_or_a_text_is_not_a_desk_and_is_left_alone() {
    let home = Home::new();
    let other = rusqlite::Connection::open(home.file()).unwrap();
    other.execute_batch("CREATE TABLE theirs (a TEXT); INSERT INTO theirs VALUES ('kept')").unwrap();
    drop(other);
    let before = std::fs::read(home.file()).unwrap();
    assert_eq!(code_and_hint(&home), ("not_a_desk", true));
    assert_eq!(std::fs::read(home.file()).unwrap(), before);
    std::fs::write(home.file(), "Dear diary, this is no database at all. ".repeat(50)).unwrap();
    assert_eq!(code_and_hint(&home), ("not_a_desk", true));
}

#[test]
fn damage_is_told_apart() {
    let home = Home::new();
    let desk = home.desk();
    for n in 0..2_000 {
        person(&desk, &format!("mail{n}@one.example"), "", "");
    }
    desk.flush().unwrap();
    drop(desk);
    let mut bytes = std::fs::read(home.file()).unwrap();
    bytes[4096..].fill(0xa5);
    std::fs::write(home.file(), bytes).unwrap();
    assert_eq!(code_and_hint(&home), ("corrupt", true));
}

#[test]
fn a_missing_folder_is_told_and_not_made() {
    let home = Home::new();
    let folder = home.folder.path().join("nowhere");
    assert_eq!(Desk::open(folder.join("desk.sqlite")).unwrap_err().code(), "missing_folder");
    assert!(!folder.exists());
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let desk = home.desk();
    person(&desk, "ann@one.example", "", "");
    desk.flush().unwrap();
    for entry in std::fs::read_dir(home.folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.file_name());
    }
}

#[test]
fn clones_share_one_batch() {
    let home = Home::new();
    let desk = home.desk();
    let clone = desk.clone();
    let made = std::thread::spawn(move || person(&clone, "ann@one.example", "", "").key).join().unwrap();
    assert_eq!(person(&desk, "ann@one.example", "", "").key, made);
}

#[test]
fn a_desk_made_by_many_at_once_is_one_desk() {
    for _ in 0..10 {
        let home = Home::new();
        let file = home.file();
        let makers: Vec<_> = (0..6)
            .map(|n| {
                let file = file.clone();
                std::thread::spawn(move || {
                    let desk = Desk::open(file).unwrap();
                    person(&desk, "ann@one.example", "", "");
                    person(&desk, &format!("m{n}@one.example"), "", "");
                    desk.flush().unwrap();
                })
            })
            .collect();
        for maker in makers {
            maker.join().unwrap();
        }
        assert_eq!(home.desk().people().unwrap(), 7);
    }
}
