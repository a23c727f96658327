//! Lists the built-in mappings, so that a new file in `mappings/` needs no edit here.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    // of this checkout, also where another one shares the folder of builds
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let folder = Path::new(&here).join("../../mappings");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = Vec::new();
    if folder.is_dir() {
        for item in std::fs::read_dir(&folder)? {
            let path = item?.path();
            if path.extension().is_some_and(|e| e == "toml") {
                files.push(path.canonicalize()?);
            }
        }
    }
    if files.is_empty() {
        // a program without them would recognise nothing, and say so of every file
        return Err(std::io::Error::other(format!("no mappings in {}", folder.display())));
    }
    files.sort();
    let mut list = String::from("&[\n");
    for path in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    list.push_str("]\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    std::fs::write(out.join("mappings.rs"), list)
}
