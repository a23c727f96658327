//! X Education: leads without any date, and with columns that sales wrote after the contact.

use super::imported;
use crate::page::Page;

#[test]
fn leads_without_dates_have_a_rate_by_source_and_no_cohorts() {
    let Some((place, _)) = imported("xeducation-leads") else { return };
    let page = Page::read(&place.report(&[]));
    assert_eq!((page.count("funnel.all.inquiry"), page.count("funnel.all.closed_won")), (9_240, 3_561));
    assert!((page.value("funnel.all.rate") - 0.38539).abs() < 1e-5);
    let rows = [
        ("google", 2_873, 1_147), // `Google` and `google`
        ("direct_traffic", 2_543, 818),
        ("olark_chat", 1_755, 448),
        ("organic_search", 1_154, 436),
        ("reference", 534, 490),
        ("welingak_website", 142, 140),
        ("referral_sites", 125, 31),
        ("facebook", 55, 13),
        ("not_recorded", 36, 29),
    ];
    for (source, leads, won) in rows {
        let rate = page.figure(&format!("funnel.by.{source}.rate"));
        assert_eq!((rate.n, rate.of), (leads, Some(won)), "{source}");
    }
    assert_eq!(page.refusals().iter().filter(|c| **c == "no_dates").count(), 3, "the split, quality and the cohorts");
    assert!(!page.sections().contains(&"funnel.cohorts"));
    assert!(page.figures.keys().all(|id| !id.starts_with("funnel.cohort.") && !id.starts_with("funnel.wait.")));
    place.run(&["report", "--json"]).ended(1);
}

/// Tags, Lead Quality and Lead Profile say what sales found: no breakdown by them.
#[test]
fn columns_written_after_the_contact_are_no_dimension() {
    let Some((place, _)) = imported("xeducation-leads") else { return };
    for column in ["Tags", "tags", "Lead Quality", "lead_quality", "Lead Profile", "lead_profile"] {
        let page = Page::read(&place.report(&["funnel", "--by", column]));
        page.said("refusals", "no_such_column");
    }
    let page = Page::read(&place.report(&[]));
    assert!(page.figures.keys().all(|id| !id.contains("will_revert") && !id.contains("closed_by_horizzon")));
}

/// Points on what was known at capture: half of the leads told by the card of the other half as well as 95% of a boosted
/// model's area above a half (.8752 by five times two halves), and chances that lie within 3 points of the rates. What was
/// written later is refused by name.
#[test]
fn points_are_fitted_on_what_was_known_at_capture() {
    let Some((place, _)) = imported("xeducation-leads") else { return };
    let file = place.path("points.toml").display().to_string();
    let told = place.run(&["score", "fit", "--points-file", &file, "--format", "json"]).ended(0);
    let page = Page::read(&told.out);
    let (area, error) = (page.value("score.fit.halves.area"), page.value("score.fit.halves.calibration"));
    println!("area {area:.4}, calibration error {error:.4}");
    assert!(area >= 0.5 + 0.95 * (0.8752 - 0.5), "{area}");
    assert!(error <= 0.03, "{error}");
    let tables = page.json["sections"][0]["tables"].as_array().unwrap();
    let refused = tables.iter().find(|t| t["id"] == "score.fit.refused").unwrap().to_string();
    for leak in ["Tags", "Lead Quality", "Lead Profile", "Last Notable Activity", "Asymmetrique Activity Index"] {
        assert!(refused.contains(&format!("\"{leak}\"")), "{leak}");
    }
    // by no name can they be had
    let told = place.run(&["score", "fit", "--with", "Tags", "--format", "json"]).ended(0);
    let asked = Page::read(&told.out);
    assert_eq!(asked.value("score.fit.halves.area"), area);
    let points = std::fs::read_to_string(&file).unwrap();
    assert!(points.contains("Total Time Spent on Website") && !points.contains("Tags"));
}
