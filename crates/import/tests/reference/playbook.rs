use std::collections::BTreeSet;

use entries::catalogue::{opportunity, spend_day, touch};
use terms::Entity;

use crate::memory::{import, piece};

#[test]
fn sessions_conversions_and_spend_are_those_counted_elsewhere() {
    let Some(file) = piece("dbt-attribution-playbook/sessions.csv") else { return };
    let (count, sessions) = import(&file);
    assert_eq!((count.rows, count.used), (90, 90));
    assert_eq!(sessions.distinct(Entity::Touch), 90);
    let channels = sessions.texts(Entity::Touch, touch::CHANNEL);
    assert_eq!(
        (channels["direct"], channels["facebook_ads"], channels["adwords"], channels["google"]),
        (33, 18, 13, 11)
    );
    let customers: BTreeSet<_> = sessions.of(Entity::Touch).iter().map(|e| e.subject).collect();
    assert_eq!(customers.len(), 52);

    let (count, won) = import(&piece("dbt-attribution-playbook/customer_conversions.csv").unwrap());
    assert_eq!((count.rows, count.used), (21, 21));
    assert_eq!(won.distinct(Entity::Opportunity), 21);
    assert_eq!(won.sum(Entity::Opportunity, opportunity::AMOUNT).0, 275_00);
    let buyers: BTreeSet<_> =
        won.of(Entity::Opportunity).iter().filter_map(|e| e.get(opportunity::PERSON).key()).collect();
    assert!(buyers.is_subset(&customers), "a buyer is the customer of the sessions");

    let (count, spend) = import(&piece("dbt-attribution-playbook/ad_spend.csv").unwrap());
    assert_eq!((count.rows, count.used), (42, 42));
    assert_eq!(spend.distinct(Entity::SpendDay), 42);
    let of = |platform| -> i64 {
        let days =
            spend.of(Entity::SpendDay).into_iter().filter(|e| e.get(spend_day::PLATFORM).text() == Some(platform));
        days.filter_map(|e| e.get(spend_day::COST).money()).map(|m| m.minor).sum()
    };
    assert_eq!((of("facebook_ads"), of("adwords")), (312_00, 47_00));
}
