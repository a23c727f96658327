//! A folder of this process alone, for facts of a home that cannot be written. Invariant: it goes when its value does.

use std::fs::DirBuilder;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder.
pub struct Aside(PathBuf);

impl Aside {
    /// Makes one among the machine's temporary files, readable by its owner alone.
    pub fn new() -> Result<Aside, Failure> {
        let root = std::env::temp_dir();
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        for number in 0.. {
            let path = root.join(format!("lockstep-facts-{}-{number}", std::process::id()));
            match builder.create(&path) {
                Ok(()) => return Ok(Aside(path)),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists && number < 1_000 => {} // of a process that is gone
                Err(e) => return Err(Failure::io(&path, "make a folder for facts in", &e)),
            }
        }
        Err(Failure::new("no_folder", format!("`{}`: is full of folders of Lockstep", root.display())))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // what cannot be removed is left to the machine's own cleaning of temporary files
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_aside_is_one_of_its_own_and_goes() {
        let (one, two) = (Aside::new().unwrap(), Aside::new().unwrap());
        assert_ne!(one.path(), two.path());
        let path = one.path().to_owned();
        std::fs::write(path.join("a"), "b").unwrap();
        drop(one);
        assert!(!path.exists() && two.path().is_dir());
    }
}
