//! All mappings at hand: those that come with Lockstep, and the user's.

use super::Mapping;
use crate::Error;

/// The built-in mappings: file name and text.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/mappings.rs"));

/// The mappings that come with Lockstep, as file name and TOML.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    BUILT_IN
}

/// Mappings by name, in a fixed order.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    mappings: Vec<Mapping>,
}

impl Catalogue {
    /// The built-in mappings.
    pub fn builtin() -> Result<Catalogue, Error> {
        let mut catalogue = Catalogue::default();
        for (file, toml) in BUILT_IN {
            let mapping = Mapping::parse(toml, file)?;
            if let Some(other) = catalogue.get(mapping.name()) {
                let cause = format!("two built-in mappings are named `{}`", other.name());
                return Err(Error::new("mapping", file, cause));
            }
            catalogue.mappings.push(mapping);
        }
        Ok(catalogue)
    }

    /// Adds a mapping; one of the same name gives way to it.
    pub fn add(&mut self, mapping: Mapping) {
        self.mappings.retain(|other| other.name != mapping.name);
        self.mappings.push(mapping);
    }

    /// All mappings.
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// The mapping of this name.
    pub fn get(&self, name: &str) -> Option<&Mapping> {
        self.mappings.iter().find(|mapping| mapping.name == name)
    }
}
