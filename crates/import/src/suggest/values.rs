//! Our words for the values that a stage or flag column holds.
//!
//! Invariant: a value without a plain reading gets no guess; it then stays as recorded.

use entries::Kind;
use terms::{Entity, Stage};

use super::ValueMap;
use super::fold;
use super::looks::Looks;
use super::place::{self, Spot};
use crate::values::parse_flag;

/// The value maps that the placed columns need.
pub(super) fn maps(entity: Entity, placed: &[Spot], looks: &[Looks]) -> Vec<ValueMap> {
    let mut maps = Vec::new();
    for spot in placed {
        let term = spot.placed.term.as_str();
        let looks = &looks[spot.index];
        let guess: fn(Entity, &str) -> Option<&'static str> = match (place::kind(entity, term), term) {
            (Some(Kind::Stage), _) => |entity, value| stage(entity, value).map(Stage::word),
            (Some(Kind::Flag), _) if needs_map(looks) => |_, value| flag(value),
            (_, "kind") if entity == Entity::Activity => |_, value| activity_kind(value),
            (_, "direction") => |_, value| direction(value),
            _ => continue,
        };
        let mut values: Vec<(&String, u64)> = looks.values.iter().map(|(v, n)| (v, *n)).collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let mut seen = std::collections::BTreeSet::new();
        values.retain(|(value, _)| seen.insert(value.to_lowercase())); // a map takes no notice of case
        maps.push(ValueMap {
            column: spot.placed.column.clone(),
            map: term.replace('.', "_"),
            values: values.iter().map(|(v, _)| ((*v).clone(), guess(entity, v).map(str::to_owned))).collect(),
        });
    }
    maps
}

fn needs_map(looks: &Looks) -> bool {
    looks.values.keys().any(|v| parse_flag(v).is_none())
}

fn has(words: &str, any: &str) -> bool {
    let padded = format!(" {words} ");
    any.split('|').any(|w| {
        if let Some(stem) = w.strip_suffix('*') {
            padded.contains(&format!(" {stem}"))
        } else {
            padded.contains(&format!(" {w} "))
        }
    })
}

/// The stage that a value names; the first that fits, from the end of the funnel to its start.
pub(super) fn stage(entity: Entity, value: &str) -> Option<Stage> {
    let words = fold::words(value);
    let negated = has(&words, "not|un|nicht|no|non|nao|niet|non");
    let rules: [(Stage, &str); 10] = [
        (
            Stage::Disqualified,
            "disqualif*|unqualified|not qualified|unqualifiziert|nicht qualifiziert|disqualifiziert|non qualifie|no calificado|descalificado|nao qualificado|desqualificado|niet gekwalificeerd|junk|spam|invalid|duplicate|dead|bad data|not interested|kein interesse|not converted",
        ),
        (
            Stage::Rejected,
            "reject*|refused|returned to marketing|abgelehnt|zuruckgewiesen|rejete|refuse|rechazado|rejeitado|recusado|afgewezen|geweigerd",
        ),
        (
            Stage::Recycled,
            "recycl*|nurtur*|bad timing|on hold|later|zuruckgestellt|wiedervorlage|a relancer|reciclado|nutrir|nutricao|pas maintenant|heropenen",
        ),
        (
            Stage::ClosedLost,
            "lost|closed lost|verloren|perdu|perdue|perdido|perdida|verlies|no decision|cancel*|storniert|abandon*|abgebrochen|annule",
        ),
        (
            Stage::ClosedWon,
            "won|closed won|customer|gewonnen|kunde|gagne|gagnee|client|ganado|ganada|ganho|ganha|cliente|klant|signed|unterschrieben|abgeschlossen",
        ),
        (
            Stage::Sql,
            "sql|sales qualified|qualified|qualifiziert|vertriebsqualifiziert|qualifie|calificado|qualificado|gekwalificeerd",
        ),
        (Stage::Mql, "mql|marketing qualified|marketing qualifiziert|assigned|sales ready|zugewiesen"),
        (
            Stage::Sal,
            "sal|sales accepted|accepted|akzeptiert|angenommen|accepte|aceptado|aceito|geaccepteerd|working|in progress|in bearbeitung|en cours|en progreso|em andamento|in behandeling|contacted|kontaktiert|contacte|contactado|contatado|gecontacteerd|attempt*|connected|meeting*",
        ),
        (
            Stage::Opportunity,
            "opportunity|converted|konvertiert|umgewandelt|converti|convertido|geconverteerd|proposal|quote|angebot|negotiat*|verhandlung|proposition|devis|negociation|propuesta|negociacion|proposta|negociacao|offerte|onderhandeling|demo|discovery|qualification|prospecting|evaluation|contract|presentation",
        ),
        (
            Stage::Inquiry,
            "new|open|inquiry|lead|subscriber|raw|neu|offen|anfrage|nouveau|nouvelle|ouvert|nuevo|nueva|abierto|novo|nova|aberto|nieuw|prospect|not contacted|uncontacted",
        ),
    ];
    if has(&words, "not contacted|nicht kontaktiert|non contacte|sin contactar|nao contatado|niet gecontacteerd") {
        return Some(Stage::Inquiry);
    }
    if has(&words, "marketing") && has(&words, "qualif*|qualified") {
        return Some(Stage::Mql);
    }
    let found = rules.iter().find(|(_, any)| has(&words, any)).map(|(stage, _)| *stage)?;
    if negated && !matches!(found, Stage::Disqualified | Stage::Rejected | Stage::ClosedLost) {
        return None;
    }
    // on an opportunity every open stage is one of ours
    let is_open = matches!(found, Stage::Inquiry | Stage::Mql | Stage::Sal | Stage::Sql);
    Some(if entity == Entity::Opportunity && is_open { Stage::Opportunity } else { found })
}

fn flag(value: &str) -> Option<&'static str> {
    if let Some(flag) = parse_flag(value) {
        return Some(if flag { "true" } else { "false" });
    }
    let words = fold::words(value);
    let no = "no|nein|non|nao|nee|n|not started|open|offen|deferred|in progress|planned|geplant|no answer|voicemail|busy|pending|not reached|nicht erreicht|lost|inactive|inaktiv";
    let yes = "yes|ja|oui|si|sim|y|x|done|completed|complete|erledigt|fait|hecho|feito|gedaan|connected|reached|erreicht|answered|won|active|aktiv|closed";
    match () {
        () if has(&words, no) => Some("false"),
        () if has(&words, yes) => Some("true"),
        () => None,
    }
}

fn activity_kind(value: &str) -> Option<&'static str> {
    let words = fold::words(value);
    let rules = [
        ("call", "call|calls|phone|anruf|telefonat|telefon|appel|llamada|ligacao|telefoongesprek|voicemail"),
        ("email", "email|e mail|mail|courriel|correo"),
        (
            "meeting",
            "meeting|demo|visit|termin|besprechung|besuch|reunion|rendez vous|reuniao|afspraak|vergadering|event|webinar",
        ),
        ("note", "note|notiz|nota|notitie|kommentar|comment"),
        ("task", "task|to do|todo|aufgabe|tache|tarea|tarefa|taak"),
    ];
    rules.iter().find(|(_, any)| has(&words, any)).map(|(kind, _)| *kind)
}

fn direction(value: &str) -> Option<&'static str> {
    let words = fold::words(value);
    match () {
        () if has(&words, "inbound|incoming|in|eingehend|entrant|entrante|inkomend|received") => Some("inbound"),
        () if has(&words, "outbound|outgoing|out|ausgehend|sortant|saliente|sainte|uitgaand|sent") => Some("outbound"),
        () => None,
    }
}
