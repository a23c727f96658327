use entries::catalogue::{lead, opportunity};
use import::suggest::suggest;
use import::{Mapping, Piece, Settings};
use terms::{Entity, Stage};

use crate::memory::{import_by, piece};

fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut lines = text.lines().map(|l| l.split(';').map(str::to_owned).collect::<Vec<_>>());
    (lines.next().unwrap(), lines.collect())
}

#[test]
fn a_suggested_mapping_reads_the_table_it_was_made_for() {
    let text = "Kennung;Firma;Verkaufsphase;Betrag;Abschlussdatum;Erstellt am;Verantwortlich;Kontakt E-Mail\n\
        1001;Muster AG;Angebot;12.500,00 €;31.03.2026;02.01.2026;Anna Schmidt;a@muster.de\n\
        1002;Beispiel GmbH;Gewonnen;8.000,00 €;15.02.2026;05.01.2026;Jan Weber;b@beispiel.de\n\
        1003;Probe KG;Verloren;4.200,50 €;20.02.2026;07.01.2026;Jan Weber;c@probe.de\n";
    let (header, rows) = table(text);
    let suggestion = suggest(&header, &rows, "Verkaufschancen.csv");
    let mapping = Mapping::parse(&suggestion.toml, "suggested.toml").unwrap();
    let (count, memory) =
        import_by(&Piece::from_bytes("Verkaufschancen.csv", text.as_bytes()), &mapping, &Settings::default()).unwrap();
    assert_eq!((count.used, count.rejected), (3, 0));
    let (sum, currency) = memory.sum(Entity::Opportunity, opportunity::AMOUNT);
    assert_eq!((sum, currency.code()), (24_700_50, "EUR"));
    let stages: Vec<_> =
        memory.of(Entity::Opportunity).iter().filter_map(|e| e.get(opportunity::STAGE).stage()).collect();
    assert_eq!(stages, [Stage::Opportunity, Stage::ClosedWon, Stage::ClosedLost]);
    memory.assert_silent_about(&["schmidt", "weber", "@"]);
    assert_eq!(memory.aliases.len(), 2);
}

#[test]
fn a_suggestion_for_real_leads_reads_every_one() {
    let Some(file) = piece("olist-marketing-funnel/olist_marketing_qualified_leads_dataset.csv") else { return };
    let text = std::fs::read_to_string(file.path()).unwrap();
    let (header, rows) = table(&text.lines().take(300).map(|l| l.replace(',', ";")).collect::<Vec<_>>().join("\n"));
    let suggestion = suggest(&header, &rows, "olist_marketing_qualified_leads_dataset.csv");
    assert_eq!(suggestion.entity.entity, Entity::Lead);
    let mapping = Mapping::parse(&suggestion.toml, "suggested.toml").unwrap();
    let (count, memory) = import_by(&file, &mapping, &Settings::default()).unwrap();
    assert_eq!((count.used, memory.distinct(Entity::Lead)), (8_000, 8_000));
    assert_eq!(memory.texts(Entity::Lead, lead::SOURCE)["organic_search"], 2_296);
}
