//! Which crate may depend on which: the table of ARCHITECTURE.md as data, compared with `cargo metadata`.
//!
//! Dev-dependencies are free, except that no pure crate may be tested through a heavy one.

use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

struct Wall {
    name: &'static str,
    ours: &'static [&'static str],
    outside: &'static [&'static str],
}

const WALLS: &[Wall] = &[
    Wall { name: "terms", ours: &[], outside: &["jiff", "serde", "xxhash-rust", "compact_str"] },
    Wall { name: "stats", ours: &[], outside: &["statrs", "nalgebra", "rand", "rand_pcg", "rand_distr", "rayon"] },
    Wall { name: "lined", ours: &[], outside: &["toml"] },
    Wall {
        name: "agreement",
        ours: &["terms", "lined"],
        outside: &["serde", "jiff", "xxhash-rust", "blake3", "ed25519-dalek"],
    },
    Wall { name: "entries", ours: &["terms"], outside: &["compact_str", "xxhash-rust"] },
    Wall { name: "tallies", ours: &["terms"], outside: &[] },
    Wall { name: "report", ours: &["terms"], outside: &["serde"] },
    Wall { name: "identity", ours: &["terms", "entries"], outside: &["xxhash-rust"] },
    Wall { name: "journey", ours: &["terms", "entries", "agreement", "tallies"], outside: &[] },
    Wall { name: "analyses", ours: &["terms", "stats", "agreement", "tallies", "report"], outside: &["serde"] },
    Wall {
        name: "import",
        ours: &["terms", "lined", "entries"],
        outside: &[
            "csv",
            "csv-core",
            "memchr",
            "serde",
            "serde_json",
            "encoding_rs",
            "calamine",
            "zip",
            "flate2",
            "globset",
            "compact_str",
            "xxhash-rust",
            "jiff",
            "rayon",
        ],
    },
    Wall {
        name: "ledger",
        ours: &["terms", "entries"],
        outside: &[
            "arrow",
            "parquet",
            "bytes",
            "rayon",
            "serde",
            "serde_json",
            "blake3",
            "hashbrown",
            "memmap2",
            "xxhash-rust",
            "compact_str",
        ],
    },
    Wall {
        name: "facts",
        ours: &["terms", "entries", "identity", "agreement", "journey", "tallies", "ledger"],
        outside: &[
            "arrow",
            "parquet",
            "memmap2",
            "rayon",
            "hashbrown",
            "blake3",
            "bytes",
            "serde",
            "serde_json",
            "compact_str",
            "xxhash-rust",
        ],
    },
    Wall {
        name: "desk",
        ours: &["terms", "entries", "agreement"],
        outside: &["rusqlite", "hashbrown", "xxhash-rust", "rand", "serde", "serde_json"],
    },
    Wall {
        name: "simulate",
        ours: &["terms", "entries"],
        outside: &["rand", "rand_pcg", "rand_distr", "csv", "serde", "serde_json", "zip", "flate2", "encoding_rs"],
    },
    Wall { name: "faces", ours: &["terms", "report"], outside: &["maud", "serde", "serde_json", "rust_xlsxwriter"] },
    Wall {
        name: "web",
        ours: &["terms", "report", "faces", "desk"],
        outside: &[
            "axum",
            "tokio",
            "tokio-rustls",
            "maud",
            "multer",
            "serde",
            "serde_json",
            "tracing",
            "prometheus-client",
            "argon2",
            "chacha20poly1305",
            "blake3",
            "form_urlencoded",
            "futures",
        ],
    },
    Wall {
        name: "lockstep",
        ours: &[
            "terms",
            "lined",
            "stats",
            "agreement",
            "entries",
            "identity",
            "journey",
            "tallies",
            "report",
            "analyses",
            "import",
            "ledger",
            "facts",
            "desk",
            "simulate",
            "faces",
            "web",
        ],
        outside: &[
            "clap",
            "clap_complete",
            "indicatif",
            "serde",
            "serde_json",
            "toml",
            "rayon",
            "hashbrown",
            "jiff",
            "futures",
            "tokio",
            "tracing-subscriber",
            "mimalloc",
            "blake3",
        ],
    },
];

/// Crates that only these may name, even as a dev-dependency.
const KEPT: &[(&str, &[&str])] = &[
    ("arrow", &["ledger", "facts"]),
    ("parquet", &["ledger", "facts"]),
    ("rusqlite", &["desk"]),
    ("datafusion", &["cluster"]),
    ("axum", &["web"]),
    ("tokio-rustls", &["web"]),
];

fn short(package: &str) -> &str {
    package.strip_prefix("lockstep-").unwrap_or(package)
}

/// Every dependency that the table does not allow, one line each.
pub fn problems() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("Cargo.toml");
    let metadata = match MetadataCommand::new().manifest_path(root).no_deps().exec() {
        Ok(metadata) => metadata,
        Err(error) => return vec![format!("cargo metadata: {error}")],
    };
    let mut problems = Vec::new();
    for package in &metadata.packages {
        let name = short(&package.name);
        if name == "xtask" {
            continue;
        }
        let Some(wall) = WALLS.iter().find(|w| w.name == name) else {
            problems.push(format!("`{name}`: has no row in the table of walls"));
            continue;
        };
        for dependency in &package.dependencies {
            let used = short(&dependency.name);
            let is_ours = WALLS.iter().any(|w| w.name == used) && (dependency.path.is_some() || used == "lockstep");
            if let Some((_, who)) = KEPT.iter().find(|(kept, _)| *kept == used)
                && !who.contains(&name)
            {
                problems.push(format!("`{name}`: names `{used}`, which only {who:?} may"));
            }
            if dependency.kind != DependencyKind::Normal {
                continue;
            }
            let allowed = if is_ours { wall.ours } else { wall.outside };
            if !allowed.contains(&used) {
                problems.push(format!("`{name}`: depends on `{used}`, which its wall does not allow"));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dependency_is_allowed_by_the_table_of_walls() {
        assert_eq!(problems(), Vec::<String>::new());
    }

    #[test]
    fn no_wall_names_a_crate_that_stands_above_it() {
        // the table itself has no cycle: a crate's own list holds only crates listed before it, the front door last
        for (i, wall) in WALLS.iter().enumerate() {
            for ours in wall.ours {
                let place = WALLS.iter().position(|w| w.name == *ours);
                assert!(place.is_some_and(|p| p < i), "{} names {ours}", wall.name);
            }
        }
    }
}
