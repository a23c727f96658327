//! Whether leads can be followed to what became of them: how many opportunities have a lead, and wins told of twice.
//!
//! Not here: links themselves (`identity`) and the rates that need them (the rooms).

use facts::Mapped;
use ledger::Head;
use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Facts, Grain, Measure, Spec, Test};

use crate::failure::Failure;

/// Below this share of opportunities with a lead, what became of leads says nothing about leads.
const FEW: f64 = 0.1;

/// Counts of one head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Opportunities.
    pub opportunities: u64,
    /// Those that a lead became.
    pub with_lead: u64,
    /// Won ones that no lead became.
    pub won_alone: u64,
    /// Lead cycles.
    pub leads: u64,
    /// Those won on their own record, without an opportunity.
    pub own_wins: u64,
    /// Those whose own win is counted with an opportunity of their company or buying group.
    pub won_with: u64,
}

impl Linked {
    /// Counts them.
    pub fn of(facts: &Mapped) -> Result<Linked, Failure> {
        let won = opp::WON_ON;
        let spec = |name, grain, measures| Spec { name, grain, filter: vec![], dims: vec![], measures };
        let no_opportunity = Test::Not(Box::new(Test::Has(lead::OPPORTUNITY)));
        let specs = [
            spec(
                "linked.opportunities",
                Grain::Opportunity,
                vec![
                    Measure::Count,
                    Measure::CountIf(vec![Test::Is(opp::HAS_LEAD, 1)]),
                    Measure::CountIf(vec![Test::Not(Box::new(Test::Is(opp::HAS_LEAD, 1))), Test::Has(won)]),
                ],
            ),
            spec(
                "linked.leads",
                Grain::LeadCycle,
                vec![
                    Measure::Count,
                    Measure::CountIf(vec![Test::Is(lead::REACHED_WON, 1), no_opportunity.clone()]),
                    Measure::CountIf(vec![Test::Has(lead::WINS_WITH), no_opportunity]),
                ],
            ),
        ];
        let tallies = facts.answer(&specs)?;
        let n = |tally: usize, measure: usize| {
            tallies.get(tally).filter(|t| t.cells > 0).map_or(0, |t| t.int(0, measure).max(0) as u64)
        };
        Ok(Linked {
            opportunities: n(0, 0),
            with_lead: n(0, 1),
            won_alone: n(0, 2),
            leads: n(1, 0),
            own_wins: n(1, 1),
            won_with: n(1, 2),
        })
    }

    /// The share of opportunities that a lead became, where there are both.
    pub fn share(&self) -> Option<f64> {
        (self.opportunities > 0 && self.leads > 0).then(|| self.with_lead as f64 / self.opportunities as f64)
    }

    /// What a report says about it.
    pub fn notes(&self, link_field: &str) -> Vec<String> {
        let n = |x: u64| faces::format::count(x as i64);
        let mut notes = Vec::new();
        // where none has one and no lead was won, the rooms refuse
        let refused = self.with_lead == 0 && self.own_wins == 0;
        if !refused && self.share().is_some_and(|share| share < FEW) {
            notes.push(format!(
                "{} of {} opportunities have a lead: rates of leads into opportunities and wins speak of these alone. \
                 Missing is {link_field}.",
                if self.with_lead == 0 { "None".to_owned() } else { n(self.with_lead) },
                n(self.opportunities),
            ));
        }
        if self.own_wins > 0 && self.won_alone > 0 {
            notes.push(format!(
                "{} leads say of themselves that they were won, and {} won opportunities have no lead: nothing tells \
                 whether these are the same sales, so that one sale may be counted as two wins. Missing is {link_field}.",
                n(self.own_wins),
                n(self.won_alone),
            ));
        }
        notes
    }
}

/// The field that would say which lead an opportunity came from, by the tool that its file is of.
pub fn missing(head: &Head) -> &'static str {
    let files = || head.standing().flat_map(|m| &m.files);
    let of = |tool: &str| {
        files().any(|f| {
            f.count.mapping.starts_with(tool) && f.count.entries.iter().any(|(entity, _)| entity == "opportunity")
        })
    };
    if of("hubspot") {
        "the contacts of each deal: export deals with the column `Associated Contact IDs` (or `Associated Contact`)"
    } else if of("salesforce") {
        "`ConvertedOpportunityId` of leads, or opportunity contact roles"
    } else {
        "a column that names the lead or contact of each opportunity, mapped to `lead` or `person`"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_where_there_are_both() {
        let linked = Linked { opportunities: 8, with_lead: 2, leads: 0, ..Linked::default() };
        assert_eq!(linked.share(), None);
        assert_eq!(Linked { leads: 5, ..linked }.share(), Some(0.25));
    }
}
