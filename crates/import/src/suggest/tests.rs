use super::*;

fn rows(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut lines = text.trim().lines().map(|l| l.trim().split(';').map(str::to_owned).collect::<Vec<_>>());
    (lines.next().unwrap(), lines.collect())
}

fn term<'a>(s: &'a Suggestion, column: &str) -> &'a str {
    s.columns.iter().find(|p| p.column == column).map_or("", |p| p.term.as_str())
}

/// The engine takes it as a mapping, and here it is as a table.
fn parses(s: &Suggestion) -> toml::Table {
    crate::Mapping::parse(&s.toml, "suggested.toml").unwrap_or_else(|e| panic!("{e} ({:?})\n{}", e.hint(), s.toml));
    s.toml.parse::<toml::Table>().unwrap_or_else(|e| panic!("{e}\n{}", s.toml))
}

#[test]
fn a_plain_english_lead_list_is_placed() {
    let (header, sample) = rows(
        "Lead ID;Full Name;Email Address;Mobile;Company Name;Lead Source;Lead Status;Date Created;Assigned To;Lead Score
         L-1;Ada Byron;ada@x.org;+44 20 7946 0001;X Ltd;Webinar;New;2026-01-02;Jo March;17
         L-2;Max Born;max@y.de;+49 30 901820;Y GmbH;Google;MQL;2026-01-03;Jo March;40
         L-3;Rosa Lux;rosa@z.pl;+48 22 555 0000;Z SA;Referral;Not interested;2026-01-05;Amy Pond;3",
    );
    let s = suggest(&header, &sample, "crm_leads_2026.csv");
    assert_eq!(s.entity.entity, Entity::Lead);
    assert!(s.entity.confidence > 0.6, "{:?}", s.entity);
    for (column, expected) in [
        ("Lead ID", "id"),
        ("Full Name", "person.name"),
        ("Email Address", "person.mail"),
        ("Mobile", "person.phone"),
        ("Company Name", "company"),
        ("Lead Source", "source"),
        ("Lead Status", "stage"),
        ("Date Created", "created_at"),
        ("Assigned To", "owner"),
        ("Lead Score", "score"),
    ] {
        assert_eq!(term(&s, column), expected, "{column}");
    }
    let table = parses(&s);
    assert_eq!(table["name"].as_str(), Some("crm-leads"));
    let set = &table["entity"][0]["set"];
    assert_eq!(set["owner"]["alias"].as_bool(), Some(true), "a rep known by name gets an alias");
    assert_eq!(
        set["mail_domain"]["mail_domain"].as_str(),
        Some("Email Address"),
        "what free mail and target accounts go by"
    );
    assert_eq!(table["values"]["stage"]["MQL"].as_str(), Some("mql"));
    assert_eq!(table["values"]["stage"]["Not interested"].as_str(), Some("disqualified"));
}

#[test]
fn a_german_opportunity_list_is_placed() {
    let (header, sample) = rows(
        "Kennung;Firma;Verkaufsphase;Betrag;Währung;Abschlussdatum;Erstellt am;Verantwortlich;Verlustgrund
         1001;Muster AG;Angebot;12.500,00 €;EUR;31.03.2026;02.01.2026;Anna Schmidt;
         1002;Beispiel GmbH;Gewonnen;8.000,00 €;EUR;15.02.2026;05.01.2026;Jan Weber;
         1003;Probe KG;Verloren;4.200,50 €;EUR;20.02.2026;07.01.2026;Jan Weber;Preis",
    );
    let s = suggest(&header, &sample, "Verkaufschancen.csv");
    assert_eq!(s.entity.entity, Entity::Opportunity);
    for (column, expected) in [
        ("Kennung", "id"),
        ("Firma", "company"),
        ("Verkaufsphase", "stage"),
        ("Betrag", "amount"),
        ("Währung", "currency"),
        ("Abschlussdatum", "closed_at"),
        ("Erstellt am", "created_at"),
        ("Verantwortlich", "owner"),
        ("Verlustgrund", "reason"),
    ] {
        assert_eq!(term(&s, column), expected, "{column}");
    }
    assert_eq!(s.currencies, ["EUR"]);
    let table = parses(&s);
    assert_eq!(table["file"]["currency_column"].as_str(), Some("Währung"));
    assert_eq!(table["values"]["stage"]["Gewonnen"].as_str(), Some("closed_won"));
    assert_eq!(table["values"]["stage"]["Angebot"].as_str(), Some("opportunity"));
}

