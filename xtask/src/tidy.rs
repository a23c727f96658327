//! The rules of the house that can be read off the files: module docs, names, word list, marks of unfinished work.

use std::fs;
use std::path::{Path, PathBuf};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helpers", "core", "manager", "service", "misc"];

/// Words that no sentence of ours may use (`ui.md` section 8 of the design notes; kept in GLOSSARY.md).
const AVOIDED: &[&str] = &[
    "fault",
    "blame",
    "garbage",
    "underperform",
    "winner",
    "loser",
    "significant",
    "leverage",
    "insight",
    "ai-powered",
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if path.file_name().is_none_or(|n| n != "target") {
                rust_files(&path, found);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every breach of a rule, one line each.
pub fn problems() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    rust_files(&root.join("crates"), &mut files);
    rust_files(&root.join("xtask"), &mut files);
    let mut problems = Vec::new();
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else {
            problems.push(format!("{}: not readable as UTF-8", path.display()));
            continue;
        };
        let shown = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or("");
        if EMPTY_NAMES.contains(&stem) {
            problems.push(format!("{shown}: `{stem}` says nothing about what is inside"));
        }
        let in_tests = shown.contains("/tests/") || stem == "tests" || shown.contains("/examples/");
        if !in_tests && !text.trim_start().starts_with("//!") {
            problems.push(format!("{shown}: does not open with what is here (`//!`)"));
        }
        if text.contains("#[ignore") && !shown.ends_with("tidy.rs") {
            problems.push(format!("{shown}: an ignored test"));
        }
        if stem == "words" {
            for (n, line) in text.lines().enumerate() {
                let low = line.to_ascii_lowercase();
                for word in AVOIDED {
                    if low.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|w| w == *word) {
                        problems.push(format!("{shown}:{}: says `{word}`", n + 1));
                    }
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_files_keep_the_rules_of_the_house() {
        assert_eq!(super::problems(), Vec::<String>::new());
    }
}
