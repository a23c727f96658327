//! A home that cannot be written can be looked at.

use std::path::Path;

use crate::program::{Place, same};

/// Takes the right to write from everything below, or gives it back.
fn writable(path: &Path, yes: bool) {
    let mut rights = std::fs::metadata(path).unwrap().permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = rights.mode();
        rights.set_mode(if yes { mode | 0o200 } else { mode & !0o222 });
    }
    #[cfg(not(unix))]
    rights.set_readonly(!yes);
    if yes {
        std::fs::set_permissions(path, rights.clone()).unwrap();
    }
    if path.is_dir() {
        for item in std::fs::read_dir(path).unwrap() {
            writable(&item.unwrap().path(), yes);
        }
    }
    if !yes {
        std::fs::set_permissions(path, rights).unwrap();
    }
}

#[test]
fn a_home_that_cannot_be_written_is_reported_on_and_stays_as_it_is() {
    let place = Place::imported("leaky", 600, 1);
    let before = place.report(&[]);
    let status = place.json(&["status"]);
    std::fs::remove_dir_all(place.path("home/facts")).unwrap();
    let home = place.path("home");
    writable(&home, false);
    if std::fs::write(home.join("probe"), "").is_ok() {
        std::fs::remove_file(home.join("probe")).unwrap();
        writable(&home, true);
        eprintln!("SKIPPED: this user may write anywhere, so no home is closed to it");
        return;
    }
    same(&place.report(&[]), &before, "report");
    assert_eq!(place.json(&["status"]), status);
    place.run(&["verify"]).ended(0);
    let rows = place.run(&["rows", "verdict.wins.before", "--limit", "3"]);
    assert!(rows.code < 2, "{}{}", rows.out, rows.err);
    let told = place.run(&["report"]);
    assert!(told.err.contains("this report is not kept"), "{}", told.err);
    let refused = place.run(&["set", "currency", "EUR", "--json"]).ended(2).json();
    assert_eq!(refused["error"]["code"], "read_only");
    assert!(!home.join("facts").exists());
    writable(&home, true);
}
