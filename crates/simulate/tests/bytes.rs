//! Same plan, same bytes.

#![allow(clippy::unwrap_used, clippy::panic)]

mod written;

use lockstep_simulate::{Company, Plan};
use written::{company, planned};

#[test]
fn the_same_plan_writes_the_same_bytes() {
    for name in Company::ALL {
        assert_eq!(company(name, 400, 7).hash(), company(name, 400, 7).hash(), "{}", name.name());
    }
}

#[test]
fn another_seed_writes_other_bytes() {
    assert_ne!(company(Company::Steady, 400, 7).hash(), company(Company::Steady, 400, 8).hash());
}

#[test]
fn leads_before_the_planted_change_are_the_same_in_every_company() {
    let old = |name| {
        let rows = company(name, 800, 3).table("salesforce/Lead.csv");
        rows.into_iter()
            .filter(|r| r["CreatedDate"].as_str() < "2026-07-01")
            .map(|r| [r["Id"].clone(), r["Email"].clone(), r["CreatedDate"].clone(), r["LeadSource"].clone()])
            .collect::<Vec<_>>()
    };
    let steady = old(Company::Steady);
    for name in [Company::Leaky, Company::Flooded, Company::Shifted, Company::Slow, Company::Turnover] {
        assert_eq!(old(name), steady, "{}", name.name());
    }
}

#[test]
fn the_knobs_set_touches_and_activities_and_change_no_outcome() {
    let few = company(Company::Steady, 3_000, 1);
    let many = planned(&Plan {
        leads: 3_000,
        touches_per_lead: 12.0,
        activities_per_lead: 9.0,
        ..Plan::new(Company::Steady, 1)
    });
    assert_eq!(few.truth.realised.periods, many.truth.realised.periods);
    let rows = |w: &written::Written, file: &str| w.truth.rows.iter().find(|r| r.0 == file).unwrap().1 as f64 / 3_000.0;
    let touches = |w| {
        rows(w, "hubspot/contact_form_submission.csv")
            + rows(w, "hubspot/email_event_open.csv")
            + rows(w, "hubspot/email_event_click.csv")
    };
    assert!((touches(&many) - 12.0).abs() < 1.2, "{}", touches(&many));
    assert!((touches(&few) - 1.5).abs() < 0.3, "{}", touches(&few));
    assert!((rows(&many, "salesforce/Task.csv") - 9.0).abs() < 1.2);
    assert!((rows(&few, "salesforce/Task.csv") - 1.5).abs() < 0.4);
}
