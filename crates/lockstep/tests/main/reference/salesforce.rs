//! A Salesforce developer's organisation: small, whole, and contradicting itself.

use super::imported;
use crate::page::Page;

#[test]
fn leads_opportunities_and_their_links_are_those_counted_elsewhere() {
    let Some((place, _)) = imported("salesforce-dev-org-history") else { return };
    let status = place.json(&["status"]);
    for (entity, n) in [("lead", 22), ("opportunity", 36), ("stage_change", 48), ("account", 18)] {
        assert_eq!(status["counts"][entity], n, "{entity}");
    }
    let page = Page::read(&place.report(&[]));
    assert_eq!((page.count("funnel.all.inquiry"), page.count("funnel.all.opportunity")), (22, 5));
    let sum = |part: &str| -> f64 {
        let of =
            page.figures.iter().filter(|(id, _)| id.starts_with("funnel.opportunity.source.") && id.ends_with(part));
        of.map(|(_, f)| f.value.unwrap()).sum()
    };
    assert_eq!((sum(".opened"), sum(".won"), sum(".lost"), sum(".amount")), (36.0, 12.0, 8.0, 281_500_000.0));
}

#[test]
fn three_leads_are_closed_as_converted_and_are_not_and_the_flag_decides() {
    let Some((place, _)) = imported("salesforce-dev-org-history") else { return };
    let told = place.json(&["contradictions"]);
    let status: Vec<_> =
        told["contradictions"].as_array().unwrap().iter().filter(|c| c["field"] == "stage, is_converted").collect();
    assert_eq!(status.len(), 3);
    let mut lines = Vec::new();
    for c in status {
        assert_eq!(
            (c["about"].as_str(), c["a"]["value"].as_str(), c["b"]["value"].as_str()),
            (Some("lead"), Some("Closed - Converted"), Some("no"))
        );
        assert_eq!(c["decided"], "b");
        lines.push(c["a"]["where"].as_str().unwrap().to_owned());
    }
    lines.sort();
    lines.dedup();
    assert_eq!(lines.len(), 3, "three different leads");
}
