//! A flipped bit: found and named in the ledger, of no consequence in the facts.

use crate::program::{Place, files, flip, same};

#[test]
fn verify_names_the_file_with_the_flipped_bit_whichever_it_is() {
    let place = Place::imported("leaky", 600, 1);
    let sound = place.json(&["verify"]);
    assert_eq!((sound["sound"].as_bool(), sound["batches"].as_u64()), (Some(true), Some(1)));
    let all = files(&place.path("home/ledger"));
    let kept: Vec<_> = all.iter().filter(|p| p.starts_with("batches") || p.starts_with("manifests")).collect();
    assert!(kept.len() > 10);
    for name in kept {
        let copy = place.copy_of_home();
        flip(&copy.path("home/ledger").join(name));
        let told = copy.run(&["verify", "--json"]).ended(2).json();
        let message = told["error"]["message"].as_str().unwrap();
        let file = name.file_name().unwrap().to_str().unwrap();
        assert!(message.contains(file), "{file}: {message}");
        assert!(!told["error"]["hint"].as_str().unwrap().is_empty());
    }
}

#[test]
fn verify_names_a_file_that_is_gone() {
    let place = Place::imported("leaky", 600, 1);
    let names = files(&place.path("home/ledger"));
    let gone = names.iter().find(|p| p.extension().is_some_and(|e| e == "parquet")).unwrap();
    std::fs::remove_file(place.path("home/ledger").join(gone)).unwrap();
    let told = place.run(&["verify", "--json"]).ended(2).json();
    assert!(told["error"]["message"].as_str().unwrap().contains(gone.file_name().unwrap().to_str().unwrap()), "{told}");
}

#[test]
fn facts_with_a_flipped_bit_are_made_anew_and_say_the_same() {
    let place = Place::imported("leaky", 600, 1);
    let before = place.report(&[]);
    let names: Vec<_> = files(&place.path("home/facts")).into_iter().filter(|p| !p.ends_with("index.json")).collect();
    assert!(names.len() > 50);
    // each column on its own would take long: every seventh, then all at once
    for name in names.iter().step_by(7) {
        let path = place.path("home/facts").join(name);
        if std::fs::metadata(&path).is_ok_and(|m| m.len() > 0) {
            flip(&path);
            same(&place.report(&[]), &before, &name.display().to_string());
        }
    }
    for name in &names {
        let path = place.path("home/facts").join(name);
        if std::fs::metadata(&path).is_ok_and(|m| m.len() > 0) {
            flip(&path);
        }
    }
    same(&place.report(&[]), &before, "report");
    std::fs::remove_dir_all(place.path("home/facts")).unwrap();
    same(&place.report(&[]), &before, "report");
}

#[test]
fn verify_refuses_a_home_of_a_newer_format_and_one_that_does_not_say_its_own() {
    let place = Place::imported("leaky", 600, 1);
    place.run(&["verify"]).ended(0);
    for (text, code) in [("{\"format\":999}\n", "newer_format"), ("{}\n", "damaged"), ("", "damaged")] {
        std::fs::write(place.path("home/home.json"), text).unwrap();
        let told = place.run(&["verify", "--json"]).ended(2).json();
        assert_eq!(told["error"]["code"], code, "{told}");
    }
}
