//! The two teams. Nothing in Lockstep may treat one otherwise than the other.

use serde::{Deserialize, Serialize};

/// One of the two teams of the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Team {
    /// Marketing.
    Marketing,
    /// Sales.
    Sales,
}

impl Team {
    /// The other team.
    pub const fn other(self) -> Team {
        match self {
            Team::Marketing => Team::Sales,
            Team::Sales => Team::Marketing,
        }
    }
}
