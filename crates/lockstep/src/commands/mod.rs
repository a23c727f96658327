//! One file a command.

pub mod agreement;
pub mod capacity;
pub mod claim;
pub mod clocks;
pub mod contradictions;
pub mod demo;
pub mod explain;
pub mod goal;
pub mod import;
pub mod key;
pub mod link;
pub mod linked;
pub mod map;
pub mod person;
pub mod preview;
pub mod rejects;
pub mod report;
pub mod rows;
pub mod score;
pub mod serve;
pub mod set;
pub mod simulate;
pub mod status;
pub mod user;
pub mod verify;
pub mod withdraw;
