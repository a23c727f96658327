use entries::catalogue::lead;
use terms::{Entity, Stage};

use crate::memory::{import, piece};

#[test]
fn education_leads_and_conversions_are_those_counted_elsewhere() {
    let Some(file) = piece("xeducation-leads/Leads.csv") else { return };
    let (count, memory) = import(&file);
    assert_eq!((count.rows, count.used, count.rejected), (9_240, 9_240, 0));
    assert_eq!(memory.distinct(Entity::Lead), 9_240);
    let won = memory.of(Entity::Lead).iter().filter(|e| e.get(lead::STAGE).stage() == Some(Stage::ClosedWon)).count();
    let flagged = memory.of(Entity::Lead).iter().filter(|e| e.get(lead::IS_CONVERTED).flag() == Some(true)).count();
    assert_eq!((won, flagged), (3_561, 3_561));
    let sources = memory.texts(Entity::Lead, lead::SOURCE);
    assert_eq!(sources["Google"], 2_868 + 5, "google and Google are one source");
    assert_eq!(sources[""], 36);
    let origins = memory.texts(Entity::Lead, lead::SOURCE_DETAIL);
    assert_eq!((origins["Landing Page Submission"], origins["Lead Add Form"]), (4_886, 718));
}

#[test]
fn what_sales_wrote_after_contact_is_kept_from_scoring() {
    let Some(file) = piece("xeducation-leads/Leads.csv") else { return };
    let (_, memory) = import(&file);
    let late = ["Tags=", "Lead Quality=", "Lead Profile=", "Last Activity=", "Last Notable Activity=", "Asymmetrique"];
    let mut tagged = 0;
    for entry in memory.of(Entity::Lead) {
        let attributes = entry.get(lead::ATTRIBUTES).text().unwrap_or("");
        assert!(!late.iter().any(|name| attributes.lines().any(|l| l.starts_with(name))), "{attributes}");
        assert!(!attributes.contains("=Select"), "Select means not answered");
        tagged += usize::from(
            entry.get(lead::LATE_ATTRIBUTES).text().is_some_and(|t| t.lines().any(|l| l.starts_with("Tags="))),
        );
    }
    assert_eq!(tagged, 9_240 - 3_353);
}
