//! The report, its sections, and what stands in them.

use serde::{Deserialize, Serialize};

use crate::{Chart, Evidence, Figure};

/// The version of the JSON schema. Raised when a field changes its meaning or goes; new fields do not raise it.
pub const SCHEMA: u32 = 1;

/// What a question was answered with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this schema.
    pub schema: u32,
    /// What was asked, as a title.
    pub title: String,
    /// The answer: one or two sentences.
    pub headline: String,
    /// How sure that is: one to three sentences.
    pub how_sure: Vec<String>,
    /// The headline number, where there is one.
    pub figure: Option<Figure>,
    /// In reading order.
    pub sections: Vec<Section>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// One part of a report: what one room answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The room and part, such as `verdict.waterfall`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The answer in one or two sentences.
    pub answer: String,
    /// What was found, in words.
    pub findings: Vec<Finding>,
    /// Its charts.
    pub charts: Vec<Chart>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What must be known to read it rightly.
    pub caveats: Vec<String>,
    /// What could not be answered, in place of findings.
    pub refusals: Vec<Refusal>,
    /// What is not known, and what would settle it.
    pub not_known: Vec<NotKnown>,
    /// How it was worked out: method, assumptions, source.
    pub method: String,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable code, such as `wins_before_creation`.
    pub code: String,
    /// The sentence.
    pub text: String,
    /// Its rows.
    pub evidence: Option<Evidence>,
}

/// The evidence does not allow an answer. A result, not an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// A stable code, such as `no_list_price`.
    pub code: String,
    /// What was asked.
    pub asked: String,
    /// What there is.
    pub had: String,
    /// What would be needed.
    pub needed: String,
}

/// Something not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotKnown {
    /// What is not known.
    pub text: String,
    /// What would settle it, and what it is worth where that can be said.
    pub settle: String,
    /// Its rows.
    pub evidence: Option<Evidence>,
}

/// A table. Words left, numbers right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// A stable id within the report, such as `funnel.by_source`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The heads, one for each column.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// One line under the table.
    pub note: String,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Cell {
    /// Words.
    Text(String),
    /// A figure.
    Figure(Box<Figure>),
    /// Nothing to show.
    Empty,
}

/// Where a report comes from: enough to make it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The ledger's head: batch number.
    pub head: u64,
    /// The ledger's head: hash, in hex.
    pub head_hash: String,
    /// Until when the data goes, such as `2026-10-04T23:59:00Z`.
    pub data_through: String,
    /// The instant at which ages and open cohorts were judged.
    pub as_of: String,
    /// What happened after this was left out, where asked.
    pub as_if: Option<String>,
    /// The version of the agreement under which everything was read, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// Which definitions were in force.
    pub definitions: String,
    /// The period asked about.
    pub period: String,
    /// What it was compared against; empty where with nothing.
    pub against: String,
    /// The fiscal year's first month, 1 to 12.
    pub fiscal_start: u8,
    /// The reporting currency.
    pub currency: String,
    /// The seed of the draws.
    pub seed: u64,
    /// Rows by kind, in words: `12,000 leads`, ...
    pub counts: Vec<String>,
    /// Rows read, used, rejected, ignored: whether all are accounted for.
    pub completeness: String,
    /// The version of the engine.
    pub engine: String,
}

impl Provenance {
    /// The period, and what it was compared against where it was: `2026Q3 against 2026Q2`.
    pub fn asked(&self) -> String {
        if self.against.is_empty() { self.period.clone() } else { format!("{} against {}", self.period, self.against) }
    }
}
