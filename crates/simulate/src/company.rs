//! The invented companies, one per story.

use serde::Serialize;

/// An invented company. All share one world; each but `Steady` has one thing that is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Company {
    /// Nothing changes
    Steady,
    /// Follow-up slows and thins
    Leaky,
    /// Many more leads, all the extra of low quality
    Flooded,
    /// Price cuts at the end of the quarter
    Discounted,
    /// The source mix moves to weaker sources
    Shifted,
    /// Opportunities take longer to close
    Slow,
    /// Fast reps take the best leads
    Picky,
    /// New account executives win less
    Turnover,
    /// Statuses flipped and tasks faked to stop the clocks
    Gamed,
    /// Sixty leads in all
    Tiny,
    /// Steady, in files with every fault
    Messy,
    /// Headers only
    Empty,
}

impl Company {
    /// Every company, in the order they are best shown.
    pub const ALL: [Company; 12] = [
        Company::Steady,
        Company::Leaky,
        Company::Flooded,
        Company::Discounted,
        Company::Shifted,
        Company::Slow,
        Company::Picky,
        Company::Turnover,
        Company::Gamed,
        Company::Tiny,
        Company::Messy,
        Company::Empty,
    ];

    /// The name on the command line and in `truth.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Company::Steady => "steady",
            Company::Leaky => "leaky",
            Company::Flooded => "flooded",
            Company::Discounted => "discounted",
            Company::Shifted => "shifted",
            Company::Slow => "slow",
            Company::Picky => "picky",
            Company::Turnover => "turnover",
            Company::Gamed => "gamed",
            Company::Tiny => "tiny",
            Company::Messy => "messy",
            Company::Empty => "empty",
        }
    }

    /// The company of that name, if there is one.
    pub fn parse(name: &str) -> Option<Company> {
        Company::ALL.into_iter().find(|c| c.name() == name)
    }

    /// One plain sentence.
    pub const fn describe(self) -> &'static str {
        match self {
            Company::Steady => "Two years in which nothing changes but chance.",
            Company::Leaky => "From July 2026 fewer leads are tried, later, and they are given up sooner.",
            Company::Flooded => "From July 2026 there are 1.8 times as many leads, and all the extra ones are weak.",
            Company::Discounted => "From July 2026 prices are cut, most of all in the last two weeks of the quarter.",
            Company::Shifted => "From July 2026 leads come from weaker sources, while every source converts as before.",
            Company::Slow => "From July 2026 opportunities take nearly twice as long to close, as often won as before.",
            Company::Picky => "Fast reps take the best leads, so speed looks far more useful than it is.",
            Company::Turnover => "From July 2026 most account executives are new and win a third less.",
            Company::Gamed => "From July 2026 statuses are flipped and tasks made up, and revenue does not change.",
            Company::Tiny => "Sixty leads in two years.",
            Company::Messy => "The steady company, in files with every fault that exports have.",
            Company::Empty => "Files with headers and nothing else.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_parses_to_its_company() {
        for company in Company::ALL {
            assert_eq!(Company::parse(company.name()), Some(company));
            assert!(company.describe().ends_with('.'));
        }
        assert_eq!(Company::parse("acme"), None);
    }
}
