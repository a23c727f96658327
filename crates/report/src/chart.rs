//! Charts as values. A face decides how they look, never what they say.

use serde::{Deserialize, Serialize};

use crate::{Figure, Owner};

/// One chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Chart {
    /// From one total to another, step by step.
    Waterfall(Box<Waterfall>),
    /// Estimates side by side with their intervals.
    DotWhisker(DotWhisker),
    /// A series over periods with its interval; young periods are projected.
    Band(Band),
}

/// From one total to another, step by step, in funnel order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waterfall {
    /// What is measured, in words with the unit.
    pub title: String,
    /// Where it starts: the total compared against.
    pub from: Figure,
    /// The steps, in funnel order; they add up to the gap.
    pub steps: Vec<Step>,
    /// Where it ends: the actual total.
    pub to: Figure,
    /// The gap, counted.
    pub gap: Figure,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The factor's contribution.
    pub figure: Figure,
    /// One line under its name: what it was and what it is.
    pub note: String,
    /// Who can change it.
    pub owner: Owner,
    /// On the step that is named as the largest: how likely it is that of all steps, chance taken out, 0 to 1.
    pub largest: Option<f64>,
}

/// Estimates side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DotWhisker {
    /// What is measured, in words with the unit.
    pub title: String,
    /// What the rows are called.
    pub axis: String,
    /// The rows, in their given order.
    pub rows: Vec<Dot>,
    /// A reference that all rows are read against.
    pub reference: Option<Figure>,
}

/// One row of a dot-whisker chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dot {
    /// The estimate.
    pub figure: Figure,
    /// One line under its name.
    pub note: String,
    /// Who can change it, where the chart groups by that.
    pub owner: Option<Owner>,
}

/// A series over periods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// What is measured, in words with the unit.
    pub title: String,
    /// The points, oldest first.
    pub points: Vec<BandPoint>,
    /// A reference line.
    pub reference: Option<Figure>,
}

/// One point of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BandPoint {
    /// The period's name.
    pub label: String,
    /// The estimate; `Projected` where the cohort is too young.
    pub figure: Figure,
}
