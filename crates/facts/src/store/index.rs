//! What a folder of facts says of itself: of which head, by which definitions, how many rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What facts were made of. Two folders with the same `Made` hold the same facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Made {
    /// The number of the head's manifest.
    pub seq: u64,
    /// The head's hash.
    pub head: String,
    /// The hash of the definitions and of the options.
    pub definitions: String,
    /// What had happened by this minute only, where asked.
    pub as_if: Option<i32>,
    /// The currency of all money.
    pub currency: String,
    /// The last minute that the ledger knows something of.
    pub data_through: Option<i32>,
    /// Other figures about the build, by name: entries read, journeys, lines that met no journey, ...
    pub counts: BTreeMap<String, u64>,
}

/// The rows of one grain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrainIndex {
    /// The grain's word.
    pub grain: String,
    /// Rows in the base columns, replaced ones included.
    pub base: u64,
    /// Rows of the base that an overlay replaces.
    pub replaced: u64,
    /// Rows in the overlay.
    pub overlay: u64,
    /// Whether there are overlay files.
    pub has_overlay: bool,
}

impl GrainIndex {
    /// Rows that count.
    pub const fn rows(&self) -> u64 {
        self.base - self.replaced + self.overlay
    }
}

/// The index of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The version of the files.
    pub format: u32,
    /// Of what.
    pub made: Made,
    /// One for each grain, in the order of `tallies::Grain::ALL`.
    pub grains: Vec<GrainIndex>,
}