#[test]
fn other_languages_are_placed_too() {
    let cases = [
        (
            "Identifiant;Nom;Prénom;Courriel;Société;Statut du lead;Date de création;Propriétaire",
            "leads_export.csv",
            Entity::Lead,
        ),
        (
            "ID;Nombre;Apellidos;Correo electrónico;Empresa;Estado del lead;Fecha de creación;Propietario",
            "prospectos.csv",
            Entity::Lead,
        ),
        (
            "Código;Cliente;Etapa;Valor do negócio;Data de fechamento;Criado em;Responsável",
            "negocios.csv",
            Entity::Opportunity,
        ),
        ("Nummer;Bedrijf;Fase;Bedrag;Sluitingsdatum;Aangemaakt op;Eigenaar", "verkoopkansen.csv", Entity::Opportunity),
        ("Tag;Kampagne;Kosten;Impressionen;Klicks;Conversions", "ads.csv", Entity::SpendDay),
        ("Lead ID;Date;Type;Direction;Result;Rep;Duration", "calls.csv", Entity::Activity),
        ("Deal ID;Old Stage;New Stage;Changed At;Changed By", "stage_history.csv", Entity::StageChange),
        ("Company Name;Website;Industry;Number of Employees;Country", "companies.csv", Entity::Account),
        ("period;metric;target", "targets.csv", Entity::Plan),
        ("Campaign ID;Campaign Name;Type;Start Date;End Date;Budget", "campaigns.csv", Entity::Campaign),
        ("User ID;Full Name;Email;Role;Team;Active", "users.csv", Entity::Rep),
    ];
    for (header, file, expected) in cases {
        let (header, _) = rows(header);
        let s = suggest(&header, &[], file);
        assert_eq!(s.entity.entity, expected, "{file}: {:?}", s.entity);
        assert!(s.unplaced.len() * 4 <= header.len(), "{file}: {:?}", s.unplaced);
        parses(&s);
    }
}

/// A table of ten rows whose first columns are made by `cells`.
fn ten(header: &str, cells: impl Fn(usize) -> String) -> (Vec<String>, Vec<Vec<String>>) {
    let lines: Vec<String> = (0..10).map(cells).collect();
    rows(&format!("{header}\n{}", lines.join("\n")))
}

#[test]
fn a_key_is_known_by_its_cells_where_its_name_says_nothing() {
    let cases = [
        // a sales list of a German machine builder: `Vorgang` is the key, the score is another in every row too
        ten("Vorgang;Firma;Ansprechpartner;Herkunft;Eingangsdatum;Umsatzpotenzial", |n| {
            format!("VG-{};Muster {n} GmbH;Anna Schmidt;Messe;{}.03.2026;{},50", 900 + n, 10 + n, 1000 + 17 * n)
        }),
        // French, with plain numbers that run through in the first column
        ten("Dossier;Entreprise;Contact;Provenance;Date de création;Montant", |n| {
            format!("{};Société {n};Jean Petit;Salon;2026-03-{};{}", 40_012 + n, 10 + n, 5000 + 37 * n)
        }),
        // Dutch, the key in the middle
        ten("Bedrijf;Contactpersoon;Kenmerk;Bron;Aangemaakt op;Waarde", |n| {
            format!("Bedrijf {n} BV;Piet de Vries;K{n}X7;Beurs;2026-03-{};{}", 10 + n, 700 + 13 * n)
        }),
    ];
    for ((header, sample), key) in cases.iter().zip(["Vorgang", "Dossier", "Kenmerk"]) {
        let s = suggest(header, sample, "liste.csv");
        assert_eq!(term(&s, key), "id", "{:?} {:?}", s.entity, s.columns);
        parses(&s);
    }
    // a number that is another in every row is no key unless it stands first, and nor is a key that repeats
    let (header, sample) = ten("Firma;Herkunft;Eingangsdatum;Punktwert;Gruppe", |n| {
        format!("Muster {n} GmbH;Messe;{}.03.2026;{};G{}", 10 + n, 1000 + 17 * n, n / 2)
    });
    let s = suggest(&header, &sample, "leads.csv");
    assert!(s.columns.iter().all(|p| p.term != "id"), "{:?}", s.columns);
}

#[test]
fn a_column_of_mails_never_reaches_a_text() {
    let (header, sample) = rows(
        "Deal;Source;Product;Amount;Owner
         A;ann@x.org;+49 171 1234567;10;joe@us.com
         B;bob@y.org;+49 171 7654321;20;amy@us.com",
    );
    let s = suggest(&header, &sample, "deals.csv");
    assert_eq!((term(&s, "Source"), term(&s, "Product")), ("", ""));
    assert!(s.unplaced.iter().any(|(c, why)| c == "Source" && why.contains("mail")));
    assert_eq!(parses(&s)["entity"][0]["set"]["owner"]["alias"].as_bool(), Some(true));
}

