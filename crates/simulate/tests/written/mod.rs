//! A company written into a folder of its own, and its tables read back.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lockstep_simulate::{Company, Plan, Truth, write};
use tempfile::TempDir;

/// A written company.
pub struct Written {
    /// Its folder.
    pub folder: TempDir,
    /// What `write` returned.
    pub truth: Truth,
}

/// Writes a company with few touches and activities, which decide nothing.
pub fn company(company: Company, leads: u64, seed: u64) -> Written {
    let plan = Plan { leads, touches_per_lead: 1.5, activities_per_lead: 1.5, ..Plan::new(company, seed) };
    planned(&plan)
}

/// Writes a plan.
pub fn planned(plan: &Plan) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let truth = write(plan, folder.path(), &mut |_| {}).unwrap();
    Written { folder, truth }
}

impl Written {
    /// Rows of a file as maps from column to cell.
    pub fn table(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.folder.path().join(file)).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }

    /// Every file below the folder by its path, in order.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files
    }

    /// One hash over all files.
    pub fn hash(&self) -> u64 {
        let mut all = Vec::new();
        for (path, bytes) in self.files() {
            all.extend(path.into_bytes());
            all.extend(xxhash_rust::xxh3::xxh3_64(&bytes).to_le_bytes());
        }
        xxhash_rust::xxh3::xxh3_64(&all)
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}