#[test]
fn mails_are_known_by_their_cells_when_the_header_is_silent() {
    let (header, sample) = rows(
        "Lead;Field 7;Status
         1;ann@x.org;New
         2;bob@y.org;New",
    );
    let s = suggest(&header, &sample, "leads.csv");
    assert_eq!(term(&s, "Field 7"), "person.mail");
}

#[test]
fn dates_with_two_readings_are_named_and_not_guessed() {
    let (header, sample) = rows(
        "Lead ID;Status;Created;Last Modified
         1;New;03/04/2026;03/04/2026
         2;New;05/06/2026;25/06/2026",
    );
    let s = suggest(&header, &sample, "leads.csv");
    assert_eq!(s.dates_needing_order, ["Created"]);
    let table = parses(&s);
    assert!(table["file"].get("date_order").is_none(), "left for the reader to choose");
    assert!(s.toml.contains("# date_order"));
}

#[test]
fn hostile_headers_still_give_toml() {
    let header: Vec<String> = [
        "",
        "a\"b\\c",
        "x|y",
        "line\nbreak",
        "Status",
        "Status (2)",
        "💥",
        "\u{0}",
        "lead id # = [",
        "Close\tDate",
        "Created..At",
        "@file",
    ]
    .map(str::to_owned)
    .to_vec();
    let sample = vec![vec!["a\"\n".to_owned(); 10], vec!["*\u{7}".to_owned(); 3], vec![]];
    for file in ["", "../../etc/😀.csv", "a\nb.csv", "2026.csv"] {
        let s = suggest(&header, &sample, file);
        parses(&s);
        assert_eq!(s.columns.len() + s.unplaced.len(), header.len());
    }
    parses(&suggest(&[], &[], ""));
    parses(&suggest(&["?".to_owned()], &[], "x.csv"));
}

#[test]
fn the_same_table_gives_the_same_suggestion() {
    let (header, sample) = rows("Lead ID;Status;Created\n1;New;2026-01-01\n2;Won;2026-01-02");
    assert_eq!(suggest(&header, &sample, "x.csv"), suggest(&header, &sample, "x.csv"));
}

#[test]
fn stage_words_are_read_and_unknown_ones_left() {
    for (value, expected) in [
        ("Open - Not Contacted", Some(terms::Stage::Inquiry)),
        ("Working - Contacted", Some(terms::Stage::Sal)),
        ("Marketing Qualified", Some(terms::Stage::Mql)),
        ("Nicht qualifiziert", Some(terms::Stage::Disqualified)),
        ("Closed Won", Some(terms::Stage::ClosedWon)),
        ("Perdu", Some(terms::Stage::ClosedLost)),
        ("Rechazado", Some(terms::Stage::Rejected)),
        ("Nurturing", Some(terms::Stage::Recycled)),
        ("Blue", None),
        ("42", None),
    ] {
        assert_eq!(values::stage(Entity::Lead, value), expected, "{value}");
    }
    assert_eq!(values::stage(Entity::Opportunity, "New"), Some(terms::Stage::Opportunity));
}

#[test]
fn what_a_program_says_of_itself_marks_machines_and_is_not_kept() {
    let (header, sample) = rows(
        "Visit ID;Contact ID;Timestamp;Event Type;Page URL;User Agent
         1;C-1;2026-03-01 09:00:00;visit;/pricing;Mozilla/5.0 (Windows NT 10.0) Chrome/126.0
         2;C-2;2026-03-01 09:00:05;visit;/pricing;Mozilla/5.0 (compatible; AhrefsBot/7.0)",
    );
    let s = suggest(&header, &sample, "web_visits.csv");
    assert_eq!((s.entity.entity, term(&s, "User Agent")), (Entity::Touch, "agent"));
    let set = &parses(&s)["entity"][0]["set"];
    for field in ["automatic", "reason"] {
        assert_eq!(set[field]["agent"].as_str(), Some("User Agent"), "{field}");
    }
}

#[test]
fn revenue_is_what_an_opportunity_is_worth() {
    let text = "Kennung;Firma;Phase;Umsatz;Abschlussdatum;Erstellt am
         1001;Muster AG;Angebot;12.500,00 €;31.03.2026;02.01.2026
         1002;Beispiel GmbH;Gewonnen;8.000,00 €;15.02.2026;05.01.2026";
    let (header, sample) = rows(text);
    let s = suggest(&header, &sample, "Verkaufschancen.csv");
    assert_eq!((s.entity.entity, term(&s, "Umsatz")), (Entity::Opportunity, "amount"));
    let (header, sample) = rows(&text.replace("Umsatz", "Revenue"));
    assert_eq!(term(&suggest(&header, &sample, "deals.csv"), "Revenue"), "amount");
}
